import {contentHash} from '#runner/base/content-hash.ts';
import {offsetInString} from '#runner/base/json-text.ts';
import {LineIndex} from '#runner/base/line-index.ts';
import {type FileCommand, readCommandFile} from './command-file.ts';
import {CommandError, type CommandRoute, type Effect} from './command-route.ts';
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
import type {Problem} from './problem.ts';
import {meaningOf} from './route-table.ts';

export interface FoldedFile {
  readonly declarations: Declarations;
  readonly problems: readonly Problem[];
}

/**
 * Lifts the commands of one file to the state they leave behind when run in their order: `create rule1` then `put rule1` is the second
 * definition, `create stream2` then `delete stream2` its absence.
 */
export function foldCommandFile(file: string, text: string, fileHash: string, routes: readonly CommandRoute[]): FoldedFile {
  const read = readCommandFile(file, text);
  const problems: Problem[] = [...read.problems];
  const fold = new Fold(fileHash);
  let lines: LineIndex | undefined;
  for (const command of read.commands) {
    try {
      const meaning = meaningOf(command, routes);
      if (meaning.effect === 'declare' && meaning.statementFault) {
        const {node, offset, message} = meaning.statementFault;
        lines ??= new LineIndex(text);
        problems.push({severity: 'statement', file, ...lines.positionOf(offsetInString(text, node, offset)), message});
      }
      const notice = meaning.effect === 'act' ? fold.act(command, meaning.phase) : fold.take(command, meaning);
      if (notice) problems.push({severity: 'warning', ...placeIn(command.origin), message: notice});
    } catch (thrown) {
      if (!(thrown instanceof CommandError)) throw thrown;
      const place = thrown.node ? read.originOf(thrown.node, command.origin.command) : command.urlOrigin;
      problems.push({severity: 'error', ...placeIn(place), message: thrown.message});
    }
  }
  return {declarations: fold, problems};
}

function placeIn({file, line, column}: Origin): {file: string; line: number; column: number} {
  return {file, line, column};
}

/** The state so far. `take` and `act` return a warning or undefined. */
class Fold implements Declarations {
  readonly objects = new Map<ObjectKey, DeclaredObject | AbsentObject>();
  readonly runs = new Map<string, DeclaredRun>();
  readonly commands: PlainCommand[] = [];
  readonly #fileHash: string;

  constructor(fileHash: string) {
    this.#fileHash = fileHash;
  }

  take(command: FileCommand, effect: Effect): string | undefined {
    const {origin} = command;
    switch (effect.effect) {
      case 'declare': {
        const {kind, name, body, content, needs, startsRunning = true} = effect;
        const key = objectKey(kind, name);
        const before = this.objects.get(key);
        const hash = contentHash(content);
        this.objects.set(key, {
          presence: 'present',
          kind,
          name,
          body,
          content,
          hash,
          needs,
          startsRunning,
          isProtected: command.isProtected,
          origin,
        });
        if (kind === 'rule') this.runs.set(name, {rule: name, running: startsRunning, isExplicit: false, origin});
        const isSecondCreate = before?.presence === 'present' && command.method === 'POST' && before.hash !== hash;
        return isSecondCreate ? `${key} was created in line ${before.origin.line} already; this definition holds` : undefined;
      }
      case 'remove': {
        const {kind, name} = effect;
        this.objects.set(objectKey(kind, name), {presence: 'absent', kind, name, origin});
        if (kind === 'rule') this.runs.delete(name);
        return undefined;
      }
      case 'run':
        this.runs.set(effect.rule, {rule: effect.rule, running: effect.running, isExplicit: true, origin});
        return undefined;
      case 'ask':
        this.#plain('ask', command, 'after');
        return undefined;
    }
  }

  act(command: FileCommand, phase: 'before' | 'after'): string | undefined {
    this.#plain('act', command, phase);
    return command.segments[0] === 'stop' ? 'this command ends the engine' : undefined;
  }

  #plain(purpose: 'ask' | 'act', {method, url, body, description, origin}: FileCommand, phase: 'before' | 'after'): void {
    const hash = contentHash(`${origin.file}\0${this.#fileHash}\0${origin.command}`);
    this.commands.push({purpose, method, path: url, body, phase, description, hash, origin});
  }
}
