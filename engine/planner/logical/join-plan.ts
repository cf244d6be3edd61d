import type {AnalyzedStatement} from '../analyze/statement.ts';
import type {BoundExpression} from '../bound-expression.ts';
import {some} from '../bound-walk.ts';
import {allOf, conjunctsOf} from '../join-condition.ts';
import type {JoinNode, JoinStep, MergeNode, PlanNode, SourceNode} from '../plan.ts';
import {referencedSources} from '../referenced-sources.ts';

/** FROM and JOIN of a statement, and what remains of WHERE above them. */
export interface PlannedJoins {
  /** The streams, below the window. */
  readonly merge: MergeNode;
  /** The join, its input to be put in. */
  readonly join: Omit<JoinNode, 'input'>;
  readonly where: BoundExpression | undefined;
}

/**
 * Takes WHERE apart as eKuiper does: a condition that reads one stream goes to that stream, also below an outer join, where it drops rows
 * before they are joined; where the only join is INNER what remains becomes part of ON. A condition of a table stays above the join.
 *
 * `reachesStreams`: nothing between the join and the streams holds WHERE back, as a count window does, and a scan table beside any window.
 */
export function planJoins(statement: AnalyzedStatement, sources: readonly SourceNode[], reachesStreams: boolean): PlannedJoins {
  const {joins, aliases, whereAggregates} = statement;
  const steps = joins.map(
    ({type, source, on}): JoinStep => ({
      type,
      source: source.id,
      kind: source.kind === 'stream' ? 'stream' : source.isLookup ? 'lookup' : 'scan',
      on,
    }),
  );
  const [first] = steps;
  const isSingleInner = steps.length === 1 && first!.type === 'inner' && first!.kind !== 'lookup' && whereAggregates.length === 0;
  const filters = new Map<string, BoundExpression[]>();
  const owner = (condition: BoundExpression): string | undefined => {
    const {ids, isOpen} = referencedSources(condition, aliases);
    const [id] = ids;
    if (isOpen || ids.size !== 1 || some(condition, part => part.kind === 'column' && part.isUnqualified === true)) return undefined;
    const source = sources.find(candidate => candidate.id === id)!;
    return source.sourceKind === 'stream' && reachesStreams ? id : undefined;
  };
  /** Gives conditions to their sources; those that stay. */
  const remaining = (condition: BoundExpression | undefined): readonly BoundExpression[] =>
    conjunctsOf(condition).filter(one => {
      const id = owner(one);
      if (id !== undefined) filters.set(id, [...(filters.get(id) ?? []), one]);
      return id === undefined;
    });
  const where = remaining(statement.where);
  if (isSingleInner) steps[0] = {...first!, on: allOf([...remaining(first!.on), ...where])};
  const branch = (source: SourceNode): PlanNode => {
    const condition = allOf(filters.get(source.id) ?? []);
    return condition === undefined ? source : {kind: 'filter', clause: 'where', input: source, condition};
  };
  return {
    merge: {kind: 'merge', inputs: sources.filter(({sourceKind}) => sourceKind === 'stream').map(branch)},
    join: {
      kind: 'join',
      from: sources[0]!.id,
      steps,
      tables: sources.filter(({sourceKind, isLookup}) => sourceKind === 'table' && !isLookup).map(branch),
    },
    where: isSingleInner ? undefined : allOf(where),
  };
}
