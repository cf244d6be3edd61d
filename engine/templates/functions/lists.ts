import {EvaluationError} from '#engine/base/errors.ts';
import type {Value} from '#engine/values/value.ts';
import {deepEqual, identity} from '../deep.ts';
import {isTrue, type TemplateValue} from '../template-value.ts';
import {define, from, intArgument, listArgument, type TemplateFamily, type TemplateFunction} from './template-function.ts';
import {whole} from './to-number.ts';

const slice: TemplateFunction = define(
  'The elements from one place up to another, counted from 0.',
  '{{slice (list 1 2 3 4) 1 3}}',
  from(1),
  (list, start, end) => sliced(listArgument(list), start, end),
  {aliases: ['mustSlice']},
);

/** Sprig's functions on lists. None changes its argument. */
export const listFunctions: TemplateFamily = {
  title: 'Lists',
  functions: {
    list: define('A list of the arguments.', '{{list 1 "a" true}}', from(0), (...values) => values as Value[], {aliases: ['tuple']}),
    first: define('The first element.', '{{first (list 1 2)}}', 1, list => listArgument(list)[0] ?? null, {aliases: ['mustFirst']}),
    last: define('The last element.', '{{last (list 1 2)}}', 1, list => listArgument(list).at(-1) ?? null, {aliases: ['mustLast']}),
    rest: define('All but the first element.', '{{rest (list 1 2 3)}}', 1, list => listArgument(list).slice(1), {aliases: ['mustRest']}),
    initial: define('All but the last element.', '{{initial (list 1 2 3)}}', 1, list => listArgument(list).slice(0, -1), {
      aliases: ['mustInitial'],
    }),
    append: define(
      'The list with a further element.',
      '{{append (list 1 2) 3}}',
      2,
      (list, item) => [...listArgument(list), item ?? null],
      {
        aliases: ['push', 'mustAppend', 'mustPush'],
      },
    ),
    prepend: define(
      'The list with a further element before.',
      '{{prepend (list 1 2) 0}}',
      2,
      (list, item) => [item ?? null, ...listArgument(list)],
      {
        aliases: ['mustPrepend'],
      },
    ),
    concat: define('All lists in one.', '{{concat (list 1) (list 2 3)}}', from(0), (...lists) =>
      lists.flatMap(list => [...listArgument(list)]),
    ),
    reverse: define('The list from back to front.', '{{reverse (list 1 2 3)}}', 1, list => [...listArgument(list)].reverse(), {
      aliases: ['mustReverse'],
    }),
    uniq: define('The list without repetitions.', '{{uniq (list 1 2 1)}}', 1, list => uniq(listArgument(list)), {
      aliases: ['mustUniq'],
      isDeep: true,
    }),
    without: define(
      'The list without the values that follow.',
      '{{without (list 1 2 3) 2}}',
      from(1),
      (list, ...omitted) => {
        const out = new Set(omitted.map(value => identity(value ?? null)));
        return listArgument(list).filter(item => !out.has(identity(item)));
      },
      {aliases: ['mustWithout'], isDeep: true},
    ),
    has: define(
      'Whether a list has an element.',
      '{{has 2 (list 1 2)}}',
      2,
      (needle, list) => list !== null && listArgument(list).some(item => deepEqual(item, needle ?? null)),
      {aliases: ['mustHas'], isDeep: true},
    ),
    compact: define(
      'The list without what counts as false.',
      '{{compact (list 1 "" 0 "a")}}',
      1,
      list => listArgument(list).filter(isTrue),
      {
        aliases: ['mustCompact'],
      },
    ),
    slice,
    chunk: define(
      'Lists of so many elements each.',
      '{{chunk 2 (list 1 2 3)}}',
      2,
      (size, list) => chunks(intArgument(size), listArgument(list)),
      {
        aliases: ['mustChunk'],
      },
    ),
    until: define('The ints from 0 up to a number.', '{{until 3}}', 1, count => steps(0n, whole(count), whole(count) < 0n ? -1n : 1n)),
    untilStep: define('The ints from one up to another in steps.', '{{untilStep 3 9 2}}', 3, (start, stop, step) =>
      steps(whole(start), whole(stop), whole(step)),
    ),
    seq: define('Ints as a text: to a last one, from a first to a last, or with the step between.', '{{seq 0 2 6}}', [0, 3], (...bounds) =>
      sequence(bounds.map(whole)),
    ),
  },
};

/** Elements of the longest list that a function makes of numbers. */
const longest = 1_000_000n;

function sliced(list: readonly Value[], from?: TemplateValue, to?: TemplateValue): Value {
  const start = from === undefined ? 0 : Number(whole(from));
  const end = to === undefined ? list.length : Number(whole(to));
  if (start < 0 || end > list.length || start > end) throw new EvaluationError(`slice out of range: ${start} to ${end} of ${list.length}`);
  return list.slice(start, end);
}

function uniq(list: readonly Value[]): Value {
  const seen = new Set<string>();
  return list.filter(item => {
    const key = identity(item);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function chunks(size: number, list: readonly Value[]): Value {
  if (size < 1) throw new EvaluationError(`cannot make lists of ${size} elements`);
  const result: Value[] = [];
  for (let i = 0; i < list.length; i += size) result.push(list.slice(i, i + size));
  return result;
}

function steps(start: bigint, stop: bigint, step: bigint): bigint[] {
  if (step === 0n || stop < start !== step < 0n || stop === start) return [];
  const distance = stop - start;
  const count = (distance + step - (step < 0n ? -1n : 1n)) / step;
  if (count > longest) throw new EvaluationError(`a list of ${count} numbers, expected at most ${longest}`);
  return Array.from({length: Number(count)}, (_, i) => start + BigInt(i) * step);
}

function sequence(bounds: readonly bigint[]): string {
  if (bounds.length === 0) return '';
  const [first, last] = bounds.length === 1 ? [1n, bounds[0]!] : [bounds[0]!, bounds.at(-1)!];
  const direction = last < first ? -1n : 1n;
  const step = bounds.length === 3 ? bounds[1]! : direction;
  return steps(first, last + direction, step).join(' ');
}
