import {parseDuration} from '#engine/base/duration.ts';
import {canonicalJson} from '#runner/base/canonical-json.ts';
import {type JsonNode, type JsonObject, JsonSyntaxError, parseJson} from '#runner/base/json-text.ts';
import {isSameSql} from './same-sql.ts';

/**
 * Defaults of a rule's options (spec rest §2.2) that are not zero; everything else defaults to false, 0 or empty. Durations in ms.
 */
const optionDefaults: Readonly<Record<string, string>> = {
  concurrency: '1',
  bufferLength: '1024',
  lateTolerance: '1000',
  checkpointInterval: '300000',
};
const durations = new Set(['lateTolerance', 'checkpointInterval', 'duration', 'forceExitTimeout']);

/**
 * Whether two rule texts define the same rule. Left aside: layout and order of keys, members that an engine writes itself (`triggered`
 * is run state), members and options with their default value, the letters and blanks of the SQL.
 */
export function isSameRule(id: string, a: string, b: string): boolean {
  if (a === b) return true;
  const left = readObject(a);
  const right = readObject(b);
  if (!left || !right) return false;
  return meaningOf(id, left) === meaningOf(id, right) && isSameSql(sqlOf(left), sqlOf(right));
}

function readObject(text: string): JsonObject | undefined {
  try {
    const node = parseJson(text);
    return node.kind === 'object' ? node : undefined;
  } catch (thrown) {
    if (thrown instanceof JsonSyntaxError) return undefined;
    throw thrown;
  }
}

function sqlOf(rule: JsonObject): string {
  const sql = rule.members.get('sql')?.value;
  return sql?.kind === 'string' ? sql.value : '';
}

/** Everything but the SQL, as one canonical text. */
function meaningOf(id: string, rule: JsonObject): string {
  const parts: string[] = [];
  for (const [key, {value}] of rule.members) {
    if (key === 'sql' || key === 'triggered' || key === 'id') continue;
    if (key === 'name' && value.kind === 'string' && value.value === id) continue;
    const meaning = key === 'options' && value.kind === 'object' ? optionsMeaning(value) : isZero(value) ? '' : canonicalJson(value);
    if (meaning !== '') parts.push(`${key}:${meaning}`);
  }
  return parts.sort().join('\n');
}

function optionsMeaning(options: JsonObject): string {
  const parts: string[] = [];
  for (const [key, {value}] of options.members) {
    if (isZero(value)) {
      // A zero where the default is not zero is a choice.
      if (optionDefaults[key] !== undefined && value.kind === 'number') parts.push(`${key}:0`);
      continue;
    }
    const meaning = durations.has(key) ? durationMeaning(value) : value.kind === 'object' ? optionsMeaning(value) : canonicalJson(value);
    if (meaning !== '' && meaning !== defaultMeaning(key)) parts.push(`${key}:${meaning}`);
  }
  return parts.length === 0 ? '' : `{${parts.sort().join(',')}}`;
}

function defaultMeaning(key: string): string | undefined {
  const value = optionDefaults[key];
  return value === undefined ? undefined : canonicalJson(parseJson(value));
}

function durationMeaning(value: JsonNode): string {
  const ms = value.kind === 'string' ? parseDuration(value.value) : undefined;
  return ms === undefined ? canonicalJson(value) : canonicalJson(parseJson(String(ms)));
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
