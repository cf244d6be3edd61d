import type {ObjectKey} from '#runner/desired/declared.ts';
import type {DesiredState} from '#runner/desired/desired-state.ts';
import type {FileReport, GoodContent} from '#runner/desired/file-ledger.ts';
import type {Revision} from '#runner/directory/revision.ts';
import type {Change} from './change.ts';
import {type FileChanges, fileChanges} from './file-changes.ts';
import type {HealthReport} from './health-watch.ts';
import type {Inventory} from './inventory.ts';
import {judgeTrial, type Trial, type Verdict} from './judge-trial.ts';
import type {HealthCode} from './rule-health.ts';

/** What rollback knows of one file. */
export interface TrialRecord {
  /** What the file said when its rules were well last; undefined when they never were. */
  readonly healthy: GoodContent | undefined;
  readonly trial: Trial | undefined;
  /** A version that was taken back, and why. */
  readonly refused: {readonly hash: string; readonly reasons: readonly string[]} | undefined;
}

export interface TrialsOptions {
  readonly policy: 'off' | 'file';
  readonly graceMs: number;
  readonly inventory: Inventory;
}

/** How a trial ended, or that a version that should be taken back has nothing before it. */
export interface TrialResult {
  readonly file: string;
  readonly hash: string;
  readonly result: 'well' | 'rolled back' | 'nothing to go back to' | 'postponed';
  readonly reasons: readonly string[];
}

const emptyRecord: TrialRecord = {healthy: undefined, trial: undefined, refused: undefined};

/**
 * Watches each new version of a file for a grace period, and takes it back when it leaves rules unwell that were well before. All that has
 * to survive the process is in the inventory: the last healthy content, the version on trial, and the one that was refused.
 *
 *     new content ──open──▶ on trial ──well──▶ healthy
 *                              │  ▲
 *                              │  └─ an outage: judged again a grace period later
 *                              └─bad──▶ refused: what was healthy is in force, until the content changes or somebody asks
 */
export class Trials {
  readonly #options: TrialsOptions;
  /** When each trial is judged; those of files whose version was not applied yet are left out. Begins anew with the process. */
  readonly #endsAt = new Map<string, number>();
  /** Files whose trial goes on, and what was said about it. */
  readonly #told = new Map<string, string>();
  #desired: DesiredState | undefined;

  constructor(options: TrialsOptions) {
    this.#options = options;
  }

  get isOn(): boolean {
    return this.#options.policy === 'file';
  }

  /** The revision with what was healthy in place of each refused version. Its hash stays that of the directory. */
  replaceRefused(revision: Revision): Revision {
    if (!this.isOn || revision.state === 'unreadable') return revision;
    const files = revision.files.map(file => {
      const {healthy, refused} = this.#record(file.name);
      return healthy && refused?.hash === file.hash ? {name: file.name, ...healthy} : file;
    });
    return {...revision, files};
  }

  /** The reports with refused versions marked; `revision` is the directory as it is. */
  mark(reports: readonly FileReport[], revision: Revision): readonly FileReport[] {
    if (!this.isOn || revision.state === 'unreadable') return reports;
    const hashes = new Map(revision.files.map(({name, hash}) => [name, hash]));
    return reports.map(report => {
      const {healthy, refused} = this.#record(report.name);
      const isBack = healthy && refused && hashes.get(report.name) === refused.hash && report.hash === healthy.hash;
      return isBack ? {...report, hash: refused.hash, state: 'rolled back', problems: refused.reasons, inForce: healthy.hash} : report;
    });
  }

  /**
   * Before the first request of a pass: puts each file on trial whose content in force is another than the last healthy one. `good` are the
   * contents in force, `changes` what the pass is about to do.
   */
  open(revision: Revision, good: ReadonlyMap<string, GoodContent>, changes: readonly Change[], desired: DesiredState): void {
    if (!this.isOn) return;
    const {inventory} = this.#options;
    this.#desired = desired;
    const seen = new Map(revision.state === 'read' ? revision.files.map(({name, hash}) => [name, hash]) : []);
    let byFile: FileChanges | undefined;
    for (const [file, {hash}] of good) {
      const record = this.#record(file);
      if (record.healthy?.hash === hash) {
        const isMended = seen.get(file) === hash;
        if (record.trial || (record.refused && isMended))
          this.#set(file, {...record, trial: undefined, ...(isMended && {refused: undefined})});
      } else if (record.trial?.hash !== hash && record.refused?.hash !== hash) {
        this.#endsAt.delete(file);
        byFile ??= fileChanges(changes, desired, inventory);
        this.#set(file, {...record, refused: undefined, trial: this.#newTrial(file, hash, record, byFile)});
      }
    }
    for (const file of inventory.trials.keys()) if (!good.has(file)) inventory.trials.delete(file);
    for (const file of this.#endsAt.keys()) if (!inventory.trials.get(file)?.trial) this.#endsAt.delete(file);
  }

  /** After a pass that got through: the grace period of what it applied begins. A version that touches no rule is as good as healthy. */
  applied(good: ReadonlyMap<string, GoodContent>, now: number): void {
    if (!this.isOn) return;
    for (const [file, {trial}] of this.#options.inventory.trials) {
      if (!trial || this.#endsAt.has(file)) continue;
      if (trial.rules.length === 0) this.#confirm(file, good.get(file));
      else this.#endsAt.set(file, now + this.#options.graceMs);
    }
  }

  /** Rules on trial, to be asked about at every look. */
  rules(): ReadonlySet<string> {
    const rules = [...this.#options.inventory.trials.values()].flatMap(({trial}) => trial?.rules ?? []);
    return new Set(this.isOn ? rules : []);
  }

  /** Versions whose rules are watched, with what is left of their grace period; undefined where that has not begun. */
  running(
    now: number,
  ): readonly {readonly file: string; readonly version: string; readonly rules: number; readonly judgedInMs: number | undefined}[] {
    if (!this.isOn) return [];
    return [...this.#options.inventory.trials].flatMap(([file, {trial}]) => {
      const endsAt = this.#endsAt.get(file);
      const judgedInMs = endsAt === undefined ? undefined : Math.max(0, Math.round(endsAt - now));
      return trial ? [{file, version: trial.hash, rules: trial.rules.length, judgedInMs}] : [];
    });
  }

  /** When the next trial ends; undefined when none runs. */
  nextEndAt(): number | undefined {
    return this.#endsAt.size === 0 ? undefined : Math.min(...this.#endsAt.values());
  }

  /** Judges the trials whose grace period is over by a look at the rules. What it decides is to be saved before anything is done about it. */
  judge({rules, at}: HealthReport): readonly TrialResult[] {
    if (!this.isOn) return [];
    const {inventory, graceMs} = this.#options;
    const unwell = new Map([...rules].flatMap(([rule, {reasons}]) => (reasons[0] ? [[rule, reasons[0].code] as const] : [])));
    inventory.unwell = unwell;
    const onTrial = this.rules();
    const results: TrialResult[] = [];
    for (const [file, endsAt] of this.#endsAt) {
      const {trial, healthy} = this.#record(file);
      if (!trial || !this.#desired || at < endsAt) continue;
      const verdict = judgeTrial(trial, rules, onTrial, this.#desired);
      if (verdict.verdict === 'well') {
        this.#confirm(file, inventory.files.get(file));
        results.push({file, hash: trial.hash, result: 'well', reasons: []});
        continue;
      }
      if (verdict.verdict === 'bad' && healthy) {
        this.#refuse(file, trial, healthy, verdict.reasons);
        // What the version brought about is not how its rules were before the next one.
        for (const rule of verdict.rules) {
          const before = trial.before[rule];
          if (before === undefined) unwell.delete(rule);
          else unwell.set(rule, before);
        }
        results.push({file, hash: trial.hash, result: 'rolled back', reasons: verdict.reasons});
        continue;
      }
      this.#set(file, {...this.#record(file), trial: {...trial, rules: verdict.rules}});
      this.#endsAt.set(file, at + graceMs);
      const result = unfinished(file, trial, verdict, rules);
      if (this.#told.get(file) !== `${trial.hash} ${result.result}`) results.push(result);
      this.#told.set(file, `${trial.hash} ${result.result}`);
    }
    return results;
  }

  /** Refused versions are tried once more: somebody asked for it. */
  forgive(): void {
    for (const [file, record] of this.#options.inventory.trials) if (record.refused) this.#set(file, {...record, refused: undefined});
  }

  /** What an undecided version changed before is on trial with the next; of a file that never was healthy all is. */
  #newTrial(file: string, hash: string, {healthy, trial}: TrialRecord, {changed, declared, rulesUsing}: FileChanges): Trial {
    const own = new Set<ObjectKey>([
      ...(trial?.changed ?? []),
      ...(changed.get(file) ?? []),
      ...((healthy ? undefined : declared.get(file)) ?? []),
    ]);
    return {
      hash,
      changed: [...own],
      rules: rulesUsing(own),
      before: trial?.before ?? (Object.fromEntries(this.#options.inventory.unwell) as Record<string, HealthCode>),
    };
  }

  #confirm(file: string, content: GoodContent | undefined): void {
    const {trial, healthy} = this.#record(file);
    this.#set(file, {healthy: content && content.hash === trial?.hash ? content : healthy, trial: undefined, refused: undefined});
    this.#endsAt.delete(file);
  }

  #refuse(file: string, {hash}: Trial, healthy: GoodContent, reasons: readonly string[]): void {
    this.#set(file, {healthy, trial: undefined, refused: {hash, reasons}});
    // Should the directory be unreadable after a restart, this is what holds.
    this.#options.inventory.files.set(file, healthy);
    this.#endsAt.delete(file);
  }

  #record(file: string): TrialRecord {
    return this.#options.inventory.trials.get(file) ?? emptyRecord;
  }

  #set(file: string, record: TrialRecord): void {
    this.#options.inventory.trials.set(file, record);
  }
}

function unfinished(file: string, {hash}: Trial, verdict: Verdict & {rules: readonly string[]}, rules: HealthReport['rules']): TrialResult {
  if (verdict.verdict === 'bad') return {file, hash, result: 'nothing to go back to', reasons: verdict.reasons};
  const reasons = verdict.rules.map(rule => `rule ${rule}: ${rules.get(rule)?.reasons[0]?.text ?? ''}`);
  return {file, hash, result: 'postponed', reasons};
}
