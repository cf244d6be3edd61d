import {EvaluationError, messageOf} from '#engine/base/errors.ts';
import {toStringValue} from '#engine/values/coercion.ts';
import {boolean, string} from '#engine/values/data-type.ts';
import {dataOfPath, jsonPathQuery} from '#engine/values/json-path.ts';
import {toGoJson, toJson} from '#engine/values/json-text.ts';
import type {Value} from '#engine/values/value.ts';
import {family, param, scalar} from '../define.ts';

const to_json = scalar({
  name: 'to_json',
  summary: 'A value as JSON: members in byte order, `<`, `>` and `&` escaped.',
  params: [param('x', 'any', 'Any value.')],
  examples: [
    ['to_json(x)', '{"key1":"bar","key2":"a\\u003cb"}', {x: {key2: 'a<b', key1: 'bar'}}],
    ['to_json(x)', null, {x: []}],
  ],
  returns: string,
  call: toGoJson,
});

const parse_json = scalar({
  name: 'parse_json',
  summary: 'The value that a JSON text stands for; its numbers are floats.',
  params: [param('s', 'string', 'A JSON text.')],
  examples: [
    ['parse_json(s)', [{key1: 'bar', n: 1.0}], {s: '[{"key1":"bar","n":1}]'}],
    ["parse_json('null')", null],
  ],
  nullRule: 'seen',
  call: (text: Value) => {
    if (text === null) return null;
    try {
      return JSON.parse(toStringValue(text, 'strict')) as Value;
    } catch (thrown) {
      throw new EvaluationError(`fail to parse json: ${messageOf(thrown)}`);
    }
  },
});

const data = param('data', 'any', 'An object, an array, or a JSON text of one.');
const path = param(
  'path',
  'string',
  'A path: `$` the whole, `.key` or `["key"]` a member, `[n]` an element, `[n:m]` a slice, `[*]` all, `..` at any depth, `[? @.weight > 1 && @.name == "x"]` those for which a condition holds.',
);
const rings = {o: {rings: [{weight: 0.1}, {weight: 2.4}]}};

function query(from: Value, wanted: Value): Value {
  if (typeof wanted !== 'string') throw new EvaluationError('invalid jsonPath, must be a string');
  return jsonPathQuery(wanted)(dataOfPath(from));
}

const json_path_query = scalar({
  name: 'json_path_query',
  summary: 'What a path leads to: one value, or an array where the path may lead to several.',
  params: [data, path],
  examples: [
    ["json_path_query(o, '$.rings[*].weight')", [0.1, 2.4], rings],
    ["json_path_query(o, '$.rings[? @.weight > 1].weight')", [2.4], rings],
    ["json_path_query(o, '$.rings[0].weight')", 0.1, rings],
  ],
  nullRule: 'seen',
  call: query,
});

const json_path_query_first = scalar({
  name: 'json_path_query_first',
  summary: 'The first of what a path leads to, where it leads to an array; null of an empty one.',
  params: [data, path],
  examples: [["json_path_query_first(o, '$.rings[*].weight')", 0.1, rings]],
  nullRule: 'seen',
  call: (from: Value, wanted: Value) => {
    const result = query(from, wanted);
    if (!Array.isArray(result)) throw new EvaluationError(`query result (${toJson(result)}) is not an array`);
    return (result as readonly Value[])[0] ?? null;
  },
});

const json_path_exists = scalar({
  name: 'json_path_exists',
  summary: 'Whether a path leads to something that is neither null nor an empty array; false of everything that is wrong.',
  params: [data, path],
  examples: [
    ["json_path_exists(o, '$.rings')", true, rings],
    ["json_path_exists(o, '$.arm_right')", false, rings],
  ],
  nullRule: 'seen',
  returns: boolean,
  call: (from: Value, wanted: Value) => {
    try {
      const result = query(from, wanted);
      return result !== null && !(Array.isArray(result) && result.length === 0);
    } catch {
      return false;
    }
  },
});

export const jsonFunctions = family('JSON functions', [to_json, parse_json, json_path_exists, json_path_query, json_path_query_first]);
