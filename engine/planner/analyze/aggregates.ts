import type {AggregateFunction} from '#engine/functions/function.ts';
import {pairWithRow} from '#engine/functions/pair-with-row.ts';
import type {FunctionCall} from '#engine/language/ast/expression.ts';
import {struct} from '#engine/values/data-type.ts';
import type {Value} from '#engine/values/value.ts';
import type {BoundAggregate, BoundExpression} from '../bound-expression.ts';
import type {Binder} from './binder.ts';
import {asFloat, inIncremental} from './incremental.ts';
import type {Clause, Site} from './site.ts';
import {nullLiteral} from './types.ts';

const placesOfAggregates: ReadonlySet<Clause> = new Set(['SELECT', 'WHERE', 'HAVING', 'ORDER BY']);

/** Binds the call of an aggregate whose arguments are bound: checks its place and gives the slot of its result. */
export function bindAggregate(
  call: FunctionCall,
  definition: AggregateFunction,
  values: readonly BoundExpression[],
  literals: readonly (Value | undefined)[],
  site: Site,
  binder: Binder,
): BoundExpression {
  const {span} = call;
  const mayStand = site.aggregate === undefined && placesOfAggregates.has(site.clause);
  if (!mayStand) {
    binder.refuseAggregate(`${definition.name}()`, span, site);
    return nullLiteral(span);
  }
  const [first, ...rest] = values;
  if (call.distinct && (first === undefined || first.kind === 'star')) {
    return binder.wrong(`${definition.name}(DISTINCT …) needs a column or expression`, span);
  }
  const open = rest.findIndex((_, i) => literals[i + 1] === undefined);
  if (open !== -1) {
    const name = definition.params[open + 1]?.name ?? `${open + 2}`;
    return binder.wrong(`parameter "${name}" of ${definition.name}() must be a constant`, rest[open]!.span);
  }
  const floats = binder.isIncremental && (definition.name === 'sum' || definition.name === 'avg') && site.clause !== 'WHERE';
  const argument = floats && first !== undefined ? asFloat(first) : first;
  const isCountOfRows = definition.name === 'count' && first?.kind === 'star';
  const aggregate: BoundAggregate = {
    definition: binder.isIncremental && site.clause !== 'WHERE' ? inIncremental(definition) : definition,
    argument: isCountOfRows ? undefined : definition.usesRow && argument !== undefined ? withRow(argument) : argument,
    options: literals.slice(1) as Value[],
    distinct: call.distinct,
    filter: call.filter && binder.bind(call.filter, {...site, aggregate: definition.name}),
    type: definition.returns(
      values.map((value, i) => (i === 0 && argument !== undefined ? argument.type : value.type)),
      literals,
    ),
    span,
  };
  return binder.aggregateSlot(aggregate, site);
}

function withRow(argument: BoundExpression): BoundExpression {
  const {span} = argument;
  const row: BoundExpression = {kind: 'star', stream: undefined, except: [], type: struct(), span};
  return {kind: 'call', definition: pairWithRow, arguments: [argument, row], type: pairWithRow.returns([]), span};
}
