import {parseDuration} from '#engine/base/duration.ts';
import {canonicalJson, canonicalNumber} from '#runner/base/canonical-json.ts';
import type {JsonNode} from '#runner/base/json-text.ts';
import type {Comparison} from './content-comparison.ts';
import {isSameSql} from './same-sql.ts';
import {isScopeTag} from './scope-tag.ts';
import {isSameJson} from './shape.ts';

/** Defaults of a rule's options that are not zero; everything else defaults to false, 0 or empty. Durations in ms. */
const optionDefaults: ReadonlyMap<string, string> = new Map([
  ['concurrency', '1'],
  ['bufferLength', '1024'],
  ['lateTolerance', '1000'],
  ['checkpointInterval', '300000'],
]);
const durations = new Set(['lateTolerance', 'checkpointInterval', 'duration', 'forceExitTimeout']);

/**
 * How two texts of the rule `id` are compared. Left aside: layout and order of keys, members that an engine writes itself (`triggered` is
 * run state), members and options with their default value, tags of scopes, the letters and blanks of the SQL.
 */
export function ruleComparison(id: string): Comparison {
  const isLeftAside = ([key = '', ...rest]: readonly string[], value: JsonNode) => {
    if (key === 'options') return rest.length === 0 ? isWithoutChoice(value) : isDefaultOption(rest.at(-1)!, value);
    if (rest.length > 0) return false;
    if (key === 'triggered' || key === 'id' || isZero(value)) return true;
    if (key === 'tags') return tagsOf(value).length === 0;
    return key === 'name' && value.kind === 'string' && value.value === id;
  };
  return {
    isLeftAside,
    isSame(path, declared, observed) {
      if (isLeftAside(path, declared) && isLeftAside(path, observed)) return true;
      const key = path.at(-1) ?? '';
      if (path.length === 1 && key === 'tags') return tagsOf(declared).join('\n') === tagsOf(observed).join('\n');
      if (path.length === 1 && key === 'sql' && declared.kind === 'string' && observed.kind === 'string')
        return isSameSql(declared.value, observed.value);
      if (path[0] === 'options' && durations.has(key)) return lengthOf(declared) === lengthOf(observed);
      return canonicalJson(declared) === canonicalJson(observed);
    },
  };
}

/** Whether two rule texts define the same rule. */
export function isSameRule(id: string, declared: string, observed: string): boolean {
  return declared === observed || isSameJson(declared, observed, ruleComparison(id));
}

/** Whether an object of options says nothing but defaults. */
function isWithoutChoice(value: JsonNode): boolean {
  if (value.kind !== 'object') return isZero(value);
  return [...value.members].every(([key, {value: option}]) => isDefaultOption(key, option));
}

function isDefaultOption(key: string, value: JsonNode): boolean {
  const fallback = optionDefaults.get(key);
  // A zero where the default is not zero is a choice.
  if (isZero(value)) return fallback === undefined || value.kind !== 'number';
  if (value.kind === 'object') return isWithoutChoice(value);
  return fallback !== undefined && (durations.has(key) ? lengthOf(value) : canonicalJson(value)) === canonicalNumber(fallback);
}

/** A duration in ms, as a number of JSON; other values as they are. */
function lengthOf(value: JsonNode): string {
  const ms = value.kind === 'string' ? parseDuration(value.value) : undefined;
  return ms === undefined ? canonicalJson(value) : canonicalNumber(String(ms));
}

function tagsOf(node: JsonNode): readonly string[] {
  if (node.kind !== 'array') return [canonicalJson(node)];
  return node.items
    .filter(item => item.kind !== 'string' || !isScopeTag(item.value))
    .map(canonicalJson)
    .sort();
}

function isZero(node: JsonNode): boolean {
  switch (node.kind) {
    case 'word':
      return node.value !== true;
    case 'string':
      return node.value === '';
    case 'number':
      return !/[1-9]/.test(node.text.replace(/[eE].*/, ''));
    case 'array':
      return node.items.length === 0;
    case 'object':
      return [...node.members.values()].every(({value}) => isZero(value));
  }
}
