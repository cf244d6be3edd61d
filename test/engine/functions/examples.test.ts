import {describe, expect, it} from 'vitest';
import {checkCall} from '#engine/functions/check-call.ts';
import type {Example, FunctionDefinition} from '#engine/functions/function.ts';
import {functionFamilies} from '#engine/functions/registry.ts';
import {parseExpression} from '#engine/language/parse.ts';
import type {Row, Value} from '#engine/values/value.ts';
import {interpret, scopeOfExamples} from '#test/support/interpreter.ts';

const functions = functionFamilies.flatMap(family => family.functions);

describe.each(functions.map(one => [one.name, one] as const))('%s', (_, definition) => {
  it.each(definition.examples.map((example): [Example[0], Example] => [example[0], example]))('%s', (text, [, expected, row = {}]) => {
    const result = interpret(parseExpression(text), {rows: rowsOf(definition, row), scope: scopeOfExamples});
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

/** For aggregates, a column of an example is the list of its values in a window. */
function rowsOf(definition: FunctionDefinition, row: Readonly<Record<string, unknown>>): readonly Row[] {
  if (definition.kind !== 'aggregate') return [row as Row];
  const columns = Object.entries(row) as [string, Value[]][];
  return columns[0]![1].map((_, i) => Object.fromEntries(columns.map(([name, values]) => [name, values[i]!])));
}
