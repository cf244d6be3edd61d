import {toText} from '#engine/values/text.ts';
import type {Row, Value} from '#engine/values/value.ts';
import {aggregate, literal, param} from '../define.ts';
import type {AggregateFunction} from '../function.ts';

interface Distinct {
  /** The first row of each key, in the order of arrival. */
  readonly rows: Map<string, Row>;
  last: string | undefined;
  /** Whether the last row was the first of its key. */
  lastIsFirst: boolean;
}

export const deduplicate: AggregateFunction = aggregate<Distinct>({
  name: 'deduplicate',
  summary: 'The rows of a window without those whose key occurred before.',
  params: [
    param('key', 'any', 'What makes rows the same; keys are compared by their text.'),
    literal(param('all', 'boolean', 'Whether to give an array of all such rows, or only the last row, null when its key occurred before.')),
  ],
  examples: [
    ['deduplicate(x, true)', [{x: 53n}, {x: 27n}], {x: [53n, 27n, 53n]}],
    ['deduplicate(x, false)', {x: 123123n}, {x: [53n, 27n, 123123n]}],
    ['deduplicate(x, false)', null, {x: [53n, 27n, 53n]}],
  ],
  usesRow: true,
  initial: () => ({rows: new Map(), last: undefined, lastIsFirst: false}),
  add: (state, pair) => {
    const [key, row] = pair as readonly [Value, Row];
    const text = toText(key, '<nil>');
    state.last = text;
    state.lastIsFirst = !state.rows.has(text);
    if (state.lastIsFirst) state.rows.set(text, row);
    return state;
  },
  merge: (earlier, later) => {
    const rows = new Map(earlier.rows);
    for (const [key, row] of later.rows) if (!rows.has(key)) rows.set(key, row);
    if (later.last === undefined) return {rows, last: earlier.last, lastIsFirst: earlier.lastIsFirst};
    return {rows, last: later.last, lastIsFirst: later.lastIsFirst && !earlier.rows.has(later.last)};
  },
  result: ({rows, last, lastIsFirst}, [all]) => {
    if (all === true) return [...rows.values()];
    return lastIsFirst && last !== undefined ? rows.get(last)! : null;
  },
});
