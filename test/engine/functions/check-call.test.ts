import {describe, expect, it} from 'vitest';
import {checkCall} from '#engine/functions/check-call.ts';
import {findFunction, functionNames} from '#engine/functions/registry.ts';
import type {Value} from '#engine/values/value.ts';

const column = undefined;

describe('checkCall', () => {
  const cases: readonly [name: string, literals: readonly (Value | undefined)[], complaint: string | undefined][] = [
    ['abs', [column], undefined],
    ['abs', [-3n], undefined],
    ['abs', ['-3'], 'Expect number - float or int type for parameter 1'],
    ['abs', [null], undefined],
    ['abs', [], 'Expect 1 arguments but found 0.'],
    ['abs', [column, column], 'Expect 1 arguments but found 2.'],
    ['pi', [2n], 'Expect 0 arguments but found 1.'],
    ['log', [2n, 3n, 4n], 'Expect 1 or 2 arguments but found 3.'],
    ['round', [column, '2'], 'Expect number - float or int type for parameter 2'],
    ['lpad', [column, 1.5], 'Expect int type for parameter 2'],
    ['md5', [5n], 'Expect string type for parameter 1'],
    ['length', [12.5], undefined],
    ['concat', [], 'The arguments should be at least one.'],
    ['concat', [column, 'a', 'b', 'c'], undefined],
    ['coalesce', [], 'The arguments should be at least one.'],
    ['last_value', [column, true], undefined],
    ['last_value', [column], 'Expect 2 arguments but found 1.'],
    ['last_value', [column, column], 'Expect a constant for parameter 2'],
    ['last_value', [column, 1n], 'Expect bool type for parameter 2'],
    ['cast', [column, 'decimal'], 'Expect one of following value for the 2nd parameter: bigint, float, string, boolean, datetime, bytea.'],
    ['cast', [column, column], undefined],
    ['substring', [column, -1n], 'The start index should not be a negative integer.'],
    ['substring', [column, 3n, 1n], 'The end index should be larger than start index.'],
    ['format', [column, -1n], 'the decimal places must greater or equal than 0'],
    ['mqtt', [['topic']], undefined],
    ['mqtt', [['payload']], 'Parameter of mqtt function can be only topic or messageid.'],
    ['format_time', [column, 'yyyy'], undefined],
    ['format_time', [true, 'yyyy'], 'Expect datetime type for parameter 1'],
    ['sum', ['x'], 'Expect number - float or int type for parameter 1'],
  ];
  it.each(cases)('%s with %o', (name, literals, complaint) => expect(checkCall(findFunction(name)!, literals)).toBe(complaint));
});

it('finds functions by name and alias in any case', () => {
  expect(findFunction('CEILING')).toBe(findFunction('ceil'));
  expect(findFunction('Pow')?.name).toBe('power');
  expect(findFunction('constructor')).toBeUndefined();
  expect([...functionNames()]).toContain('ceiling');
});
