import {contentHash} from '#runner/base/content-hash.ts';
import type {FileCommand} from './command-file.ts';
import {CommandError, type CommandRoute, type Effect} from './command-route.ts';
import {
  type AbsentObject,
  type Declarations,
  type DeclaredObject,
  type DeclaredRun,
  type ObjectKey,
  objectKey,
  type PlainCommand,
} from './declared.ts';
import type {Problem} from './problem.ts';
import {readFile} from './read-file.ts';
import {meaningOf} from './route-table.ts';
import {SourceText} from './source-text.ts';
import type {ValueReads, Values} from './values.ts';

export interface FoldedFile {
  readonly declarations: Declarations;
  readonly problems: readonly Problem[];
  /** The files behind `${file:…}` and `when`: once one of them is another, so is this. */
  readonly reads: ValueReads;
}

/**
 * Lifts the commands of one file to the state they leave behind when run in their order: `create rule1` then `put rule1` is the second
 * definition, `create stream2` then `delete stream2` its absence. What `values` gives is noted in `reads`.
 */
export function foldFile(file: string, text: string, fileHash: string, routes: readonly CommandRoute[], values: Values): FoldedFile {
  const source = new SourceText(file, text);
  const view = values.open();
  const fold = new Fold(fileHash);
  for (const command of readFile(source, view)) {
    const warn = (message: string) => source.problems.push({severity: 'warning', ...placeIn(command.origin), message});
    try {
      const meaning = meaningOf(command, routes);
      if (meaning.effect === 'declare' && meaning.statementFault) {
        const {node, offset, message} = meaning.statementFault;
        source.reportIn(node, offset, message, 'statement');
      }
      const notice = meaning.effect === 'act' ? fold.act(command, meaning.phase) : fold.take(command, meaning);
      if (notice) warn(notice);
    } catch (thrown) {
      if (!(thrown instanceof CommandError)) throw thrown;
      const {node, offset, message} = thrown;
      if (node?.kind === 'string' && offset > 0) source.reportIn(node, offset, message);
      else if (node) source.report(node.start, message);
      else source.problems.push({severity: 'error', ...placeIn(command.urlOrigin), message});
    }
  }
  return {declarations: fold, problems: source.problems, reads: view.reads};
}

function placeIn({file, line, column}: FileCommand['origin']): {file: string; line: number; column: number} {
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
        if (command.isDeclaration && before?.presence === 'present' && before.hash !== hash)
          throw new CommandError(`${key} is declared in line ${before.origin.line} already, and otherwise`);
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
