import {diffDocument, diffText} from '#runner/report/diff-text.ts';
import {PassLog} from '#runner/report/pass-log.ts';
import {kindOf} from '#runner/resources/registry.ts';
import {compose} from './compose.ts';
import {settledDiff} from './settled-diff.ts';
import type {SyncLine} from './sync.ts';

/** Shows what `sync` would do. 0: nothing; 1: files or engine are not in order; 2: there are differences. */
export async function diff(line: SyncLine): Promise<number> {
  const runner = await compose(line, {isService: false});
  const report = await settledDiff(runner, line.waitMs);
  const {plan, problem, files, desired} = report;
  if (line.json) {
    process.stdout.write(
      `${JSON.stringify({problem, ...diffDocument(plan, kindOf), files, conflicts: [...desired.conflicts.values()]}, null, 2)}\n`,
    );
  } else {
    new PassLog(runner.log, runner.clock).faults(report);
    const text = diffText(plan, {kindOf, useColour: runner.environment.useColour});
    if (text !== '') process.stdout.write(`${text}\n`);
  }
  if (problem !== undefined || desired.conflicts.size > 0 || files.some(({state}) => state !== 'good')) return 1;
  return plan.changes.length > 0 || plan.drifts.length > 0 ? 2 : 0;
}
