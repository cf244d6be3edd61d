import {describe, expect, it} from 'vitest';
import {isSameRule} from '#runner/resources/rule-comparison.ts';
import {scopeOf, withScope} from '#runner/resources/scope-tag.ts';

const tag = '"arrokoth-scope:west"';

describe('withScope', () => {
  it.each([
    ['{"id":"r"}', `{"id":"r","tags":[${tag}]}`],
    ['{ "n": 12345678901234567890, "f": 1.0 }', `{ "n": 12345678901234567890, "f": 1.0 ,"tags":[${tag}]}`],
    ['{}', `{"tags":[${tag}]}`],
    ['{"tags":[],"id":"r"}', `{"tags":[${tag}],"id":"r"}`],
    ['{"tags":[ "a" ],"id":"r"}', `{"tags":[ "a" ,${tag}],"id":"r"}`],
    ['{"tags":null,"id":"r"}', `{"tags":[${tag}],"id":"r"}`],
    [`{"tags":[${tag}]}`, `{"tags":[${tag}]}`],
    // Tags that are none are the engine's to refuse.
    ['{"tags":"a"}', '{"tags":"a"}'],
  ])('%s', (rule, marked) => {
    expect(withScope(rule, 'west')).toBe(marked);
  });
});

describe('scopeOf', () => {
  it.each([
    [`{"tags":["a",${tag},"arrokoth-scope:east"]}`, 'west'],
    ['{"tags":["a"]}', undefined],
    ['{"tags":"arrokoth-scope:west"}', undefined],
    // A word of that form elsewhere says nothing.
    [`{"sql":"SELECT 'x' FROM a","actions":[{"mqtt":{"topic":${tag}}}]}`, undefined],
    [JSON.stringify({sql: `SELECT ${tag} FROM a`}), undefined],
    [`not JSON ${tag}`, undefined],
  ])('%s', (rule, scope) => {
    expect(scopeOf(rule)).toBe(scope);
  });
});

it.each([
  ['{"tags":["a"]}', `{"tags":["a",${tag}]}`, true],
  ['{"tags":["a","b"]}', '{"tags":["b","a"]}', true],
  ['{}', `{"tags":[${tag}]}`, true],
  [`{"tags":["arrokoth-scope:east"]}`, `{"tags":[${tag}]}`, true],
  ['{"tags":["a"]}', `{"tags":["b",${tag}]}`, false],
  ['{"tags":["a"]}', '{}', false],
])('%s and %s define the same rule: %s', (declared, observed, same) => {
  expect(isSameRule('r', declared, observed)).toBe(same);
});
