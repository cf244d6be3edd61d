import {EvaluationError} from '#engine/base/errors.ts';
import {any} from '#engine/values/data-type.ts';
import {describe, isRow} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';
import {family, literal, param, table, trigger} from '../define.ts';

const unnest = table({
  name: 'unnest',
  summary: 'A row for each element of the array: members of an object become columns, other values stand under the name of the field.',
  params: [param('x', 'array', 'The elements; none is an error.')],
  examples: [
    ['unnest(x)', [1n, 2n], {x: [1n, 2n]}],
    ['unnest(x)', [{a: 1n}, 'b'], {x: [{a: 1n}, 'b']}],
  ],
  returns: any,
  call: (value: Value) => {
    if (Array.isArray(value)) return value;
    throw new EvaluationError(`the argument for the unnest function should be array but got ${describe(value)}`);
  },
});

const extract = table({
  name: 'extract',
  summary: 'The members of the object as columns of the row.',
  params: [param('x', 'object', 'The object; an empty one is an error.')],
  examples: [['extract(x)', [{a: 1n}], {x: {a: 1n}}]],
  returns: any,
  call: (value: Value) => {
    if (isRow(value) && !Array.isArray(value)) return [value];
    throw new EvaluationError(`extract should use map but got ${describe(value)}`);
  },
});

const dedup_trigger = trigger({
  name: 'dedup_trigger',
  summary:
    'Holds the row until the time `end`, then adds the parts of the slot from `start` to `end` that no row told before, as `[{"start_key": "…", "end_key": "…"}, …]`.',
  params: [
    param('start', 'any', 'The column with the start of the slot, in ms.'),
    param('end', 'any', 'The column with its end, above the start.'),
    param('now', 'any', 'The column with the time of the row.'),
    literal(param('expire', 'int', 'How long before `now` slots are remembered, in ms.')),
  ],
  examples: [['dedup_trigger(s, e, n, 10000)', [{start_key: '1000', end_key: '2000'}], {s: 1000n, e: 2000n, n: 2000n}]],
  nullRule: 'seen',
  returns: any,
});

export const tableFunctions = family('Functions that make rows', [unnest, extract, dedup_trigger]);
