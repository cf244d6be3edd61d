import {any, arrayOf} from '#engine/values/data-type.ts';
import type {Value} from '#engine/values/value.ts';
import {param, scalar} from './define.ts';

/** What an aggregate with `usesRow` is given: no function of the language, the planner puts it around the argument. */
export const pairWithRow = scalar({
  name: 'pair_with_row',
  summary: 'A value and its row.',
  params: [param('value', 'any', 'The value.'), param('row', 'object', 'The row.')],
  examples: [],
  nullRule: 'seen',
  returns: arrayOf(any),
  call: (value: Value, row: Value) => [value, row],
});
