import {DedupTrigger, type TriggerTimes} from '#engine/operators/dedup-trigger.ts';
import type {Batch, Operator} from '#engine/operators/operator.ts';
import {type DedupNode, dedupColumn} from '#engine/planner/plan.ts';
import type {Row} from '#engine/values/value.ts';
import {untyped} from './code.ts';
import type {CompileParts} from './compile-rows.ts';
import {Emission} from './emission.ts';
import {RowSite} from './row-site.ts';

/** Rows held at most: each waits for its end, which the input alone decides. */
const capacity = 100_000;

/** The stage of `dedup_trigger` in front of `next`. */
export function compileDedup(node: DedupNode, next: Operator<Batch>, {facts, nodes, environment}: CompileParts): DedupTrigger {
  const emission = new Emission();
  const site = new RowSite(emission, facts);
  const members = (['start', 'end', 'now'] as const).map(name => `${name}: ${untyped(site.compile(node[name]), site)}`);
  const times = emission.build<(row: Row) => TriggerTimes>(
    ['return function times(row) {', site.declarations, ...site.lines, `return {${members.join(', ')}};`, '};']
      .filter(line => line !== '')
      .join('\n'),
  );
  return new DedupTrigger({
    times,
    names: {start: node.start.name, end: node.end.name, now: node.now.name},
    expireMs: node.expireMs,
    column: dedupColumn,
    capacity,
    clock: environment.clock,
    counters: nodes.counters(node)!,
    output: {emit: batch => next.push(batch), fail: error => environment.output.error(error)},
  });
}
