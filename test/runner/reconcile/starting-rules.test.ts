import {afterEach, beforeEach, expect, it} from 'vitest';
import {FakeEngine} from '#test/support/fake-engine.ts';
import {commandFile, composeRunner, createRunnerPlace, type RunnerPlace, ruleCommand, streamCommand} from '#test/support/runner.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

let engine: FakeEngine;
let place: RunnerPlace;

beforeEach(async () => {
  engine = await FakeEngine.start();
  place = createRunnerPlace(engine.url, {consoleLog: false});
});
afterEach(async () => {
  await engine.kill();
  place.remove();
});

it('rules that keep starting are looked at later and later, and after a second again once they ran', async () => {
  const clock = new VirtualClock(0);
  engine.upTimeMs = () => clock.now() + 60_000;
  place.write({'a.json': commandFile(streamCommand('demo'), ruleCommand('r', 'demo'))});
  const {pass} = await composeRunner(place, clock);
  await pass();
  const waitAs = async (state: string) => {
    engine.state.stopped['r'] = state;
    const {lookAgainAt} = await pass();
    if (lookAgainAt === undefined) return undefined;
    const wait = lookAgainAt - clock.now();
    clock.advanceTo(lookAgainAt);
    return wait;
  };
  const waits: (number | undefined)[] = [];
  for (const state of ['starting', 'starting', 'starting', 'running', 'starting']) waits.push(await waitAs(state));
  expect(waits).toEqual([1000, 2000, 4000, undefined, 1000]);
});
