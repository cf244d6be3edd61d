import type {JsonNode, JsonString} from '#runner/base/json-text.ts';
import type {FileCommand} from './command-file.ts';
import type {KindName, ObjectKey} from './declared.ts';

/** What a well-known command means. */
export type Effect =
  | ({readonly effect: 'declare'} & Declaration)
  | {readonly effect: 'remove'; readonly kind: KindName; readonly name: string}
  | {readonly effect: 'run'; readonly rule: string; readonly running: boolean}
  | {readonly effect: 'ask'};

export interface Declaration {
  readonly kind: KindName;
  readonly name: string;
  readonly body: string;
  readonly content: string;
  readonly needs: readonly ObjectKey[];
  /** Of a rule: whether the engine starts it when it takes this body. */
  readonly startsRunning?: boolean;
  readonly statementFault?: StatementFault | undefined;
}

/** SQL that does not parse: where in which string. */
export interface StatementFault {
  readonly node: JsonString;
  /** Into the string's value. */
  readonly offset: number;
  readonly message: string;
}

/**
 * A REST command that declares state. `path` has parameters in braces: `/rules/{id}/start`. `read` throws CommandError when the command
 * cannot mean anything.
 */
export interface CommandRoute {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  read(command: FileCommand, parameters: Readonly<Record<string, string>>): Effect;
}

/** A command that is wrong; `node` is the part to point at, the command itself when undefined. */
export class CommandError extends Error {
  readonly node: JsonNode | undefined;
  /** Into the value of `node` when that is a string. */
  readonly offset: number;
  constructor(message: string, node?: JsonNode, offset = 0) {
    super(message);
    this.node = node;
    this.offset = offset;
  }
}

const idPattern = /^[a-zA-Z0-9_-]+$/;

/** Returns `id`, or throws a CommandError when no engine takes it as a name. */
export function checkId(what: string, id: string, node?: JsonNode): string {
  if (idPattern.test(id)) return id;
  throw new CommandError(`${what} "${id}" may hold only letters, digits, "-" and "_"`, node);
}

/** The command's `data`, which must be an object. */
export function dataObject(command: FileCommand): JsonNode & {readonly kind: 'object'} {
  const {data, method, url} = command;
  if (data?.kind === 'object') return data;
  throw new CommandError(`${method} ${url} needs an object as "data"`, data);
}

/** The string member `key` of `data`, not empty. */
export function requiredText(command: FileCommand, key: string): JsonString {
  const data = dataObject(command);
  const found = data.members.get(key)?.value;
  if (found?.kind === 'string' && found.value !== '') return found;
  throw new CommandError(`${command.method} ${command.url} needs "${key}" in its data`, found ?? data);
}
