import {
  type AbsentObject,
  type Declarations,
  type DeclaredObject,
  type DeclaredRun,
  type ObjectKey,
  type Origin,
  objectKey,
  type PlainCommand,
} from './declared.ts';

/** Two files that want different things of one object: the engine keeps what it has. */
export interface Conflict {
  readonly key: ObjectKey;
  readonly subject: 'definition' | 'run state';
  readonly origins: readonly Origin[];
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
    if (others.some(other => contentOf(other) !== contentOf(first))) {
      conflicts.set(key, {key, subject: 'definition', origins: [first, ...others].map(({origin}) => origin)});
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
      conflicts.set(key, {key, subject: 'run state', origins: [first, ...others].map(({origin}) => origin)});
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
      conflicts.set(clashing, {key: clashing, subject: 'definition', origins});
    }
  }
}

function contentOf(object: DeclaredObject | AbsentObject): string | undefined {
  return object.presence === 'absent' ? undefined : object.hash;
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
