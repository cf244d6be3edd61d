import {collect, collectPresent} from '#engine/functions/aggregate/collections.ts';
import type {AggregateFunction} from '#engine/functions/function.ts';
import {findFunction} from '#engine/functions/registry.ts';
import type {Expression} from '#engine/language/ast/expression.ts';
import type {SelectStatement} from '#engine/language/ast/statement.ts';
import {children} from '#engine/language/ast/walk.ts';
import {float, string} from '#engine/values/data-type.ts';
import type {BoundExpression} from '../bound-expression.ts';
import type {PlanOptions} from '../plan.ts';

const capable: ReadonlySet<string> = new Set(['avg', 'count', 'max', 'min', 'sum', 'merge_agg', 'collect', 'last_value']);

/**
 * Whether the rule option `enableIncrementalWindow` changes the results of a statement: a time window, or a count window of
 * one argument, over a single stream, with aggregates of the eight kinds alone. What it changes here is what a user can rely on: `sum` and
 * `avg` are floats, `collect` leaves nulls out, columns outside aggregates are those of the last row, windows without rows give nothing,
 * and count windows work in event time. Every window accumulates anyway.
 */
export function isIncremental(statement: SelectStatement, options: PlanOptions): boolean {
  const {window, joins, fields, having} = statement;
  if (options.enableIncrementalWindow !== true || window === undefined || joins.length > 0) return false;
  const isOfKind =
    window.windowKind === 'count' ? window.arguments.length === 1 : ['tumbling', 'hopping', 'sliding'].includes(window.windowKind);
  if (!isOfKind) return false;
  const selected = fields.flatMap(field => aggregatesIn(field.expression));
  const all = having === undefined ? selected : [...selected, ...aggregatesIn(having)];
  return selected.length > 0 && all.every(name => capable.has(name));
}

/** The form of an aggregate in an incremental window. */
export function inIncremental(definition: AggregateFunction): AggregateFunction {
  return definition === collect ? collectPresent : definition;
}

/** The argument of `sum` and `avg` in an incremental window: text counts as the number it writes. */
export function asFloat(argument: BoundExpression): BoundExpression {
  const cast = findFunction('cast');
  if (argument.type.kind === 'float' || cast?.kind !== 'scalar') return argument;
  const target: BoundExpression = {kind: 'literal', value: 'float', type: string, span: argument.span};
  return {kind: 'call', definition: cast, arguments: [argument, target], type: float, span: argument.span};
}

function aggregatesIn(node: Expression): readonly string[] {
  const inner = children(node).flatMap(aggregatesIn);
  if (node.kind !== 'call') return inner;
  const definition = findFunction(node.name);
  return definition?.kind === 'aggregate' ? [definition.name, ...inner] : inner;
}
