import type {Clock} from '#engine/base/clock.ts';
import type {Logger} from '#engine/base/logger.ts';
import {maskedJson} from '#runner/base/mask.ts';
import {placeOf} from '#runner/desired/declared.ts';
import type {Outcome} from '#runner/reconcile/apply.ts';
import {changeId, changePlace, describeChange, isPlainReason} from '#runner/reconcile/change.ts';
import {changesDone, type PassReport} from '#runner/reconcile/pass-report.ts';
import type {TrialResult} from '#runner/reconcile/trials.ts';

const longestAnswer = 2000;

/**
 * One line for each change, and one for each thing that is wrong when it begins and when it ends. A fault that lasts is not repeated pass
 * by pass.
 */
export class PassLog {
  readonly #log: Logger;
  readonly #clock: Clock;
  /** What was said last, by what it was about. */
  #said = new Map<string, string>();
  #hasCompleted = false;

  constructor(log: Logger, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  outcome(outcome: Outcome): void {
    const {change, result} = outcome;
    const place = changePlace(change);
    const file = place === undefined ? {} : {file: place};
    if (result === 'done') {
      if (change.action === 'ask')
        this.#log.info(describeChange(change, true), {
          ...file,
          answer: maskedJson(outcome.answer).replace(/\s+/g, ' ').slice(0, longestAnswer),
        });
      else this.#log.info(describeChange(change, true), {...file, ...(isPlainReason(change.reason) ? {} : {reason: change.reason})});
    } else if (result === 'failed') {
      const {message, retryAt, attempts} = outcome.failure;
      const again =
        retryAt === undefined
          ? {retry: 'when its content changes'}
          : {attempts, retry: `in ${Math.max(0, Math.round((retryAt - this.#clock.now()) / 100) / 10)} s`};
      this.#log.warn(`could not ${describeChange(change, false)}`, {...file, error: message, ...again});
    } else if (result === 'blocked') {
      this.#once(`blocked ${changeId(change)}`, outcome.by, () =>
        this.#log.warn(`did not ${describeChange(change, false)}`, {...file, blockedBy: outcome.by}),
      );
    }
  }

  pass(report: PassReport): void {
    this.faults(report);
    const {plan, problem, outcomes, engineLostState} = report;
    if (engineLostState && changesDone(report) > 0) this.#log.info('the engine had lost its state and was provisioned again');
    const done = changesDone(report);
    const isFirst = problem === undefined && !this.#hasCompleted;
    if (problem === undefined) this.#hasCompleted = true;
    const isHalf = outcomes.some(({result}) => result === 'skipped');
    if (done > 0 || isFirst || isHalf) {
      const count = (...results: readonly Outcome['result'][]) => outcomes.filter(({result}) => results.includes(result)).length;
      const failed = count('failed', 'waiting', 'blocked');
      const notSent = count('skipped');
      this.#log.info(done + failed + notSent > 0 ? 'pass' : 'nothing to do', {
        changes: done,
        ...byAction(outcomes),
        ...(failed > 0 ? {failed} : {}),
        ...(notSent > 0 ? {notSent} : {}),
        unchanged: plan.same.size,
        revision: report.revision,
        ms: Math.round(report.durationMs),
      });
    }
  }

  /** What became of a version of a file whose rules were watched. */
  trial({file, result, reasons, hash}: TrialResult): void {
    const fields = {file, version: hash, reasons: reasons.slice(0, 20)};
    if (result === 'well') this.#log.info(`file ${file} left its rules well`, {version: hash});
    else if (result === 'rolled back') this.#log.error(`file ${file} left rules unwell: going back to what it said before`, fields);
    else if (result === 'postponed') this.#log.warn(`file ${file} cannot be judged while other rules ail too`, fields);
    else this.#log.error(`file ${file} leaves rules unwell, and there is nothing to go back to`, fields);
  }

  /** What is wrong with files, objects and engine. */
  faults(report: PassReport): void {
    const standing = new Set<string>();
    const say = (subject: string, text: string, write: () => void) => {
      standing.add(subject);
      this.#once(subject, text, write);
    };
    const {files, desired, plan, problem, outcomes} = report;
    if (problem !== undefined) say('problem', problem, () => this.#log.warn('the pass did not get through', {reason: problem}));
    for (const {name, state, problems, inForce} of files) {
      if (problems.length === 0) continue;
      if (state === 'unsettled') {
        standing.add(`file ${name}`);
        continue;
      }
      const text = problems.join('\n');
      say(`file ${name}`, text, () => {
        if (state === 'broken')
          this.#log.error(`file ${name} is not in order`, {problems, inForce: inForce === undefined ? 'nothing' : 'its last good content'});
        // Said when it happened; said again by a new process.
        else if (state === 'rolled back')
          this.#log.warn(`file ${name} is rolled back until it changes`, {reasons: problems, inForce: 'its last healthy content'});
        else this.#log.warn(`file ${name}`, {problems});
      });
    }
    for (const {key, reason, origins} of desired.conflicts.values()) {
      const places = origins.map(placeOf);
      say(`conflict ${key}`, `${reason} ${places.join()}`, () => this.#log.error(`left ${key} as it is: ${reason}`, {files: places}));
    }
    for (const {key, what} of plan.drifts) say(`drift ${key}`, what, () => this.#log.warn(`${key} was ${what}, and is left so`));
    for (const {key, reason} of plan.held) say(`held ${key}`, reason, () => this.#log.warn(`did not delete ${key}`, {reason}));
    for (const rule of plan.finished) say(`finished ${rule}`, '', () => this.#log.info(`rule ${rule} has finished`));
    for (const {result, change} of outcomes) if (result === 'blocked') standing.add(`blocked ${changeId(change)}`);
    // Of a pass that did not get through nothing else can be concluded.
    if (problem !== undefined) for (const subject of this.#said.keys()) if (!subject.startsWith('file ')) standing.add(subject);
    this.#end(standing);
  }

  #once(subject: string, text: string, write: () => void): void {
    if (this.#said.get(subject) === text) return;
    this.#said.set(subject, text);
    write();
  }

  #end(standing: ReadonlySet<string>): void {
    for (const subject of this.#said.keys()) {
      if (standing.has(subject)) continue;
      this.#said.delete(subject);
      if (subject.startsWith('file ')) this.#log.info(`${subject} is in order`);
    }
  }
}

/** `{created: 3, started: 1}` of what was done. */
function byAction(outcomes: readonly Outcome[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const {result, change} of outcomes) {
    if (result !== 'done') continue;
    const word = describeChange(change, true).split(' ')[0]!;
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return counts;
}
