import {healthByState} from '#runner/reconcile/health-watch.ts';
import {countRules, objectStatuses, statusDocument} from '#runner/report/status.ts';
import {statusTable} from '#runner/report/status-table.ts';
import {compose} from './compose.ts';
import {settledDiff} from './settled-diff.ts';
import type {SyncLine} from './sync.ts';

/** Shows each object beside its file, and how each rule does, compared now. 0: all in order; 1: not. */
export async function status(line: SyncLine): Promise<number> {
  const runner = await compose(line, {isService: false});
  const pass = await settledDiff(runner, line.waitMs);
  const {clock, client, store, environment, healthWatch} = runner;
  const looked = pass.observation ? await healthWatch.look(pass) : undefined;
  client.close();
  const health = typeof looked === 'object' ? looked : healthByState(pass);
  const situation = {pass, health, now: clock.now()};
  if (line.json) {
    const context = {engineUrl: client.url, inventoryFile: store.file, inventoryProblem: store.problem};
    process.stdout.write(`${JSON.stringify(statusDocument(situation, context), null, 2)}\n`);
  } else process.stdout.write(statusTable(pass, objectStatuses(situation), environment));
  const isInOrder =
    pass.problem === undefined &&
    pass.plan.changes.length === 0 &&
    pass.plan.drifts.length === 0 &&
    pass.desired.conflicts.size === 0 &&
    pass.files.every(({state}) => state === 'good') &&
    countRules(health).unhealthy === 0;
  return isInOrder ? 0 : 1;
}
