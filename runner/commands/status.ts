import {objectStatuses, statusDocument, unhealthyRules} from '#runner/report/status.ts';
import {statusTable} from '#runner/report/status-table.ts';
import {compose} from './compose.ts';
import {settledDiff} from './settled-diff.ts';
import type {SyncLine} from './sync.ts';

/** Shows each object beside its file, compared now. 0: all in order; 1: not. */
export async function status(line: SyncLine): Promise<number> {
  const runner = await compose(line, {isService: false});
  const report = await settledDiff(runner, line.waitMs);
  const {clock, client, store, environment} = runner;
  const document = statusDocument(report, clock.now(), {engineUrl: client.url, inventoryFile: store.file, inventoryProblem: store.problem});
  if (line.json) process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  else process.stdout.write(statusTable(report, objectStatuses(report, clock.now()), environment.useColour));
  const isInOrder =
    report.problem === undefined &&
    report.plan.changes.length === 0 &&
    report.plan.drifts.length === 0 &&
    report.desired.conflicts.size === 0 &&
    report.files.every(({state}) => state === 'good') &&
    unhealthyRules(report).length === 0;
  return isInOrder ? 0 : 1;
}
