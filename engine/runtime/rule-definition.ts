import {ArrokothError, messageOf} from '#engine/base/errors.ts';
import {nestsDeeperThan} from '#engine/base/json-depth.ts';
import {checkIdentifier} from '#engine/catalog/identifier.ts';
import {parseJsonExactly} from '#engine/values/json-parser.ts';
import {toJson} from '#engine/values/json-text.ts';
import type {Row} from '#engine/values/value.ts';
import {type RuleOptions, readRuleOptions} from './rule-options.ts';

/** One sink of a rule with its properties as written. */
export interface RuleAction {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A rule as its JSON says. */
export interface RuleDefinition {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly triggered: boolean;
  readonly temporary: boolean;
  readonly tags: readonly string[] | null;
  readonly sql: string;
  readonly actions: readonly RuleAction[];
  readonly options: RuleOptions;
  readonly warnings: readonly string[];
}

/**
 * Reads a rule's text. `pathId` is the id of the URL on an update. Throws ArrokothErrors with eKuiper's reasons (`Missing rule id.` …), to
 * which the caller adds its prefix.
 */
export function parseRule(text: string, serverDefaults: Readonly<Record<string, unknown>>, pathId?: string): RuleDefinition {
  const raw = parseObject(text);
  const id = typeof raw['id'] === 'string' && raw['id'] !== '' ? raw['id'] : (pathId ?? '');
  if (raw['id'] !== undefined && typeof raw['id'] !== 'string') throw unreadable(text, `id: expected a string, got ${shown(raw['id'])}`);
  if (id === '') throw new ArrokothError('Missing rule id.');
  if (pathId !== undefined && id !== pathId) throw new ArrokothError('RuleId is not consistent with rule id.');
  checkIdentifier(id);
  const sql = optionalText(raw, 'sql', text);
  const hasGraph = raw['graph'] !== undefined && raw['graph'] !== null;
  if (sql !== '' && hasGraph) throw new ArrokothError(`Rule ${id} has both sql and graph.`);
  if (sql === '' && !hasGraph) throw new ArrokothError(`Rule ${id} has neither sql nor graph.`);
  if (hasGraph) throw new ArrokothError(`Rule ${id} is a graph rule, which is not supported yet; write it as sql`);
  const actions = readActions(raw['actions'], text);
  if (actions.length === 0) throw new ArrokothError('Missing rule actions.');
  const {options, warnings} = readOptions(id, raw['options'], serverDefaults, text);
  return {
    id,
    name: optionalText(raw, 'name', text),
    version: optionalText(raw, 'version', text),
    triggered: optionalFlag(raw, 'triggered', text) ?? true,
    temporary: optionalFlag(raw, 'temp', text) ?? false,
    tags: readTags(raw['tags'], text),
    sql,
    actions,
    options,
    warnings,
  };
}

/** What stands for a stored rule whose text no longer says what it is: a name that can be asked for, described, updated and dropped. */
export function unreadableRule(id: string): RuleDefinition {
  const {options, warnings} = readRuleOptions({}, {});
  return {id, name: '', version: '', triggered: false, temporary: false, tags: null, sql: '', actions: [], options, warnings};
}

/** The text with some members replaced, keys sorted as eKuiper stores them after a start, a stop or a change of tags. No int loses digits. */
export function rewriteRule(text: string, members: {readonly triggered?: boolean; readonly tags?: readonly string[]}): string {
  const merged: Row = {...(parseJsonExactly(text) as Row), ...members};
  return toJson(
    Object.fromEntries(
      Object.keys(merged)
        .sort()
        .map(key => [key, merged[key]!]),
    ),
  );
}

/** The text with the id that it is stored under; as it was written where that is its own. No int loses digits. */
export function withId(text: string, id: string): string {
  const raw = parseJsonExactly(text) as Row;
  return raw['id'] === id ? text : toJson({...raw, id});
}

function parseObject(text: string): Record<string, unknown> {
  let raw: unknown;
  if (nestsDeeperThan(maxDepth, text)) throw unreadable(text, `the JSON nests deeper than ${maxDepth} levels`);
  try {
    raw = JSON.parse(text);
  } catch (thrown) {
    throw unreadable(text, messageOf(thrown));
  }
  if (raw === null || typeof raw !== 'object' || Array.isArray(raw))
    throw unreadable(text, 'expected an object with "id", "sql" and "actions"');
  return raw as Record<string, unknown>;
}

/** Levels of objects and arrays in a rule. */
const maxDepth = 500;

function unreadable(text: string, reason: string): ArrokothError {
  return new ArrokothError(`Parse rule ${cut(text)} error : ${reason}.`);
}

function shown(value: unknown): string {
  return cut(JSON.stringify(value));
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function optionalText(raw: Readonly<Record<string, unknown>>, key: string, text: string): string {
  const value = raw[key];
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw unreadable(text, `${key}: expected a string, got ${shown(value)}`);
  return value;
}

function optionalFlag(raw: Readonly<Record<string, unknown>>, key: string, text: string): boolean | undefined {
  const value = raw[key] ?? undefined;
  if (value === undefined || typeof value === 'boolean') return value;
  throw unreadable(text, `${key}: expected true or false, got ${shown(value)}`);
}

function readTags(raw: unknown, text: string): readonly string[] | null {
  if (raw === undefined || raw === null) return null;
  if (Array.isArray(raw) && raw.every(tag => typeof tag === 'string')) return raw as string[];
  throw unreadable(text, `tags: expected a list of strings, got ${shown(raw)}`);
}

function readActions(raw: unknown, text: string): RuleAction[] {
  if (raw === undefined || raw === null) return [];
  if (!Array.isArray(raw)) throw unreadable(text, 'actions: expected an array of objects such as {"mqtt": {…}}');
  const actions: RuleAction[] = [];
  for (const [i, entry] of raw.entries()) {
    if (entry === null || typeof entry !== 'object' || Array.isArray(entry))
      throw unreadable(text, `actions[${i}]: expected an object such as {"mqtt": {…}}, got ${shown(entry)}`);
    for (const [type, properties] of Object.entries(entry as Record<string, unknown>)) {
      if (properties !== null && (typeof properties !== 'object' || Array.isArray(properties)))
        throw unreadable(text, `actions[${i}].${type}: expected an object of properties`);
      actions.push({type, properties: (properties ?? {}) as Record<string, unknown>});
    }
  }
  return actions;
}

function readOptions(
  id: string,
  raw: unknown,
  serverDefaults: Readonly<Record<string, unknown>>,
  text: string,
): ReturnType<typeof readRuleOptions> {
  if (raw !== undefined && raw !== null && (typeof raw !== 'object' || Array.isArray(raw)))
    throw unreadable(text, 'options: expected an object');
  try {
    return readRuleOptions((raw ?? {}) as Record<string, unknown>, serverDefaults);
  } catch (thrown) {
    throw new ArrokothError(`Rule ${id} has invalid options: ${messageOf(thrown)}.`);
  }
}
