import {describe, expect, it} from 'vitest';
import {checkCall} from '#engine/functions/check-call.ts';
import type {Example, FunctionDefinition} from '#engine/functions/function.ts';
import {functionFamilies} from '#engine/functions/registry.ts';
import {parseExpression} from '#engine/language/parse.ts';
import type {Row, Value} from '#engine/values/value.ts';
import {CompiledRule} from '#test/support/compiled-rule.ts';
import {interpret, scopeOfExamples} from '#test/support/interpreter.ts';

const functions = functionFamilies.flatMap(family => family.functions);

describe.each(functions.map(one => [one.name, one] as const))('%s', (_, definition) => {
  it.each(definition.examples.map((example): [Example[0], Example] => [example[0], example]))('%s', (text, [, expected, row = {}]) => {
    const result = runsInRules.has(definition.kind)
      ? ruleResult(definition, text, row)
      : interpret(parseExpression(text), {rows: rowsOf(definition, row), scope: scopeOfExamples});
    // toBeCloseTo for floats alone: sums of binary fractions print more digits than an example wants.
    if (typeof expected === 'number' && typeof result === 'number') expect(result).toBeCloseTo(expected, 9);
    else expect(result).toEqual(expected);
  });

  it('describes itself and its parameters in sentences', () => {
    expect(definition.summary).toMatch(/^[A-Z`].*\.$/);
    for (const parameter of definition.params) expect(parameter.summary).toMatch(/^[A-Z0-9`−].*\.$/);
    expect(definition.examples.length).toBeGreaterThan(0);
  });

  it('accepts the arguments of its examples', () => {
    for (const [text] of definition.examples) {
      const call = parseExpression(text);
      if (call.kind !== 'call' || call.name !== definition.name) continue;
      const literals = call.arguments.map((argument): Value | undefined => (argument.kind === 'string' ? argument.value : undefined));
      const missing = definition.params.findIndex((parameter, i) => parameter.literal && literals[i] === undefined);
      if (missing === -1) expect(checkCall(definition, literals)).toBeUndefined();
    }
  });
});

it('gives every function a name and aliases of its own, in lower case', () => {
  const names = functions.flatMap(one => [one.name, ...one.aliases]);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter(name => name !== name.toLowerCase())).toEqual([]);
});

/** Kinds of functions that mean something only within a rule. */
const runsInRules: ReadonlySet<FunctionDefinition['kind']> = new Set(['analytic', 'columns', 'table', 'trigger', 'window']);

/** What a rule makes of an example: of functions that see row after row, the list of their values; of those that make rows, the rows. */
function ruleResult({kind, name}: FunctionDefinition, text: string, row: Readonly<Record<string, unknown>>): unknown {
  const [first] = Object.values(row);
  const isSeries = kind === 'analytic' || kind === 'columns';
  const rows = isSeries ? (first as unknown[]).map((_, i) => nthRow(row, i)) : [row];
  const rule = new CompiledRule(`SELECT ${text} ${isSeries && kind === 'columns' ? '' : 'AS result'} FROM demo`);
  for (const one of rows) rule.push(one);
  const results = rule.take().map(one => {
    if (kind === 'columns') return one;
    const {result = null, ...others} = one as Record<string, Value>;
    return Object.keys(others).length > 0 ? others : typeof result === 'number' && intFunctions.has(name) ? BigInt(result) : result;
  });
  return isSeries || kind === 'table' ? results : results[0];
}

/** Functions whose results are ints, which a typed slot holds as numbers. */
const intFunctions: ReadonlySet<string> = new Set(functions.filter(one => one.returns([]).kind === 'int').map(one => one.name));

function nthRow(row: Readonly<Record<string, unknown>>, i: number): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).map(([name, values]) => [name, (values as unknown[])[i]]));
}

/** For aggregates, a column of an example is the list of its values in a window. */
function rowsOf(definition: FunctionDefinition, row: Readonly<Record<string, unknown>>): readonly Row[] {
  if (definition.kind !== 'aggregate') return [row as Row];
  const columns = Object.entries(row) as [string, Value[]][];
  return columns[0]![1].map((_, i) => Object.fromEntries(columns.map(([name, values]) => [name, values[i]!])));
}
