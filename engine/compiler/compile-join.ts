import {Join, type JoinStep} from '#engine/operators/join.ts';
import {LookupJoin} from '#engine/operators/lookup-join.ts';
import type {Output, WindowBatch} from '#engine/operators/operator.ts';
import {ScanTable} from '#engine/operators/scan-table.ts';
import {SetJoin} from '#engine/operators/set-join.ts';
import type {JoinNode, SourceNode, JoinStep as StepNode} from '#engine/planner/plan.ts';
import type {CompileParts} from './compile-rows.ts';
import {compileJoinCondition, compileLookupCondition} from './join-code.ts';
import {NodeMetrics} from './pipeline.ts';

/** The join of a rule: the operator, and the rows of its scan tables by their place. */
export interface CompiledJoin {
  readonly join: Join;
  readonly tables: ReadonlyMap<number, ScanTable>;
}

export function compileJoin(node: JoinNode, {facts, nodes, environment}: CompileParts, output: Output<WindowBatch>): CompiledJoin {
  const {plan} = facts;
  const positions = facts.positions!;
  const tables = new Map<number, ScanTable>();
  for (const source of plan.sources) {
    if (source.sourceKind !== 'table' || source.isLookup) continue;
    tables.set(positions.get(source.id)!, new ScanTable({size: source.retainSize, counters: nodes.aligner() ?? new NodeMetrics()}));
  }
  const scope = facts.scope();
  const join = new Join({
    from: positions.get(node.from)!,
    steps: node.steps.map((step): JoinStep => compileStep(step, plan.sources[positions.get(step.source)!]!)),
    table: position => tables.get(position)?.content,
    enter: end => {
      scope.timestamp = end;
    },
    counters: nodes.counters(node)!,
    output,
  });
  return {join, tables};

  function compileStep(step: StepNode, {stream, columns}: SourceNode): JoinStep {
    const position = positions.get(step.source)!;
    if (step.kind !== 'lookup') return new SetJoin({type: step.type, position, ...compileJoinCondition(step, facts)}, step.kind === 'scan');
    const {keys, values, rest} = compileLookupCondition(step, facts);
    if (environment.lookup === undefined) throw new Error('a pipeline with a lookup table needs a way to ask it');
    const find = environment.lookup(stream, columns === 'all' ? undefined : columns, keys);
    return new LookupJoin({keepsLeft: step.type === 'left', position, values, rest, find});
  }
}
