import {contentHash} from '#runner/base/content-hash.ts';
import {type DeclaredObject, type KindName, type ObjectKey, type Origin, objectKey, type PlainCommand} from '#runner/desired/declared.ts';
import type {Conflict, DesiredState} from '#runner/desired/desired-state.ts';
import type {ResourceKind} from '#runner/resources/resource-kind.ts';
import {objectMatcher} from './object-pattern.ts';
import type {Observation} from './observation.ts';

/** The part of an engine that one runner looks after, where several share it. */
export interface Scope {
  /** Written into the tags of every rule that the runner makes; undefined for a runner that has the engine to itself. */
  readonly name: string | undefined;
  /** Whether `scopeObjects` draw a line at all. */
  readonly hasPatterns: boolean;
  includes(key: ObjectKey): boolean;
}

/** An empty `name` is no scope; empty `patterns` include everything. */
export function createScope(name: string, patterns: readonly string[]): Scope {
  const matches = objectMatcher(patterns);
  return {
    name: name === '' ? undefined : name,
    hasPatterns: patterns.length > 0,
    includes: key => patterns.length === 0 || matches(key),
  };
}

type KindOf = (kind: KindName) => ResourceKind;

/** What the files declare within the scope, rules marked as its own. What lies outside is in conflict with the scope, object by object. */
export function withinScope(desired: DesiredState, scope: Scope, kindOf: KindOf): DesiredState {
  const inside = withoutKeys(desired, (key, object) => {
    if (!scope.includes(key)) return 'it is outside scopeObjects';
    const named = object && kindOf(object.kind).scopeOf?.(object.content);
    return named === undefined || named === scope.name ? undefined : `its tags name scope ${named}`;
  });
  const {name} = scope;
  if (name === undefined) return inside;
  const objects = new Map([...inside.objects].map(([key, object]) => [key, marked(object, name, kindOf)]));
  return {...inside, objects};
}

/** The same without what rules of other scopes are: the engine keeps those as they are. */
export function leaveToOthers(desired: DesiredState, {scopes}: Observation, scope: Scope): DesiredState {
  return withoutKeys(desired, key => (isOthers(key, scopes, scope) ? `it belongs to scope ${scopes.get(key)}` : undefined));
}

/** Whether the object's tag names another scope. */
export function isOthers(key: ObjectKey, scopes: Observation['scopes'], scope: Scope): boolean {
  const owner = scopes.get(key);
  return owner !== undefined && owner !== scope.name;
}

/** Actions that reach objects of every scope. */
const engineWide = /^\/(?:ruleset|data|v2\/data|async\/data)\/import\b|^\/rules\/bulk(?:start|stop)\b|^\/batch\b|^\/stop\b/;

/** Why an action is not sent; undefined when it may be. */
export function refusalOf({purpose, path}: PlainCommand, {scopes}: Observation, scope: Scope): string | undefined {
  if (purpose === 'ask') return undefined;
  const rule = /^\/rules\/([^/?]+)\/./.exec(path)?.[1];
  const key = rule === undefined ? undefined : objectKey('rule', decodeURIComponent(rule));
  if (key !== undefined && isOthers(key, scopes, scope)) return `${key} belongs to scope ${scopes.get(key)}`;
  if (key !== undefined && !scope.includes(key)) return `${key} is outside scopeObjects`;
  const isShared = scope.name !== undefined || scope.hasPatterns;
  return isShared && engineWide.test(path) ? 'it would reach the objects of other scopes' : undefined;
}

function marked(object: DeclaredObject, scope: string, kindOf: KindOf): DeclaredObject {
  const mark = kindOf(object.kind).withScope;
  if (!mark) return object;
  const content = mark(object.content, scope);
  return {...object, body: mark(object.body, scope), content, hash: contentHash(content)};
}

/** `desired` with the objects, absences and run states in conflict for which `reasonOf` gives a reason. */
function withoutKeys(
  desired: DesiredState,
  reasonOf: (key: ObjectKey, object: DeclaredObject | undefined) => string | undefined,
): DesiredState {
  const conflicts = new Map<ObjectKey, Conflict>();
  const look = (key: ObjectKey, origin: Origin, object?: DeclaredObject) => {
    const reason = reasonOf(key, object);
    if (reason !== undefined && !conflicts.has(key)) conflicts.set(key, {key, reason, origins: [origin]});
  };
  for (const [key, object] of desired.objects) look(key, object.origin, object);
  for (const [key, {origin}] of desired.absent) look(key, origin);
  for (const [rule, {origin}] of desired.runs) look(objectKey('rule', rule), origin);
  if (conflicts.size === 0) return desired;
  const without = <V>(map: ReadonlyMap<ObjectKey, V>) => new Map([...map].filter(([key]) => !conflicts.has(key)));
  return {
    ...desired,
    objects: without(desired.objects),
    absent: without(desired.absent),
    runs: new Map([...desired.runs].filter(([rule]) => !conflicts.has(objectKey('rule', rule)))),
    conflicts: new Map([...desired.conflicts, ...conflicts]),
  };
}
