import type {ColumnsFunction, ScalarFunction, TableFunction, TriggerFunction} from '#engine/functions/function.ts';
import {findFunction} from '#engine/functions/registry.ts';
import type {Expression, FunctionCall} from '#engine/language/ast/expression.ts';
import type {Span} from '#engine/language/ast/span.ts';
import type {SelectField} from '#engine/language/ast/statement.ts';
import {any, struct} from '#engine/values/data-type.ts';
import type {BoundColumn, BoundExpression} from '../bound-expression.ts';
import {type DedupNode, dedupColumn, type ProjectedField, type ProjectNode} from '../plan.ts';
import type {Binder} from './binder.ts';
import {bindArguments, checkSuffixes} from './calls.ts';
import {nullLiteral} from './types.ts';

/** What fields of a statement do besides giving a value. */
export interface FieldEffects {
  expands?: ProjectNode['expands'];
  dedup?: (Omit<DedupNode, 'kind' | 'input'> & {readonly span: Span}) | undefined;
}

/**
 * Binds a field that is a call of a function that makes rows (unnest), makes columns (changed_cols) or holds rows back (dedup_trigger);
 * undefined for any other field. Such a call stands alone, and at most one makes rows.
 */
export function bindFieldCall(
  {expression: call, alias, span, invisible}: SelectField,
  position: number,
  name: string,
  binder: Binder,
  effects: FieldEffects,
): ProjectedField | undefined {
  const definition = call.kind === 'call' ? findFunction(call.name) : undefined;
  if (call.kind !== 'call' || (definition?.kind !== 'table' && definition?.kind !== 'columns' && definition?.kind !== 'trigger'))
    return undefined;
  const isAliased = alias !== undefined;
  const wrong: ProjectedField = {kind: 'expression', name, expression: nullLiteral(span), isAliased, invisible: true};
  if (!checkSuffixes(call, definition, binder)) return wrong;
  if (invisible) {
    binder.problems.mistake(`"${definition.name}" makes part of the result and cannot be INVISIBLE`, span);
    return wrong;
  }
  const field = (expression: BoundExpression | undefined, spread?: boolean): ProjectedField =>
    expression === undefined ? wrong : {kind: 'expression', name, expression, isAliased, invisible: false, ...(spread && {spread})};
  switch (definition.kind) {
    case 'table':
      if (effects.expands !== undefined) binder.problems.mistake('only one field can make several rows', call.span);
      effects.expands = {field: name, function: definition.name};
      return field(bindTableCall(call, definition, position, binder));
    case 'columns':
      return field(bindColumnsCall(call, definition, position, binder), alias === undefined);
    case 'trigger':
      if (effects.dedup !== undefined) binder.problems.mistake(`only one field can be "${definition.name}"`, call.span);
      effects.dedup = bindTrigger(call, definition, position, binder);
      return field(effects.dedup && {kind: 'column', stream: effects.dedup.now.stream, name: dedupColumn, type: any, span});
  }
}

/** The call gives the list of elements; what becomes of them is the projection's business. */
function bindTableCall(call: FunctionCall, definition: TableFunction, field: number, binder: Binder): BoundExpression | undefined {
  const bound = bindArguments(call, definition, {clause: 'SELECT', field}, binder);
  if (bound === undefined) return undefined;
  const asScalar: ScalarFunction = {...definition, kind: 'scalar', pure: false, usesScope: false, call: scalarCall(definition)};
  return {kind: 'call', definition: asScalar, arguments: bound.values, type: any, span: call.span};
}

/** One object per function, so that all rules share the code that calls it. */
const scalarCalls = new WeakMap<TableFunction, ScalarFunction['call']>();

function scalarCall(definition: TableFunction): ScalarFunction['call'] {
  let call = scalarCalls.get(definition);
  if (call === undefined) scalarCalls.set(definition, (call = definition.call as ScalarFunction['call']));
  return call;
}

function bindColumnsCall(call: FunctionCall, definition: ColumnsFunction, field: number, binder: Binder): BoundExpression | undefined {
  const bound = bindArguments(call, definition, {clause: 'SELECT', field}, binder);
  if (bound === undefined) return undefined;
  const leading = definition.params.length - 1;
  return {
    kind: 'columns-call',
    definition,
    arguments: bound.values.slice(0, leading),
    watched: bound.values.slice(leading).map((expression, i) => ({name: nameOf(call.arguments[leading + i]!, binder), expression})),
    type: struct(),
    span: call.span,
  };
}

/** What a watched value is called: its column, alias or function; other expressions have no name. */
function nameOf(node: Expression, binder: Binder): string {
  if (node.kind === 'column') return node.name;
  if (node.kind === 'call') return node.name.toLowerCase();
  const isQualified =
    node.kind === 'member' &&
    node.operator === '.' &&
    node.target.kind === 'column' &&
    binder.columns.source(node.target.name) !== undefined;
  return isQualified ? node.name : '';
}

function bindTrigger(call: FunctionCall, definition: TriggerFunction, field: number, binder: Binder): FieldEffects['dedup'] {
  const bound = bindArguments(call, definition, {clause: 'SELECT', field}, binder);
  if (bound === undefined) return undefined;
  const [start, end, now] = bound.values.map(columnOf);
  const expire = bound.literals[3];
  if (start === undefined || end === undefined || now === undefined || typeof expire !== 'bigint') {
    const hint = 'Write dedup_trigger(startColumn, endColumn, nowColumn, 3600000).';
    binder.problems.mistake(`"${definition.name}" takes three columns and a number of ms`, call.span, hint);
    return undefined;
  }
  return {start, end, now, expireMs: Number(expire), span: call.span};
}

function columnOf(node: BoundExpression): BoundColumn | undefined {
  return node.kind === 'column' ? node : undefined;
}
