import {maskText} from '#runner/base/mask.ts';
import {type DeclaredObject, type KindName, type ObjectKey, type Origin, type PlainCommand, placeOf} from '#runner/desired/declared.ts';

/** One thing to do to the engine. */
export type Change = ObjectChange | RemoveChange | RunChange | CommandChange;

export interface ObjectChange {
  readonly action: 'create' | 'update';
  readonly key: ObjectKey;
  readonly declared: DeclaredObject;
  /** The engine's text; undefined for a create. */
  readonly observed: string | undefined;
  readonly reason: string;
}

export interface RemoveChange {
  readonly action: 'delete';
  readonly key: ObjectKey;
  readonly kind: KindName;
  readonly name: string;
  readonly observed: string;
  readonly reason: string;
  /** Whether no file declares it any more, as opposed to a DELETE command. */
  readonly isPrune: boolean;
  /** Makes way for an object of this name in another kind: done before the creates, whatever still uses it. */
  readonly makesWay: boolean;
  readonly origin: Origin | undefined;
}

export interface RunChange {
  readonly action: 'start' | 'stop' | 'restart';
  readonly key: ObjectKey;
  readonly rule: string;
  readonly reason: string;
  readonly needs: readonly ObjectKey[];
  readonly origin: Origin | undefined;
}

export interface CommandChange {
  readonly action: 'act' | 'ask';
  readonly command: PlainCommand;
  readonly reason: string;
  /** Why it is not sent; undefined when it is. */
  readonly refusal?: string | undefined;
}

/** Whether it makes, alters or removes an object: a look at the engine shows what came of it. */
export function changesContent(change: Change): change is ObjectChange | RemoveChange {
  return change.action === 'create' || change.action === 'update' || change.action === 'delete';
}

/** The reasons that go without saying: the change itself tells them. */
export function isPlainReason(reason: string): boolean {
  return reason === 'declared' || reason === 'differs' || reason === 'not done yet';
}

/** Names a change across passes: the same name with the same content was tried before. */
export function changeId(change: Change): string {
  return 'command' in change ? `${change.action} ${change.command.hash}` : `${change.action} ${change.key}`;
}

/** `created stream demo` when done, `create stream demo` before. */
export function describeChange(change: Change, isDone: boolean): string {
  if ('command' in change) {
    const {method} = change.command;
    const path = maskText(change.command.path);
    return `${isDone ? (change.action === 'ask' ? 'asked' : 'did') : change.action === 'ask' ? 'ask' : 'do'} ${method} ${path}`;
  }
  return `${isDone ? past[change.action] : change.action} ${change.key}`;
}

const past = {create: 'created', update: 'updated', delete: 'deleted', start: 'started', stop: 'stopped', restart: 'restarted'};

export function originOf(change: Change): Origin | undefined {
  if ('command' in change) return change.command.origin;
  return 'declared' in change ? change.declared.origin : change.origin;
}

/** `file:line:column`, or undefined when no file says so any more. */
export function changePlace(change: Change): string | undefined {
  const origin = originOf(change);
  return origin && placeOf(origin);
}
