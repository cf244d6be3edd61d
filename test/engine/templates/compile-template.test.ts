import {describe, expect, it, vi} from 'vitest';
import {EvaluationError} from '#engine/base/errors.ts';
import {compileTemplate} from '#engine/templates/compile-template.ts';
import {TemplateError} from '#engine/templates/template-error.ts';
import type {Value} from '#engine/values/value.ts';

function render(template: string, data: Value): string {
  return compileTemplate(template).render(data);
}

describe('a template that cannot be read says where and what was expected', () => {
  const cases: readonly [template: string, line: number, column: number, message: RegExp][] = [
    ['{"a": {{.a}', 1, 11, /found "}", expected .* or "}}"/],
    ['{"a": {{.a', 1, 7, /never|not closed, expected "}}"/],
    ['{{if .a}}\n{{.b}}', 1, 1, /never closed, expected \{\{end}}/],
    ['a\n  {{end}}', 2, 3, /without anything to end/],
    ['{{.a}}\n{{uper .b}}', 2, 3, /function "uper" does not exist/],
    ['{{temp}}', 1, 3, /a column is written \.temp/],
    ['{{$x}}', 1, 3, /variable "\$x" is not declared/],
    ['{{.a | .b}}', 1, 8, /only a function can take the value of a pipeline/],
    ['{{(.a}}', 1, 6, /"\)" was expected/],
    ['{{upper .a .b}}', 1, 3, /"upper" takes 1 arguments, found 2/],
    ['{{range .xs}}{{else}}{{else}}{{end}}', 1, 22, /second \{\{else}}/],
    ['{{break}}', 1, 1, /outside \{\{range}}/],
    ['{{/* note }}', 1, 1, /comment is not closed/],
    ['{{"abc}}', 1, 3, /quoted text is not closed/],
    ['{{.a ? .b}}', 1, 6, /found "\?"/],
    ['{{template "row" .}}', 1, 1, /template "row" is not defined/],
    ['{{.a-1}}', 1, 5, /expected a space/],
    ['{{}}', 1, 3, /expected/],
    ['{{.a}}\n  {{env "HOME"}}', 2, 5, /function "env" is refused in templates: it reaches outside/],
    ['{{.a | expandenv}}', 1, 8, /"expandenv" is refused/],
    ['{{getHostByName "localhost"}}', 1, 3, /"getHostByName" is refused/],
    ['{{bcrypt .a}}', 1, 3, /"bcrypt" is refused in templates: it is made to be slow/],
    ['{{genPrivateKey "rsa"}}', 1, 3, /"genPrivateKey" is refused/],
    ['{{block "b"}}{{end}}', 1, 12, /ends where a value was expected/],
    ['{{if .a}}'.repeat(1000), 1, 1801, /more than 200 actions/],
    ['{{.a}}'.repeat(50_000), 1, 1, /expected at most 262144/],
    [`{{${'('.repeat(1000)}.a${')'.repeat(1000)}}}`, 1, 203, /more than 200 parentheses/],
  ];
  it.each(cases.map(one => [one[0].slice(0, 60), one] as const))('%s', (_, [template, line, column, message]) => {
    let error: unknown;
    try {
      compileTemplate(template);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(TemplateError);
    expect(error).toMatchObject({line, column, message: expect.stringMatching(message)});
  });

  it('marks the place', () => {
    expect(() => compileTemplate('{{.a}}\nx {{uper .b}} y')).toThrow('(line 2, column 5)\n  x {{uper .b}} y\n      ^^^^');
  });
});

describe('a template that fails on the data throws an EvaluationError', () => {
  const cases: readonly [template: string, data: Value, message: string][] = [
    ['{{.id}}', [{id: 1}], 'cannot read field "id" of []interface {}'],
    ['{{.id}} {{.a.b}}', {id: 1, a: 3}, 'cannot read field "b" of float64'],
    ['{{if gt .temp 30}}high{{end}}', {temp: 31}, 'gt: incompatible types for comparison: float64 and int64 (write 30.0 for a float)'],
    ['{{index .xs 3}}', {xs: [1]}, 'index: index out of range: 3 of 1'],
    ['{{upper .temp}}', {temp: 31}, 'upper: expected string, found float64'],
    ['{{div 1 0}}', {}, 'div: divided by zero'],
    ['{{fail "no reading"}}', {}, 'fail: no reading'],
    ['{{regexFind "(" .s}}', {s: 'a'}, 'is no regular expression'],
    ['{{call .s}}', {s: 'a'}, 'call: expected a function, found string'],
    ['{{dateModify "1h" .s}}', {s: 'a'}, 'dateModify: expected a time, found string'],
    ['{{$d := dict "a" 1}}{{$_ := set $d "self" $d}}{{$d}}', {}, 'cannot be rendered'],
    ['{{merge . .}}{{toJson (list . .)}}{{$_ := set . "x" .}}{{toJson .}}', {a: 1}, 'cannot be rendered'],
    ['{{range .temp}}{{end}}', {temp: 1.5}, 'range cannot go through float64'],
  ];
  it.each(cases)('%s', (template, data, message) => {
    expect(() => render(template, data)).toThrow(EvaluationError);
    expect(() => render(template, data)).toThrow(message);
  });
});

describe('a template cannot run for ever or use up the memory', () => {
  const many = {xs: Array.from({length: 2000}, (_, i) => i), big: 'x'.repeat(100_000), a: 1};
  const cases: readonly [name: string, template: string, message: RegExp][] = [
    ['nested loops', '{{range $.xs}}{{range $.xs}}{{range $.xs}}{{end}}{{end}}{{end}}', /takes too long/],
    ['a loop to a large number', '{{range 9223372036854775807}}{{end}}', /takes too long/],
    ['recursion', '{{define "r"}}{{template "r" .}}{{end}}{{template "r" .}}', /deep/],
    [
      'branching recursion',
      '{{define "r"}}{{if lt (len .) 90}}{{template "r" (print . "x")}}{{template "r" (print . "x")}}{{end}}{{end}}{{template "r" ""}}',
      /takes too long/,
    ],
    ['doubling text', '{{$s := .big}}{{range .xs}}{{$s = print $s $s}}{{end}}', /16 MiB|takes too long/],
    ['doubling lists', '{{$l := list 1}}{{range .xs}}{{$l = list $l $l}}{{end}}{{$l}}', /million/],
    ['deep lists', '{{$l := list 1}}{{range 500000}}{{$l = list $l}}{{end}}{{$l}}', /rendered|million|long/],
    ['repeat', '{{repeat 1000000000 .big}}', /16 MiB/],
    ['doubling members', '{{$d := dict}}{{range .xs}}{{$d = dict "a" $d "b" $d}}{{end}}{{$d}}', /million/],
    [
      'members set later',
      '{{$d := dict}}{{$l := list $d $d}}{{range .xs}}{{$l = list $l $l}}{{$_ := set $d "x" $.xs}}{{end}}{{$l}}',
      /million|too long/,
    ],
    ['a list of numbers', '{{until 1000000000}}', /expected at most 1000000/],
    ['lists of numbers', '{{range .xs}}{{range $.xs}}{{$x := until 100000}}{{end}}{{end}}', /takes too long/],
    ['text by regular expression', '{{range .xs}}{{range $.xs}}{{$x := regexMatch "(x*)*y" $.big}}{{end}}{{end}}', /takes too long/],
    ['spaces', '{{indent 1000000000 "a"}}', /16 MiB/],
    ['random text', '{{randAlpha 1000000000}}', /16 MiB/],
    ['a long separator', '{{join .big .xs}}', /16 MiB/],
    ['growing replacement', '{{replace "" .big .big}}', /16 MiB/],
    ['growing expression', '{{regexReplaceAll "" .big .big}}', /16 MiB/],
    ['long output', '{{range .xs}}{{range $.xs}}{{$.big}}{{end}}{{end}}', /16 MiB/],
    ['work on large texts', '{{range .xs}}{{range $.xs}}{{$x := upper $.big}}{{end}}{{end}}', /takes too long/],
    ['wide numbers', '{{printf "%999999999d" 1}}', /^$/],
  ];
  it.each(cases)('%s', (_, template, message) => {
    const began = performance.now();
    let text = '';
    try {
      text = render(template, many);
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(EvaluationError);
      expect((thrown as Error).message).toMatch(message);
    }
    expect(text.length).toBeLessThan(100);
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

it('reads own members only', () => {
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];
  for (const name of names) {
    expect(render(`{{.${name}}}`, {a: 1})).toBe('<no value>');
    expect(render(`{{.a.b.${name}}}`, {a: {b: {}}})).toBe('<no value>');
    expect(render(`{{index . "${name}"}}{{hasKey . "${name}"}}`, {a: 1})).toBe('<no value>false');
    expect(render(`{{if .${name}}}x{{end}}`, {})).toBe('');
    if (name !== 'toString') expect(() => compileTemplate(`{{${name} .}}`)).toThrow('does not exist');
  }
  expect(render('{{range $k, $v := .}}{{$k}}={{$v}};{{end}}', JSON.parse('{"__proto__":1,"b":2}'))).toBe('__proto__=1;b=2;');
  expect(render('{{json (dict "__proto__" 1)}}', {})).toBe('{"__proto__":1}');
});

it('changes an object of its own, never the rows that other sinks see', () => {
  const row = {a: 1, o: {x: 1}};
  expect(render('{{$_ := set . "a" 2}}{{$_ := set .o "x" 3}}{{.a}} {{.o.x}}', row)).toBe('2 3');
  expect(render('{{$_ := unset . "a"}}{{.a}}', row)).toBe('<no value>');
  expect(row).toEqual({a: 1, o: {x: 1}});
  expect(render('{{$d := dict}}{{$_ := set $d "__proto__" 1}}{{toJson $d}}{{.polluted}}', row)).toBe('{"__proto__":1}<no value>');
});

it('knows the present by the clock it is given', () => {
  const template = compileTemplate('{{now | date "2006-01-02 15:04:05"}} {{ago 1700000000}} {{now.Year}}', () => 1_700_003_661_000);
  expect(template.render({})).toBe('2023-11-14 23:14:21 1h1m1s 2023');
});

it('reads properties that an operator set, and no other variable of the environment', () => {
  vi.stubEnv('KUIPER_PROPS_SITE', 'north');
  expect(render('{{prop "site"}} {{prop "unset"}} {{prop "PATH"}}', {})).toBe('north unset PATH');
  vi.unstubAllEnvs();
});

it('prints ints and floats apart', () => {
  expect(render('{{.a}} {{.b}} {{printf "%d" .a}} {{if gt .a 30}}high{{end}}', {a: 12_345_678n, b: 12_345_678})).toBe(
    '12345678 1.2345678e+07 12345678 high',
  );
});

it('gives one text for many rows without state between them', () => {
  const template = compileTemplate('{{$n := 0}}{{range .xs}}{{$n = add $n 1}}{{end}}{{$n}}');
  expect([template.render({xs: [1, 2]}), template.render({xs: []}), template.render({xs: [1]})]).toEqual(['2', '0', '1']);
});

it('passes text without actions on as it is', () => expect(render('}} plain { text', {})).toBe('}} plain { text'));
