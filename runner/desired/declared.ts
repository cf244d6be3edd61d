/** The kinds of things an engine holds and a file can declare. */
export const kindNames = ['plugin', 'stream', 'table', 'rule', 'confKey', 'connection', 'schema', 'service', 'script'] as const;

export type KindName = (typeof kindNames)[number];

/** `stream demo`, `confKey sources/mqtt/edge`: unique, and readable in a log. */
export type ObjectKey = `${KindName} ${string}`;

export function objectKey(kind: KindName, name: string): ObjectKey {
  return `${kind} ${name}`;
}

export function splitKey(key: ObjectKey): {readonly kind: KindName; readonly name: string} {
  const at = key.indexOf(' ');
  return {kind: key.slice(0, at) as KindName, name: key.slice(at + 1)};
}

/** Where a command stands. `command` counts from 0. */
export interface Origin {
  readonly file: string;
  readonly command: number;
  readonly line: number;
  readonly column: number;
}

export function placeOf({file, line, column}: Origin): string {
  return `${file}:${line}:${column}`;
}

/** An object that should exist. */
export interface DeclaredObject {
  readonly presence: 'present';
  readonly kind: KindName;
  readonly name: string;
  /** The request body that makes it, byte for byte as written. */
  readonly body: string;
  /** What is compared with the engine's own text: the SQL of a stream, the body of everything else. */
  readonly content: string;
  /** Identifies `content`. */
  readonly hash: string;
  /** Objects it needs: a failure of one of them blocks it, a change of one of them restarts it if it is a rule. */
  readonly needs: readonly ObjectKey[];
  /** Of a rule: whether the engine starts it when it takes this body. */
  readonly startsRunning: boolean;
  /** Never deleted by the runner. */
  readonly isProtected: boolean;
  readonly origin: Origin;
}

/** An object that should not exist. */
export interface AbsentObject {
  readonly presence: 'absent';
  readonly kind: KindName;
  readonly name: string;
  readonly origin: Origin;
}

/** Whether a rule should run. `isExplicit` when a start or stop command says so; otherwise the rule's own `triggered`. */
export interface DeclaredRun {
  readonly rule: string;
  readonly running: boolean;
  readonly isExplicit: boolean;
  readonly origin: Origin;
}

/** A command that is sent as it is: `ask` once per content of its file for the answer, `act` once per content for its effect. */
export interface PlainCommand {
  readonly purpose: 'ask' | 'act';
  readonly method: string;
  readonly path: string;
  readonly body: string | undefined;
  /** Before everything else (plugins, uploads, imports) or after it. */
  readonly phase: 'before' | 'after';
  readonly description: string | undefined;
  /** Identifies the file's content and the place in it. */
  readonly hash: string;
  readonly origin: Origin;
}

/** What one file declares, its commands folded in their order. */
export interface Declarations {
  readonly objects: ReadonlyMap<ObjectKey, DeclaredObject | AbsentObject>;
  readonly runs: ReadonlyMap<string, DeclaredRun>;
  readonly commands: readonly PlainCommand[];
}
