import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {jsonPathQuery} from '#engine/values/json-path.ts';
import type {Value} from '#engine/values/value.ts';

const store: Value = {
  name: 'fan',
  'odd key': 1,
  n: 2n,
  nothing: null,
  rings: [
    {id: 'a', weight: 0.1, tags: ['x']},
    {id: 'b', weight: 2.4, tags: []},
    {id: 'c', weight: 5n, off: true},
  ],
  deep: {id: 'd', inner: {id: 'e'}},
};

describe('a path finds', () => {
  const cases: readonly [path: string, found: Value][] = [
    ['$', store],
    [' $.name ', 'fan'],
    ['$["odd key"]', 1],
    ["$['name']", 'fan'],
    ['$["\\u006eame"]', 'fan'],
    ['$.nothing', null],
    ['$.rings[0].id', 'a'],
    ['$.rings[-1].id', 'c'],
    ['$.rings.1.id', 'b'],
    ['$.rings[*].id', ['a', 'b', 'c']],
    ['$.rings[*].off', [true]],
    ['$.rings[0:2].id', ['a', 'b']],
    ['$.rings[1:].id', ['b', 'c']],
    ['$.rings[:-1].id', ['a', 'b']],
    ['$.rings[::2].id', ['a', 'c']],
    ['$.rings[::-1].id', ['c', 'b', 'a']],
    ['$.rings[5:9]', []],
    ['$.rings[0, 2].id', ['a', 'c']],
    ['$["name", "missing", "n"]', ['fan', 2n]],
    ['$.deep.*', ['d', {id: 'e'}]],
    ['$..id', ['a', 'b', 'c', 'd', 'e']],
    ['$.deep..id', ['d', 'e']],
    ['$..["id"]', ['a', 'b', 'c', 'd', 'e']],
    ['$..tags[0]', ['x']],
    ['$.name[*]', []],
    ['$.rings[? @.weight > 1].id', ['b', 'c']],
    ['$.rings[?(@.weight>=2.4)].id', ['b', 'c']],
    ['$.rings[? @.weight == 5].id', ['c']],
    ['$.rings[? @.id != "a" && @.weight < 3].id', ['b']],
    ["$.rings[? @.id == 'a' || @.id == 'c'].id", ['a', 'c']],
    ['$.rings[? @.off].id', ['c']],
    ['$.rings[? !@.off].id', ['a', 'b']],
    ['$.rings[? @.missing != 1].id', []],
    ['$.rings[? @.weight == $.n].id', []],
    ['$.rings[? @.weight > $.n].id', ['b', 'c']],
    ['$.rings[? @.id > "a" && (@.weight > 4 || @.weight < 1)].id', ['c']],
    ['$.rings[? @.tags == null].id', []],
    ['$.rings[? @.id < 5].id', []],
    ['$.rings[*].tags[*]', ['x']],
  ];
  it.each(cases)('%s', (path, found) => expect(jsonPathQuery(path)(store)).toEqual(found));

  const errors: readonly [path: string, message: string][] = [
    ['$.missing', 'unknown key missing'],
    ['$.constructor', 'unknown key constructor'],
    ['$.__proto__', 'unknown key __proto__'],
    ['$.rings[3]', 'index 3 out of bounds: 3 elements'],
    ['$.name.length', 'could not select key length of string(fan)'],
    ['$.rings.length', 'could not select key length'],
    ['', 'expected "$" at the end'],
    ['name', 'expected "$" before "name" (character 1)'],
    ['$.', 'expected a name at the end'],
    ['$.rings[', 'expected a name in quotes'],
    ['$.rings[0', 'expected "]" at the end'],
    ['$.rings[::0]', 'expected a step other than 0'],
    ['$.rings[? @.id ==]', 'expected "@"'],
    ['$.rings[? constructor("x")]', 'expected "@"'],
    ['$ + 1', 'expected "." or "["'],
    [`$[? ${'('.repeat(100)}`, 'conditions nest at most 50 deep'],
    [`$[? ${'!'.repeat(100)}@]`, 'conditions nest at most 50 deep'],
    [`$${'[?@'.repeat(100)}`, 'conditions nest at most 50 deep'],
  ];
  it.each(errors)('nothing by %s and says why', (path, message) => expect(() => jsonPathQuery(path)(store)).toThrow(message));
});

it('stops a path that multiplies what it finds', () => {
  let nested: Value = 1;
  for (let i = 0; i < 300; i++) nested = [nested];
  expect(() => jsonPathQuery('$..*..*..*..*')(nested)).toThrow('touches at most 1000000 values');
});

it('walks data that is nested deeper than the call stack', () => {
  let nested: Value = 1;
  for (let i = 0; i < 100_000; i++) nested = [nested];
  expect((jsonPathQuery('$..[0]')(nested) as Value[]).length).toBe(100_000);
});

it('ends with a value or an EvaluationError, whatever the path', () => {
  const piece = fc.constantFrom(
    '$',
    '@',
    '.',
    '..',
    '[',
    ']',
    '*',
    '?',
    '(',
    ')',
    ':',
    ',',
    '-1',
    '0',
    '"a"',
    "'",
    '==',
    '<',
    '&&',
    '!',
    ' ',
    'a',
    '\\',
  );
  fc.assert(
    fc.property(fc.array(piece, {maxLength: 12}), fc.jsonValue(), (pieces, data) => {
      try {
        expect(jsonPathQuery(`$${pieces.join('')}`)(data as Value)).not.toBeUndefined();
      } catch (thrown) {
        expect((thrown as Error).name).toBe('EvaluationError');
      }
    }),
    {numRuns: 3000},
  );
});
