import {describe, expect, it} from 'vitest';
import {parseYaml, parseYamlDocuments} from '#engine/base/yaml.ts';

describe('parseYaml', () => {
  it('gives plain data and the place of every value', () => {
    const {value, position} = parseYaml('basic:\n  restPort: 9081\n  tags: [a, b]\nrule: {qos: 1}\n', 'kuiper.yaml');
    expect(value).toEqual({basic: {restPort: 9081, tags: ['a', 'b']}, rule: {qos: 1}});
    expect(position(['basic', 'restPort'])).toEqual({line: 2, column: 13});
    expect(position(['basic', 'tags'])).toEqual({line: 3, column: 3});
    expect(position(['basic', 'tags', 1])).toEqual({line: 3, column: 13});
    expect(position(['rule', 'qos'])).toEqual({line: 4, column: 13});
    expect(position(['rule', 'nothing'])).toBeUndefined();
  });

  it.each([
    {name: 'an empty file', text: ''},
    {name: 'a file of comments', text: '# nothing\n'},
  ])('reads $name as null', ({text}) => {
    expect(parseYaml(text, 'a.yaml').value).toBeNull();
  });

  it('resolves anchors and merge keys', () => {
    expect(parseYaml('a: &a {x: 1}\nb: {<<: *a, y: 2}', 'a.yaml').value).toEqual({a: {x: 1}, b: {x: 1, y: 2}});
  });

  it.each([
    {name: 'a bracket that is never closed', text: 'a:\n  b: [1, 2\nc: 1\n', message: /^etc\/kuiper.yaml:\d+:\d+: .*\n {2}.*\n\s+\^$/},
    {name: 'a key given twice', text: 'a: 1\na: 2\n', message: /^etc\/kuiper.yaml:2:1: map keys must be unique\n {2}a: 2\n {2}\^$/},
    {name: 'a tab as indentation', text: 'a:\n\tb: 1\n', message: /^etc\/kuiper.yaml:2:1: tabs are not allowed/},
    {name: 'an alias without anchor', text: 'a: *nothing', message: /^etc\/kuiper.yaml: unresolved alias/},
    {name: 'two documents', text: 'a: 1\n---\nb: 2\n', message: /^etc\/kuiper.yaml:2:1: source contains multiple documents/},
  ])('refuses $name and says where', ({text, message}) => {
    expect(() => parseYaml(text, 'etc/kuiper.yaml')).toThrow(message);
  });

  it('bounds the expansion of aliases', () => {
    const levels = Array.from({length: 20}, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}, *a${i}]`);
    expect(() => parseYaml(['a0: &a0 [x]', ...levels].join('\n'), 'bomb.yaml')).toThrow(/^bomb.yaml: excessive alias count/);
  });

  it.each([
    {name: 'brackets', text: '['.repeat(200_000)},
    {name: 'braces over many lines', text: '{a:\n'.repeat(100_000)},
    {name: 'dashes', text: '- '.repeat(200_000)},
    {name: 'keys', text: '? '.repeat(200_000)},
    {name: 'indentation', text: Array.from({length: 3000}, (_, i) => `${' '.repeat(i)}a:`).join('\n')},
  ])('refuses nesting beyond the stack: $name', ({text}) => {
    expect(() => parseYaml(text, 'deep.yaml')).toThrow(/^deep.yaml:\d+:1: nested deeper than 200 levels/);
  });

  it('reads nesting of 150 levels', () => {
    expect(() => parseYaml('['.repeat(150) + ']'.repeat(150), 'a.yaml')).not.toThrow();
    expect(() => parseYaml(Array.from({length: 150}, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'a.yaml')).not.toThrow();
  });

  it('keeps __proto__ a plain member', () => {
    const value = parseYaml('__proto__: {polluted: true}\na: 1', 'a.yaml').value as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__', 'a']);
    expect(value['polluted']).toBeUndefined();
    expect(Object.prototype).not.toHaveProperty('polluted');
  });
});

describe('parseYamlDocuments', () => {
  it('gives every document that is not empty', () => {
    expect(parseYamlDocuments('---\nkind: A\n---\n---\nkind: B\n', 'models.yaml')).toEqual([{kind: 'A'}, {kind: 'B'}]);
    expect(parseYamlDocuments('', 'models.yaml')).toEqual([]);
  });

  it('says where a later document is wrong', () => {
    expect(() => parseYamlDocuments('a: 1\n---\nb: 1\nb: 2\n', 'models.yaml')).toThrow(/^models.yaml:4:1: map keys must be unique/);
  });
});
