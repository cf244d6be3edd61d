import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {ArrokothError} from '#engine/base/errors.ts';
import {compileTemplate} from '#engine/templates/compile-template.ts';
import {templateFamilies} from '#engine/templates/functions/registry.ts';
import {TemplateError} from '#engine/templates/template-error.ts';
import type {Value} from '#engine/values/value.ts';

interface Golden {
  readonly template: string;
  readonly data: string;
  readonly output?: string;
  readonly error?: boolean;
  readonly invalid?: boolean;
}

/** Made by test/support/go-templates with Go's own text/template. */
const {data, cases} = JSON.parse(readFileSync(new URL('golden.json', import.meta.url), 'utf8')) as {
  data: Record<string, unknown>;
  cases: Golden[];
};

describe('a template renders as Go renders it', () => {
  it.each(cases.map(one => [one.template, one] as const))('%s', (_, {template, data: name, output, invalid}) => {
    if (invalid) {
      expect(() => compileTemplate(template)).toThrow(TemplateError);
      return;
    }
    const render = () => compileTemplate(template).render(withInts(data[name]));
    // What can never work is refused before any data comes.
    if (output === undefined) expect(render).toThrow(ArrokothError);
    else expect(render()).toBe(output);
  });
});

it('shows in the reference only examples that Go renders likewise', () => {
  const rendered = new Set(cases.filter(one => one.output !== undefined).map(one => one.template));
  const examples = templateFamilies.flatMap(({functions}) => Object.values(functions).map(one => one.example));
  // Of the functions that Go does not have, and the one that always fails.
  expect(examples.filter(example => !rendered.has(example))).toEqual(['', '{{prop "site"}}']);
});

/** `{"$int": "5"}` is an int; other numbers are floats. */
function withInts(value: unknown): Value {
  if (Array.isArray(value)) return value.map(withInts);
  if (typeof value !== 'object' || value === null) return value as Value;
  if ('$int' in value) return BigInt(value['$int'] as string);
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withInts(member)]));
}
