import fc from 'fast-check';
import {expect, it} from 'vitest';
import {EvaluationError} from '#engine/base/errors.ts';
import {compileTemplate} from '#engine/templates/compile-template.ts';
import {templateFunctions} from '#engine/templates/functions/registry.ts';
import {TemplateError} from '#engine/templates/template-error.ts';
import type {Value} from '#engine/values/value.ts';

const data: Value = {
  a: 1,
  i: 5n,
  s: 'text é🙂',
  t: true,
  n: null,
  xs: [1, 2n, 'x', null, {k: [1]}],
  o: {x: 1, y: {z: 'deep'}},
  e: [],
  b: new Uint8Array([1, 2]),
};

function attempt(template: string): void {
  try {
    expect(typeof compileTemplate(template).render(data)).toBe('string');
  } catch (thrown) {
    if (!(thrown instanceof TemplateError) && !(thrown instanceof EvaluationError)) throw thrown;
  }
}

const words = fc.constantFrom(
  ...['if', 'else', 'end', 'range', 'with', 'define', 'template', 'block', 'break', 'continue', 'and', 'or', 'nil', 'true'],
  ...templateFunctions.keys(),
  ...['.', '.a', '.i', '.s', '.t', '.n', '.xs', '.o', '.o.y.z', '.e', '.b', '.missing.x', '$', '$x', '$i, $e :=', '$x :=', '$x ='],
  ...[
    '|',
    '(',
    ')',
    ',',
    '0',
    '-1',
    '3',
    '1.5',
    '1e300',
    '"s"',
    '`r`',
    "'c'",
    '"%d %5.2f %q %v %x"',
    '"row"',
    '{{',
    '}}',
    '-',
    '/*',
    '*/',
    ' ',
  ],
);

it('ends with text or an error of its kind, whatever the words of an action are', () => {
  const action = fc.array(words, {maxLength: 8}).map(list => `{{${list.join(' ')}}}`);
  const template = fc.array(fc.oneof(action, fc.constantFrom('text', '{{end}}', '{{else}}', '\n')), {maxLength: 8});
  fc.assert(
    fc.property(template, parts => attempt(parts.join(''))),
    {numRuns: 3000},
  );
});

it('ends with text or an error of its kind, whatever is given to a function', () => {
  const operand = fc.constantFrom(
    '.',
    '.a',
    '.i',
    '.s',
    '.t',
    '.n',
    '.xs',
    '.o',
    '.e',
    '.b',
    '.missing',
    '0',
    '-1',
    '3',
    '1.5',
    '1e300',
    '"s"',
    '"%s"',
    '"k"',
  );
  fc.assert(
    fc.property(fc.constantFrom(...templateFunctions.keys()), fc.array(operand, {maxLength: 4}), (name, operands) =>
      attempt(`{{${name} ${operands.join(' ')}}}`),
    ),
    {numRuns: 5000},
  );
});

it('ends with text or an error of its kind, whatever the bytes are', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom('{', '}', '{{', '}}', '-', ' ', '.', '"', '`', '\\', '$', 'a', '(', ')', '|', '/*', '*/', '\n', '0', 'é'),
        maxLength: 40,
      }),
      attempt,
    ),
    {numRuns: 3000},
  );
});
