import {EvaluationError} from '#engine/base/errors.ts';
import {boolean, struct} from '#engine/values/data-type.ts';
import {defineMember} from '#engine/values/member.ts';
import {sameValue} from '#engine/values/same-value.ts';
import {describe} from '#engine/values/type-name.ts';
import type {Row, Value} from '#engine/values/value.ts';
import {analytic, columns, param, repeated, typeOfArgument} from '../define.ts';

const ignoreNull = param('ignoreNull', 'boolean', 'Whether nulls are passed over: they are then no change, and not remembered.');

function isTrue(value: Value | undefined): boolean {
  if (typeof value === 'boolean') return value;
  throw new EvaluationError(`expect a boolean for ignoreNull but got ${describe(value ?? null)}`);
}

export const changed_col = analytic<{value: Value}>({
  name: 'changed_col',
  summary: 'The value of `x` where it differs from the one before, else null.',
  params: [ignoreNull, param('x', 'any', 'The values.')],
  examples: [
    ['changed_col(true, x)', ['bar', null, 'baz'], {x: ['bar', 'bar', 'baz']}],
    ['changed_col(true, x)', [1n, null, null, 2n], {x: [1n, null, 1n, 2n]}],
  ],
  nullRule: 'seen',
  returns: typeOfArgument(1),
  initial: () => ({value: null}),
  step: (state, values, updated) => {
    const passesNull = isTrue(values[0]);
    const x = values[1]!;
    if (!updated || !isChange(x, state.value, passesNull)) return {state, value: null};
    state.value = x;
    return {state, value: x};
  },
});

interface Seen {
  /** By position of the argument. */
  readonly values: Value[];
  /** What stars stand for, and what `changed_cols` watches, by name. */
  readonly columns: Map<string, Value>;
}

/** Whether a value differs from the one remembered; not one that is passed over. */
function isChange(value: Value, remembered: Value | undefined, passesNull: boolean): boolean {
  return !(passesNull && value === null) && !sameValue(remembered ?? null, value);
}

export const had_changed = analytic<Seen>({
  name: 'had_changed',
  summary: 'Whether one of the values differs from the one before it; `*` stands for all columns of the row.',
  params: [ignoreNull, repeated(param('x', 'any', 'The values, or `*`.'))],
  examples: [
    ['had_changed(true, x, y)', [true, true, false], {x: ['a', 'b', 'b'], y: [1n, 1n, 1n]}],
    ['had_changed(true, x)', [true, false, false, true], {x: [1n, null, 1n, 2n]}],
    ['had_changed(false, x)', [true, true, true], {x: [1n, null, 1n]}],
  ],
  nullRule: 'seen',
  returns: boolean,
  check: values => (values.length < 2 ? `expect more than one arg but got ${values.length}` : undefined),
  initial: () => ({values: [], columns: new Map()}),
  step: (state, values, updated, stars) => {
    const passesNull = isTrue(values[0]);
    let changed = false;
    for (let i = 1; updated && i < values.length; i++) {
      if (stars?.includes(i)) changed = watchColumns(state.columns, values[i] as Row, passesNull) || changed;
      else if (isChange(values[i]!, state.values[i], passesNull)) {
        state.values[i] = values[i]!;
        changed = true;
      }
    }
    return {state, value: changed};
  },
});

/** Names come with the rows: what watches all of them must not fill the memory with names that never come again. */
const mostColumns = 10_000;

function remember(columns: Map<string, Value>, name: string, value: Value): void {
  if (columns.size >= mostColumns && !columns.has(name)) throw new EvaluationError(`more than ${mostColumns} columns are watched`);
  columns.set(name, value);
}

/** Remembers the columns of a row; whether one of them changed. */
function watchColumns(columns: Map<string, Value>, row: Row, passesNull: boolean): boolean {
  let changed = false;
  for (const [name, value] of Object.entries(row)) {
    if (!isChange(value, columns.get(name), passesNull)) continue;
    remember(columns, name, value);
    changed = true;
  }
  return changed;
}

export const changed_cols = columns<Seen>({
  name: 'changed_cols',
  summary: 'A column for each watched value that differs from the one this field gave last, called as the value with `prefix` before it.',
  params: [
    param('prefix', 'string', 'What the names of the columns begin with; may be empty.'),
    ignoreNull,
    repeated(param('x', 'any', 'The values, or `*` for all columns of the row.')),
  ],
  examples: [
    ["changed_cols('new_', true, x, y)", [{new_x: 1n, new_y: 2n}, {}, {new_y: 3n}], {x: [1n, 1n, 1n], y: [2n, 2n, 3n]}],
    ["changed_cols('', false, x)", [{x: 1n}, {x: null}], {x: [1n, null]}],
  ],
  nullRule: 'seen',
  returns: struct(),
  check: values => (values.length < 3 ? `expect more than two args but got ${values.length}` : undefined),
  initial: () => ({values: [], columns: new Map()}),
  step: ({columns: seen}, [prefix, ignores], names, values) => {
    if (typeof prefix !== 'string') throw new EvaluationError(`expect a string for prefix but got ${describe(prefix ?? null)}`);
    const passesNull = isTrue(ignores);
    const changed: Row = {};
    for (let i = 0; i < values.length; i++) {
      const [name, value] = [names[i]!, values[i]!];
      if (!isChange(value, seen.get(name), passesNull)) continue;
      remember(seen, name, value);
      defineMember(changed, prefix + name, value);
    }
    return changed;
  },
});
