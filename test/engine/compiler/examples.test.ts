import {describe, expect, it} from 'vitest';
import type {Example} from '#engine/functions/function.ts';
import {functionFamilies} from '#engine/functions/registry.ts';
import type {Row} from '#engine/values/value.ts';
import {CompiledRule} from '#test/support/compiled-rule.ts';
import {scopeOfExamples} from '#test/support/interpreter.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

const examples = functionFamilies
  .flatMap(family => family.functions)
  .filter(one => one.kind === 'scalar')
  .flatMap(one => one.examples);

/** Columns of a schema that holds the row; undefined when one of its values has no type of its own. */
function schemaOf(row: Readonly<Record<string, unknown>>): string | undefined {
  const columns: string[] = [];
  for (const [name, value] of Object.entries(row)) {
    const type = {bigint: 'bigint', number: 'float', string: 'string', boolean: 'boolean'}[typeof value as string];
    if (type === undefined) return undefined;
    columns.push(`${name} ${type}`);
  }
  return columns.length === 0 ? undefined : `(${columns.join(', ')})`;
}

/** In a typed column an int is a number while it is safe. */
function typedRow(row: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value])) as Row;
}

function resultOf([text, , row = {}]: Example, columns: string | undefined): unknown {
  const rule = new CompiledRule(`SELECT ${text} AS r FROM demo`, {
    clock: new VirtualClock(scopeOfExamples.now()),
    ...(columns !== undefined && {columns}),
  });
  rule.pushWith(scopeOfExamples.metadata, columns === undefined ? row : typedRow(row));
  const [result] = rule.take();
  return typeof result === 'object' && result !== null && 'r' in result ? (result.r ?? null) : typeof result === 'string' ? result : null;
}

/** As JSON would show it: an int of a static type is a number. */
function shown(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(shown);
  return value;
}

function expectResult(result: unknown, expected: unknown): void {
  if (typeof expected === 'number') expect(result).toBeCloseTo(expected, 9);
  else expect(shown(result)).toEqual(shown(expected));
}

describe('examples of functions in a compiled rule', () => {
  it.each(examples.map(example => [example[0], example] as const))('%s', (_, example) => {
    expectResult(resultOf(example, undefined), example[1]);
    const columns = schemaOf(example[2] ?? {});
    if (columns !== undefined) expectResult(resultOf(example, columns), example[1]);
  });
});
