import type {Revision, SourceFile} from '#runner/directory/revision.ts';
import type {CommandRoute} from './command-route.ts';
import type {Declarations} from './declared.ts';
import {type FoldedFile, foldFile} from './fold.ts';
import {formatProblem, type Problem} from './problem.ts';
import type {Values} from './values.ts';

/** The last content of a file that was in order. */
export interface GoodContent {
  readonly hash: string;
  readonly text: string;
}

export type FileState =
  | 'good'
  /** Does not parse, or is YAML of a directory that is written in place, and was seen for less than a second: perhaps half written. */
  | 'unsettled'
  | 'broken'
  /** Not in the directory, which could not be read or was empty; its last content stays in force. */
  | 'held'
  /** In order, but it left rules unwell: its last healthy content is in force. */
  | 'rolled back';

export interface FileReport {
  readonly name: string;
  readonly hash: string;
  readonly state: FileState;
  /** Errors and warnings as `file:line:column: message`. */
  readonly problems: readonly string[];
  /** Hash of the content in force; undefined when the file never was in order. */
  readonly inForce: string | undefined;
}

/** What one reading of the directory amounts to. */
export interface TakenFiles {
  /** In the order of file names. */
  readonly declarations: readonly Declarations[];
  readonly reports: readonly FileReport[];
  /** Why nothing may be pruned now; empty when pruning is safe. */
  readonly pruneBlocks: readonly string[];
  /** When an unsettled file is to be read again. */
  readonly readAgainAt: number | undefined;
}

interface Entry {
  seenHash: string;
  folded: FoldedFile | undefined;
  unreadable: string | undefined;
  firstSeenAt: number;
  /** Whether it may be half a file although it parses. */
  mayBeHalf: boolean;
  good: {readonly content: GoodContent; readonly declarations: Declarations} | undefined;
}

/** A file that does not parse is given this long before it is called broken; half a YAML file parses, so it is given this long as well. */
const settleMs = 1000;

export interface LedgerOptions {
  readonly allowEmpty: boolean;
  readonly values: Values;
  /** What an earlier process remembered. */
  readonly good: ReadonlyMap<string, GoodContent>;
}

/**
 * Remembers what each file last said while it was in order, so that a broken, unreadable or half-written file changes nothing. Parses a
 * file only when its content, or that of a file it takes values from, is another one.
 */
export class FileLedger {
  readonly #routes: readonly CommandRoute[];
  readonly #allowEmpty: boolean;
  readonly #values: Values;
  #entries = new Map<string, Entry>();
  #hasTaken = false;

  constructor(routes: readonly CommandRoute[], {allowEmpty, values, good}: LedgerOptions) {
    this.#routes = routes;
    this.#allowEmpty = allowEmpty;
    this.#values = values;
    for (const [name, content] of good) {
      const {declarations} = foldFile(name, content.text, content.hash, routes, values);
      this.#entries.set(name, {
        seenHash: '',
        folded: undefined,
        unreadable: undefined,
        firstSeenAt: 0,
        mayBeHalf: false,
        good: {content, declarations},
      });
    }
  }

  /** The contents in force, to be remembered beyond this process. */
  good(): ReadonlyMap<string, GoodContent> {
    return new Map([...this.#entries].flatMap(([name, {good}]) => (good ? [[name, good.content] as const] : [])));
  }

  /**
   * `strictStatements`: SQL that the parser of this program refuses breaks its file. Otherwise it is a warning, and the engine decides.
   */
  take(revision: Revision, now: number, strictStatements: boolean): TakenFiles {
    if (revision.state === 'unreadable') return this.#hold(revision.reason);
    if (revision.files.length === 0 && !this.#allowEmpty && this.#entries.size > 0) return this.#hold('the command directory is empty');

    this.#values.refresh();
    const entries = new Map<string, Entry>();
    const reports: FileReport[] = [];
    // What else than this inventory proves to be the runner's is no more to go than what it remembers.
    const pruneBlocks: string[] = revision.files.length === 0 && !this.#allowEmpty ? ['the command directory is empty'] : [];
    let readAgainAt: number | undefined;
    for (const file of revision.files) {
      const entry = this.#read(file, now, revision.isAtomic);
      entries.set(file.name, entry);
      const problems = problemsOf(entry, file.name, strictStatements);
      const faults = problems.filter(({severity}) => severity === 'error');
      const isYoung = now - entry.firstSeenAt < settleMs;
      const isSettling = isYoung && entry.mayBeHalf;
      if (isSettling) {
        pruneBlocks.push(`${file.name} may be half written`);
      } else if (faults.length === 0 && entry.folded && 'text' in file) {
        // The same content keeps its declarations: they may be compared by identity.
        if (entry.good?.content.hash !== file.hash || entry.good.declarations !== entry.folded.declarations)
          entry.good = {content: {hash: file.hash, text: file.text}, declarations: entry.folded.declarations};
      } else {
        pruneBlocks.push(`${file.name} is not in order`);
      }
      const isUnsettled = isSettling || (faults.length > 0 && isYoung);
      if (isUnsettled) readAgainAt = Math.min(readAgainAt ?? Number.POSITIVE_INFINITY, entry.firstSeenAt + settleMs);
      reports.push({
        name: file.name,
        hash: file.hash,
        state: isUnsettled ? 'unsettled' : faults.length === 0 ? 'good' : 'broken',
        problems: problems.map(formatProblem),
        inForce: entry.good?.content.hash,
      });
    }
    this.#entries = entries;
    this.#hasTaken = true;
    return {declarations: this.#declarations(), reports, pruneBlocks, readAgainAt};
  }

  #read(file: SourceFile, now: number, isAtomic: boolean): Entry {
    const known = this.#entries.get(file.name);
    const isSeen = known?.seenHash === file.hash;
    if (isSeen && this.#values.isCurrent(known.folded?.reads ?? new Map())) return known;
    const firstSeenAt = isSeen ? known.firstSeenAt : now;
    const mayBeHalf = isSeen ? known.mayBeHalf : this.#hasTaken && !isAtomic && /\.ya?ml$/i.test(file.name);
    const entry: Entry = {seenHash: file.hash, folded: undefined, unreadable: undefined, firstSeenAt, mayBeHalf, good: known?.good};
    if ('unreadable' in file) entry.unreadable = file.unreadable;
    else entry.folded = foldFile(file.name, file.text, file.hash, this.#routes, this.#values);
    return entry;
  }

  #hold(reason: string): TakenFiles {
    const reports = [...this.#entries].map(([name, {good}]) => ({
      name,
      hash: good?.content.hash ?? '',
      state: 'held' as const,
      problems: [reason],
      inForce: good?.content.hash,
    }));
    return {declarations: this.#declarations(), reports, pruneBlocks: [reason], readAgainAt: undefined};
  }

  #declarations(): Declarations[] {
    return [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, {good}]) => (good ? [good.declarations] : []));
  }
}

function problemsOf({folded, unreadable}: Entry, file: string, strictStatements: boolean): readonly Problem[] {
  if (unreadable !== undefined) return [{severity: 'error', file, line: 1, column: 1, message: unreadable}];
  return (folded?.problems ?? []).map(problem => {
    if (problem.severity !== 'statement') return problem;
    return {...problem, severity: strictStatements ? 'error' : 'warning'};
  });
}
