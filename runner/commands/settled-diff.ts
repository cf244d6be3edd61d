import {pause} from '#runner/base/monotonic-clock.ts';
import type {PassReport} from '#runner/reconcile/pass-report.ts';
import type {Runner} from './compose.ts';
import {waitUntilUp} from './wait-until-up.ts';

/** One comparison that changes nothing. A file that may be half written is read once more a second later. */
export async function settledDiff({reconciler, client, clock}: Runner, waitMs: number): Promise<PassReport> {
  const {signal} = new AbortController();
  await waitUntilUp(client, clock, clock.now() + waitMs, signal);
  let report = await reconciler.pass({mode: 'diff', signal});
  if (report.files.some(({state}) => state === 'unsettled') && report.lookAgainAt !== undefined) {
    await pause(clock, report.lookAgainAt - clock.now());
    report = await reconciler.pass({mode: 'diff', signal});
  }
  client.close();
  return report;
}
