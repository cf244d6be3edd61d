import type {Plan, PlanNode} from './plan.ts';
import {branchNodes} from './plan-tree.ts';
import {nodesOf} from './plan-walk.ts';

/**
 * The operators that status, topology and metrics show for a plan, upstream first and without numbers: `filter`, `window`, `project`.
 *
 * Filters of single sources of a join come first, streams before tables. As in eKuiper an aggregate query without grouping columns has no `aggregate` node, and neither has one whose aggregates stand only in
 * HAVING or ORDER BY.
 */
export function operatorNames(plan: Plan): readonly string[] {
  const filters = branchNodes(plan).filter(node => node.kind === 'filter');
  return [...filters.map(() => 'filter'), ...nodesOf(plan).flatMap(nameOf).reverse()];
}

function nameOf(node: PlanNode): readonly string[] {
  switch (node.kind) {
    case 'source':
    case 'merge':
      return [];
    case 'join':
      return node.tables.length > 0 ? ['join', 'join_aligner'] : ['join'];
    case 'filter':
      return [node.clause === 'filter' ? 'windowFilter' : 'filter'];
    case 'window':
      return node.filter === undefined ? ['window'] : ['window', 'windowFilter'];
    case 'aggregate':
      return node.groupBy.length > 0 ? ['aggregate'] : [];
    case 'dedup':
      return ['dedup_trigger'];
    case 'project':
      return node.expands === undefined ? ['project'] : ['projectset', 'project'];
    default:
      return [node.kind];
  }
}

/** How a source of the rule runs, as far as names depend on it. */
export interface SourceShape {
  readonly stream: string;
  /** Declared SHARED: its nodes carry the stream's name, and the rule's own numbers go on after them. */
  readonly shared: boolean;
  /** Steps that follow the source, in order: `decoder`, `preprocessor`; none when it gives rows (memory, simulator). */
  readonly steps: readonly string[];
}

/** Names with eKuiper's numbers: one count over the rule, sources first, each followed by its own steps. */
export function nodeNames(
  plan: Plan,
  sources: readonly SourceShape[],
): {readonly sources: readonly {readonly source: string; readonly steps: readonly string[]}[]; readonly operators: readonly string[]} {
  let count = 0;
  const named = sources.map(({stream, shared, steps}) => {
    count++;
    const prefix = shared ? `op_${stream}_` : 'op_';
    return {source: `source_${stream}`, steps: steps.map(step => `${prefix}${++count}_${step}`)};
  });
  return {sources: named, operators: operatorNames(plan).map(name => `op_${++count}_${name}`)};
}
