import {describe, expect, it} from 'vitest';
import {parseRule, rewriteRule, withId} from '#engine/runtime/rule-definition.ts';

const text = (members: object) => JSON.stringify({id: 'r', sql: 'SELECT 1 FROM demo', actions: [{nop: {}}], ...members});

describe('the JSON of a rule', () => {
  const refused: readonly [members: object, error: RegExp][] = [
    [{triggered: 'no'}, /triggered: expected true or false, got "no"/],
    [{temp: 1}, /temp: expected true or false, got 1/],
    [{tags: 'a'}, /tags: expected a list of strings, got "a"/],
    [{tags: ['a', null]}, /tags: expected a list of strings, got \["a",null\]/],
    [{name: ['x'.repeat(5000)]}, /name: expected a string, got \["x{198}…/],
  ];
  for (const [members, error] of refused) {
    it(`is refused for ${error.source}`, () => {
      expect(() => parseRule(text(members), {})).toThrow(error);
    });
  }

  it('is refused when it nests so deeply that it could not be written again', () => {
    const deep = `{"id":"r","sql":"SELECT 1 FROM demo","actions":[{"nop":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}]}`;
    expect(() => parseRule(deep, {})).toThrow(/nests deeper than 500 levels/);
  });

  it('takes null for what is left out', () => {
    expect(parseRule(text({triggered: null, temp: null, tags: null, name: null, options: null}), {})).toMatchObject({
      triggered: true,
      temporary: false,
      tags: null,
      name: '',
    });
  });
});

describe('a rule that is written again', () => {
  it('keeps every digit of its ints, sorts its keys and takes the new members', () => {
    const text = '{"sql":"SELECT 1 FROM demo","id":"a","triggered":true,"options":{"big":9223372036854775807,"part":1.5}}';
    expect(rewriteRule(text, {triggered: false, tags: ['x']})).toBe(
      '{"id":"a","options":{"big":9223372036854775807,"part":1.5},"sql":"SELECT 1 FROM demo","tags":["x"],"triggered":false}',
    );
  });
});

describe('the id a rule is stored under', () => {
  it('stands in its text, which keeps every digit of its ints', () => {
    expect(withId('{"id":"b","options":{"big":9223372036854775807}}', 'a')).toBe('{"id":"a","options":{"big":9223372036854775807}}');
  });

  it('leaves a text alone that has it', () => {
    const written = '{ "id" : "a" }';
    expect(withId(written, 'a')).toBe(written);
  });
});
