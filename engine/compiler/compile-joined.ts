import {Filter} from '#engine/operators/filter.ts';
import type {Batch, Operator} from '#engine/operators/operator.ts';
import {TupleInput} from '#engine/operators/tuple-input.ts';
import type {FilterNode, PlanNode, SourceNode} from '#engine/planner/plan.ts';
import {branchNodes} from '#engine/planner/plan-tree.ts';
import {analyticStage} from './compile-analytic.ts';
import type {CompileParts} from './compile-rows.ts';
import {compileWatermark} from './compile-watermark.ts';
import {compileWindow} from './compile-window.ts';
import {compileFilterLoop} from './filter-loop.ts';
import type {Pipeline, PipelineInput} from './pipeline.ts';
import {conditionLabel} from './row-loop.ts';
import {RulePipeline} from './rule-pipeline.ts';

interface Entry {
  push(batch: Batch): void;
}

/**
 * A rule of several sources:
 *
 *     stream → [watermark] → [analytic functions] → tuples → [filter] ─┐
 *     stream → [watermark] → [analytic functions] → tuples → [filter] ─┴→ window → join → …
 *     scan table ─────────────────────────────────→ tuples → [filter] ─────────────┘
 *
 * A lookup table has no rows of its own; the join asks it.
 */
export function compileJoined(parts: CompileParts): Pipeline {
  const {clauses, facts, nodes} = parts;
  const {sources} = facts.plan;
  const {stages, window, tables} = compileWindow(clauses.window, parts);
  const branchStages: Operator<never>[] = [];
  const entries = sources.map((source, position): Entry => {
    const target = tables.get(position) ?? stages[0];
    return branch(source, position, target, branchStages, parts);
  });
  const streams = sources.flatMap((source, i) => (source.sourceKind === 'stream' ? [{source, head: entries[i]!}] : []));
  const watermark = clauses.watermark && compileWatermark(streams, window, parts);
  const inputs = sources.map((source, i): PipelineInput => {
    const {stream, id, isLookup, sourceKind} = source;
    if (isLookup) return {stream, push() {}};
    const entry = entries[i]!;
    if (watermark === undefined || sourceKind === 'table') return {stream, entry: nodes.entry(id), push: batch => entry.push(batch)};
    const input = streams.findIndex(one => one.source === source);
    return {stream, entry: nodes.entry(id), push: batch => watermark.push({input, batch})};
  });
  const state = [...(watermark === undefined ? [] : [watermark]), ...branchStages, ...tables.values(), ...stages, facts.memory];
  return new RulePipeline(inputs, state, nodes.operators);
}

/** What the rows of one source pass before `target`; operators are added to `stages`. */
function branch(source: SourceNode, position: number, target: Entry, stages: Operator<never>[], parts: CompileParts): Entry {
  const {clauses, facts, nodes, environment} = parts;
  const {plan} = facts;
  const {id, usesMetadata} = source;
  let next = target;
  const filter = branchNodes(plan).find((node): node is FilterNode => node.kind === 'filter' && reads(node, id));
  if (filter !== undefined) {
    const after = next;
    const operator = new Filter({
      run: compileFilterLoop(filter.condition, facts),
      label: conditionLabel,
      counters: nodes.counters(filter)!,
      output: {emit: batch => after.push(batch), fail: error => environment.output.error(error)},
    });
    stages.push(operator);
    next = operator;
  }
  next = new TupleInput({source: id, position, width: plan.sources.length, usesMetadata, output: next});
  const analytics = clauses.analytic?.analytics.filter(one => one.source === id) ?? [];
  if (analytics.length > 0) {
    // Functions see the rows of their source, which are no tuples yet.
    const plain = {...parts, facts: {...facts, positions: undefined}};
    const operator = analyticStage({...clauses.analytic!, analytics}, next, plain);
    stages.push(operator);
    next = operator;
  }
  return next;
}

function reads(node: PlanNode, id: string): boolean {
  if (node.kind === 'merge') return false;
  return node.kind === 'source' ? node.id === id : reads(node.input, id);
}
