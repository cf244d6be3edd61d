import {pause} from '#runner/base/monotonic-clock.ts';
import {changePlace, describeChange} from '#runner/reconcile/change.ts';
import {healthByState} from '#runner/reconcile/health-watch.ts';
import type {PassReport} from '#runner/reconcile/pass-report.ts';
import type {PassMode} from '#runner/reconcile/reconciler.ts';
import {PassLog} from '#runner/report/pass-log.ts';
import {createProgress} from '#runner/report/progress.ts';
import {objectStatuses} from '#runner/report/status.ts';
import {type CommandLine, compose, type Runner} from './compose.ts';
import {waitUntilUp} from './wait-until-up.ts';

export interface SyncLine extends CommandLine {
  /** Milliseconds to wait for the engine, and to repeat what may succeed later. */
  readonly waitMs: number;
}

/** A file that may be half written is waited for so long, even without `waitMs`: it is broken or in order then. */
const settleMs = 2000;

/** Applies the files once (`sync`), or without deleting anything (`apply`). 0: everything is as declared; 1: something is not. */
export async function sync(line: SyncLine, mode: PassMode & ('apply' | 'sync')): Promise<number> {
  const runner = await compose(line, {isService: false});
  const {clock, log, environment, client} = runner;
  const stopping = new AbortController();
  process.once('SIGTERM', () => stopping.abort());
  process.once('SIGINT', () => stopping.abort());
  const endAt = clock.now() + line.waitMs;
  const passLog = new PassLog(log, clock);
  const progress = createProgress(environment.isTerminal && !line.json, clock);
  const done: string[] = [];
  let answered = 0;

  await waitUntilUp(client, clock, endAt, stopping.signal);
  const settledAt = clock.now() + settleMs;
  let report: PassReport;
  for (;;) {
    try {
      report = await runner.reconciler.pass({
        mode,
        signal: stopping.signal,
        onPlan: plan => progress.begin(plan.changes.length),
        onOutcome(outcome) {
          progress.step();
          progress.above(() => passLog.outcome(outcome));
          if (outcome.result === 'done') answered++;
        },
      });
      // Done is what was seen afterwards, which is less than what the engine confirmed.
      done.push(...report.outcomes.filter(({result}) => result === 'done').map(({change}) => describeChange(change, true)));
    } catch (thrown) {
      // A defect must not hide what was done before it.
      log.error('the pass broke off', {done: answered});
      throw thrown;
    } finally {
      progress.end();
    }
    passLog.pass(report);
    const nextAt = nextTry(report);
    const lastAt = isSettling(report) ? Math.max(endAt, settledAt) : endAt;
    if (nextAt === undefined || stopping.signal.aborted || nextAt > lastAt) break;
    await pause(clock, nextAt - clock.now(), stopping.signal);
  }
  client.close();
  const isGood = isDone(report);
  if (line.json) process.stdout.write(`${JSON.stringify(resultDocument(report, done, runner), null, 2)}\n`);
  if (runner.store.problem !== undefined) log.warn(runner.store.problem);
  return isGood ? 0 : 1;
}

/** When something may go better: a half-written file, a failure that may pass. Rules that are only starting are not waited for. */
function nextTry(report: PassReport): number | undefined {
  const {outcomes, lookAgainAt} = report;
  const isOpen =
    isSettling(report) ||
    outcomes.some(({result, ...rest}) => result !== 'done' && 'failure' in rest && rest.failure.retryAt !== undefined);
  return isOpen ? lookAgainAt : undefined;
}

function isSettling({files}: PassReport): boolean {
  return files.some(({state}) => state === 'unsettled');
}

function isDone({problem, files, desired, outcomes}: PassReport): boolean {
  return (
    problem === undefined &&
    files.every(({state}) => state === 'good') &&
    desired.conflicts.size === 0 &&
    outcomes.every(({result}) => result === 'done')
  );
}

function resultDocument(report: PassReport, done: readonly string[], {clock}: Runner): object {
  return {
    ok: isDone(report),
    problem: report.problem,
    done,
    notDone: report.outcomes
      .filter(({result}) => result !== 'done')
      .map(outcome => ({
        change: describeChange(outcome.change, false),
        result: outcome.result,
        place: changePlace(outcome.change),
        error: 'failure' in outcome ? outcome.failure.message : undefined,
      })),
    held: report.plan.held,
    drifts: report.plan.drifts,
    files: report.files,
    objects: objectStatuses({pass: report, health: healthByState(report), now: clock.now()}),
  };
}
