import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import type {Guard} from '#engine/planner/plan.ts';
import {GuardIndex} from '#engine/runtime/guard-index.ts';
import type {Row} from '#engine/values/value.ts';

function found(guards: readonly Guard[], row: Row): number[] {
  const index = new GuardIndex<number>();
  for (const [i, guard] of guards.entries()) index.add(guard, i);
  const hits: number[] = [];
  index.visit(row, i => hits.push(i));
  return hits.sort((a, b) => a - b);
}

const guard = (operator: Guard['operator'], constant: Guard['constant'], column = 'a'): Guard => ({column, operator, constant});

describe('GuardIndex', () => {
  const cases: readonly {name: string; guards: readonly Guard[]; row: Row; expected: readonly number[]}[] = [
    {
      name: 'passes the ranges a number lies in',
      guards: [guard('>', 5), guard('>=', 7), guard('<', 7), guard('<=', 7)],
      row: {a: 7},
      expected: [0, 1, 3],
    },
    {name: 'tells > from >= on the bound', guards: [guard('>', 5), guard('>=', 5)], row: {a: 5}, expected: [1]},
    {name: 'finds equal strings', guards: [guard('=', 'x'), guard('=', 'y')], row: {a: 'x'}, expected: [0]},
    {name: 'passes nothing for null', guards: [guard('=', 'x'), guard('>', 5)], row: {a: null}, expected: []},
    {name: 'passes nothing for a missing column', guards: [guard('>', 5)], row: {b: 9}, expected: []},
    {
      name: 'passes what would be an error of types',
      guards: [guard('=', 'x'), guard('>', 5), guard('=', true)],
      row: {a: 'y'},
      expected: [1, 2],
    },
    {
      name: 'passes everything for a bigint, which may round',
      guards: [guard('>', 2 ** 53), guard('=', 'x')],
      row: {a: 2n ** 53n + 1n},
      expected: [0, 1],
    },
    {name: 'passes string ranges on', guards: [guard('<', 'm')], row: {a: 'z'}, expected: [0]},
    {name: 'does not take a method of objects for a column', guards: [guard('=', 'x', 'constructor')], row: {a: 1}, expected: []},
    {
      name: 'reads a column that is named like a method',
      guards: [guard('=', 'x', 'constructor')],
      row: JSON.parse('{"constructor":"x"}') as Row,
      expected: [0],
    },
  ];
  for (const {name, guards, row, expected} of cases) it(name, () => expect(found(guards, row)).toEqual(expected));

  it('finds exactly the numeric guards that hold, after any additions and removals', () => {
    const guards = fc.array(fc.record({operator: fc.constantFrom('=', '<', '<=', '>', '>='), constant: fc.integer({min: -20, max: 20})}), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(guards, fc.integer({min: -21, max: 21}), fc.func(fc.boolean()), (list, value, isKept) => {
        const index = new GuardIndex<number>();
        const all = list.map(({operator, constant}) => guard(operator as Guard['operator'], constant));
        for (const [i, one] of all.entries()) index.add(one, i);
        const kept = all.map((_, i) => isKept(i));
        for (const [i, one] of all.entries()) if (!kept[i]) index.remove(one, i);
        const hits: number[] = [];
        index.visit({a: value}, i => hits.push(i));
        const holds = (one: Guard) => {
          const bound = one.constant as number;
          return {'=': value === bound, '<': value < bound, '<=': value <= bound, '>': value > bound, '>=': value >= bound}[one.operator];
        };
        expect(hits.sort((a, b) => a - b)).toEqual([...all.keys()].filter(i => kept[i] && holds(all[i]!)));
      }),
    );
  });
});
