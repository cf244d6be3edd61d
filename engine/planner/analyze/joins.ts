import type {SelectStatement} from '#engine/language/ast/statement.ts';
import type {BoundExpression} from '../bound-expression.ts';
import {lookupCondition} from '../join-condition.ts';
import type {PlanOptions} from '../plan.ts';
import type {Problems} from '../problems.ts';
import type {Binder} from './binder.ts';
import {checkTimestamps} from './event-time.ts';
import type {ResolvedSource} from './sources.ts';
import {warnOfCondition} from './warnings.ts';

/** One JOIN of a statement. */
export interface AnalyzedJoin {
  readonly type: SelectStatement['joins'][number]['type'];
  readonly source: ResolvedSource;
  readonly on: BoundExpression | undefined;
}

/** What the sources of a statement cannot do together, or do without effect. */
export function checkSourceKinds(
  statement: SelectStatement,
  sources: readonly ResolvedSource[],
  options: PlanOptions,
  problems: Problems,
): void {
  const {window, joins, from} = statement;
  const streams = sources.filter(source => source.kind === 'stream');
  if (streams.length === 0) {
    if (window !== undefined) problems.mistake('a window needs a stream: a table alone cannot be read with one', window.span);
    else problems.warning('a statement without a stream gives no result: rows of a table trigger nothing', from.span);
  }
  if (streams.length > 1 && window === undefined) {
    const hint = 'Add one, for example GROUP BY TUMBLINGWINDOW(ss, 10).';
    problems.mistake('a time window or count window is required to join multiple streams', joins[0]!.span, hint);
  }
  if (joins.length > 0 && sources[0]!.isLookup) {
    const hint = 'Begin with the stream: FROM stream INNER JOIN table ON ….';
    problems.mistake(`lookup table "${sources[0]!.stream}" cannot stand in FROM: it is asked for each row of a stream`, from.span, hint);
  }
  if (joins.length > 0 && options.sendMetaToSink && window === undefined) {
    problems.mistake(
      'the rule option "sendMetaToSink" does not work with a join',
      joins[0]!.span,
      'Joined rows come from several messages.',
    );
  }
  checkTimestamps(sources, options, problems);
}

/** Gives each ON its meaning and checks that lookup tables can be asked. */
export function bindJoins(statement: SelectStatement, sources: readonly ResolvedSource[], binder: Binder): readonly AnalyzedJoin[] {
  return statement.joins.map(({type, on: written, span}, i) => {
    const source = sources[i + 1]!;
    const on = written && binder.bind(written, {clause: 'ON'});
    if (on !== undefined) warnOfCondition('ON', on, binder.problems);
    if (source.isLookup) {
      if (lookupCondition(on, source.id, binder.aliases).keys.length === 0) {
        binder.problems.mistake(
          `the join with lookup table "${source.stream}" needs at least one equi-join predicate`,
          written?.span ?? span,
          `Compare one of its columns: ON stream.column = ${source.alias ?? source.stream}.column.`,
        );
      }
      if (type !== 'inner' && type !== 'left') {
        binder.problems.warning(`a ${type.toUpperCase()} JOIN with a lookup table gives what an INNER JOIN gives`, span);
      }
    }
    return {type, source, on};
  });
}
