import {any, arrayOf, struct} from '#engine/values/data-type.ts';
import {isRow} from '#engine/values/type-name.ts';
import type {Row, Value} from '#engine/values/value.ts';
import {aggregate, literal, param, typeOfArgument} from '../define.ts';
import type {AggregateFunction} from '../function.ts';

interface Collected {
  readonly values: Value[];
}

export const collect: AggregateFunction = aggregate<Collected>({
  name: 'collect',
  summary: 'All values in the order of arrival, nulls included; of `*`, the rows.',
  params: [param('x', 'any', 'The values, or `*`.')],
  examples: [
    ['collect(x)', [122.33, 177.51], {x: [122.33, 177.51]}],
    ['collect(x)', [1n, null], {x: [1n, null]}],
  ],
  returns: ([type]) => arrayOf(type ?? any),
  showsEmpty: true,
  initial: () => ({values: []}),
  add: (state, value) => {
    state.values.push(value);
    return state;
  },
  remove: state => {
    state.values.shift();
    return state;
  },
  merge: (earlier, later) => ({values: [...earlier.values, ...later.values]}),
  result: state => state.values.slice(),
});

/** `collect` of an incremental window: nulls are left out; null of none. */
export const collectPresent: AggregateFunction = {
  ...collect,
  showsEmpty: false,
  add: (state, value, options) => (value === null ? state : collect.add(state, value, options)),
  remove: (state, value, options) => (value === null ? state : collect.remove!(state, value, options)),
  result: (state, options) => ((state as unknown as Collected).values.length === 0 ? null : collect.result(state, options)),
};

interface LastValue {
  value: Value;
  /** How many values could have been the last. */
  count: number;
}

export const last_value: AggregateFunction = aggregate<LastValue>({
  name: 'last_value',
  summary: 'The value that arrived last; null of none.',
  params: [param('x', 'any', 'The values.'), literal(param('ignoreNull', 'boolean', 'Whether nulls are passed over.'))],
  examples: [
    ['last_value(x, true)', 3.14, {x: [100.0, 3.14, null]}],
    ['last_value(x, false)', null, {x: [100.0, 3.14, null]}],
  ],
  returns: typeOfArgument(0),
  initial: () => ({value: null, count: 0}),
  add: (state, value, [ignoreNull]) => {
    if (value === null && ignoreNull === true) return state;
    state.value = value;
    state.count++;
    return state;
  },
  remove: (state, value, [ignoreNull]) => {
    if (value === null && ignoreNull === true) return state;
    if (--state.count === 0) state.value = null;
    return state;
  },
  isBounded: true,
  merge: (earlier, later) => ({value: later.count > 0 ? later.value : earlier.value, count: earlier.count + later.count}),
  result: state => state.value,
});

interface Merged {
  /** Null until an object came. */
  members: Map<string, Value> | null;
}

export const merge_agg: AggregateFunction = aggregate<Merged>({
  name: 'merge_agg',
  summary: 'One object with the members of all; of two of the same name the later wins. Other values are passed over; null of none.',
  params: [param('x', 'any', 'The objects, or `*` for the rows.')],
  examples: [
    ['merge_agg(x)', {a: 3n, b: 2n}, {x: [{a: 1n, b: 2n}, {a: 3n}]}],
    ['merge_agg(x)', null, {x: [1n, 'a']}],
  ],
  returns: struct(),
  initial: () => ({members: null}),
  add: (state, value) => {
    if (!isRow(value)) return state;
    state.members ??= new Map();
    for (const name of Object.keys(value)) state.members.set(name, value[name]!);
    return state;
  },
  // By the names of members, not by rows.
  isBounded: true,
  merge: (earlier, later) => {
    if (earlier.members === null || later.members === null) return {members: earlier.members ?? later.members};
    return {members: new Map([...earlier.members, ...later.members])};
  },
  // Object.fromEntries makes own members of any name.
  result: state => (state.members === null ? null : (Object.fromEntries(state.members) as Row)),
});
