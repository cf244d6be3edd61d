import {canonicalJson} from '#runner/base/canonical-json.ts';
import {parseJson} from '#runner/base/json-text.ts';
import {
  type AbsentObject,
  type Declarations,
  type DeclaredObject,
  type DeclaredRun,
  type ObjectKey,
  type Origin,
  objectKey,
  type PlainCommand,
  placeOf,
} from './declared.ts';

/** An object that cannot be as its files say, because they disagree or because it is not this runner's: the engine keeps what it has. */
export interface Conflict {
  readonly key: ObjectKey;
  /** Of the object: "two files disagree about its definition". */
  readonly reason: string;
  readonly origins: readonly Origin[];
}

/** The reason, with the places where several files take part. */
export function conflictText({reason, origins}: Conflict): string {
  return origins.length > 1 ? `${reason}: ${origins.map(placeOf).join(', ')}` : reason;
}

function disagreement(key: ObjectKey, subject: 'definition' | 'run state', origins: readonly Origin[]): Conflict {
  return {key, reason: `two files disagree about its ${subject}`, origins};
}

/** What the engine should hold. What is in conflict, a definition or a run state, stands in none of the other maps. */
export interface DesiredState {
  readonly objects: ReadonlyMap<ObjectKey, DeclaredObject>;
  readonly absent: ReadonlyMap<ObjectKey, AbsentObject>;
  /** By rule id. */
  readonly runs: ReadonlyMap<string, DeclaredRun>;
  readonly commands: readonly PlainCommand[];
  readonly conflicts: ReadonlyMap<ObjectKey, Conflict>;
}

/** Puts the declarations of all files together. The same object twice with the same content is no conflict; the first file owns it. */
export function mergeDeclarations(files: readonly Declarations[]): DesiredState {
  const wanted = new Map<ObjectKey, (DeclaredObject | AbsentObject)[]>();
  const runs = new Map<string, DeclaredRun[]>();
  for (const declarations of files) {
    for (const [key, object] of declarations.objects) append(wanted, key, object);
    for (const [rule, run] of declarations.runs) append(runs, rule, run);
  }

  const conflicts = new Map<ObjectKey, Conflict>();
  const objects = new Map<ObjectKey, DeclaredObject>();
  const absent = new Map<ObjectKey, AbsentObject>();
  for (const [key, [first, ...others]] of wanted) {
    if (!first) continue;
    if (others.some(other => !isSameWish(first, other))) {
      conflicts.set(key, disagreement(key, 'definition', originsOf(first, ...others)));
    } else if (first.presence === 'absent') absent.set(key, first);
    else objects.set(key, first);
  }
  splitNameClashes(objects, conflicts);

  const settled = new Map<string, DeclaredRun>();
  for (const [rule, declared] of runs) {
    const explicit = declared.filter(({isExplicit}) => isExplicit);
    const [first, ...others] = explicit.length > 0 ? explicit : declared;
    const key = objectKey('rule', rule);
    if (!first || conflicts.has(key)) continue;
    if (others.some(({running}) => running !== first.running)) {
      conflicts.set(key, disagreement(key, 'run state', originsOf(first, ...others)));
    } else if (!absent.has(key)) settled.set(rule, first);
  }
  return {objects, absent, runs: settled, commands: files.flatMap(({commands}) => commands), conflicts};
}

/** Streams and tables share one name space in the engine. */
function splitNameClashes(objects: Map<ObjectKey, DeclaredObject>, conflicts: Map<ObjectKey, Conflict>): void {
  for (const [key, table] of objects) {
    if (table.kind !== 'table') continue;
    const streamKey = objectKey('stream', table.name);
    const stream = objects.get(streamKey);
    if (!stream) continue;
    const origins = [stream.origin, table.origin];
    for (const clashing of [key, streamKey]) {
      objects.delete(clashing);
      conflicts.set(clashing, disagreement(clashing, 'definition', origins));
    }
  }
}

function originsOf(...declared: readonly {readonly origin: Origin}[]): readonly Origin[] {
  return declared.map(({origin}) => origin);
}

/** Whether two files want the same: the same text, or the same values in another layout (YAML and JSON). */
function isSameWish(a: DeclaredObject | AbsentObject, b: DeclaredObject | AbsentObject): boolean {
  if (a.presence === 'absent' || b.presence === 'absent') return a.presence === b.presence;
  return a.hash === b.hash || meaningOf(a.content) === meaningOf(b.content);
}

function meaningOf(content: string): string {
  return content.startsWith('{') ? canonicalJson(parseJson(content)) : content.trim();
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
