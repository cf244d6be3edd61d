import type {SelectField} from '#engine/language/ast/statement.ts';
import {any, type DataType} from '#engine/values/data-type.ts';
import type {ProjectedField} from '../plan.ts';
import type {Binder} from './binder.ts';
import {bindFieldCall, type FieldEffects} from './field-calls.ts';
import type {ResolvedSource} from './sources.ts';

/** The fields of SELECT, and what those of them that are more than a value ask for. */
export interface BoundFields extends FieldEffects {
  readonly fields: readonly ProjectedField[];
}

/** What each field of the select list computes, and under which name. */
export function bindFields(fields: readonly SelectField[], binder: Binder): BoundFields {
  let unnamed = 0;
  const effects: FieldEffects = {};
  const takenAt = new Set<string>();
  const bound: ProjectedField[] = [];
  for (const [position, field] of fields.entries()) {
    if (field.expression.kind === 'wildcard') {
      const star = bindStar(field, position, binder);
      if (star !== undefined) bound.push(star);
      continue;
    }
    const name = nameOf(field, binder) ?? `kuiper_field_${unnamed++}`;
    if (!field.invisible) {
      if (takenAt.has(name)) binder.problems.mistake(`duplicate field "${name}"`, field.span, 'Rename one of the fields with AS.');
      takenAt.add(name);
    }
    const special = bindFieldCall(field, position, name, binder, effects);
    if (special !== undefined) {
      bound.push(special);
      continue;
    }
    const alias = field.alias === undefined ? undefined : binder.aliasSlot(field.alias, field.expression.span);
    const expression = alias ?? binder.bind(field.expression, {clause: 'SELECT', field: position});
    bound.push({kind: 'expression', name, expression, isAliased: field.alias !== undefined, invisible: field.invisible});
  }
  return {fields: bound, ...effects};
}

/** Name of a field in the output: alias, column, or function of a call that stands alone; other expressions have none. */
function nameOf({alias, expression}: SelectField, binder: Binder): string | undefined {
  if (alias !== undefined) return alias;
  if (expression.kind === 'column') return expression.name;
  if (expression.kind === 'call') return expression.name.toLowerCase();
  const isQualified =
    expression.kind === 'member' &&
    expression.operator === '.' &&
    expression.target.kind === 'column' &&
    binder.columns.source(expression.target.name) !== undefined;
  return isQualified ? expression.name : undefined;
}

function bindStar({expression, span, invisible}: SelectField, field: number, binder: Binder): ProjectedField | undefined {
  if (expression.kind !== 'wildcard') return undefined;
  const source = expression.stream === undefined ? undefined : binder.columns.source(expression.stream);
  if (expression.stream !== undefined && source === undefined) {
    binder.problems.mistake(`"${expression.stream}" is not a stream of this statement`, span);
    return undefined;
  }
  if (invisible) return undefined;
  const replace = expression.replace.map(item => ({
    name: item.alias,
    expression: binder.bind(item.expression, {clause: 'SELECT', field, isPart: true}),
  }));
  return {kind: 'star', stream: source?.id, except: expression.except, replace};
}

/** Columns of the output in SELECT order; a star contributes the declared columns of its sources. */
export function outputColumns(
  fields: readonly ProjectedField[],
  sources: readonly ResolvedSource[],
): {readonly columns: readonly {readonly name: string; readonly type: DataType}[]; readonly open: boolean} {
  const columns = new Map<string, DataType>();
  let open = false;
  for (const field of fields) {
    if (field.kind === 'expression') {
      if (field.spread) open = true;
      else if (!field.invisible) columns.set(field.name, field.expression.type);
      continue;
    }
    for (const {id, schema} of sources) {
      if (field.stream !== undefined && field.stream !== id) continue;
      open ||= schema.open;
      for (const {name, type} of schema.columns) {
        // Of equal names in a join, rows decide: a star gives its values in the untyped form there.
        if (!field.except.includes(name) && !columns.has(name)) columns.set(name, sources.length > 1 ? any : type);
      }
    }
    for (const {name, expression} of field.replace) columns.set(name, expression.type);
  }
  return {columns: [...columns].map(([name, type]) => ({name, type})), open};
}
