import {afterEach, beforeEach, expect, it} from 'vitest';
import {FakeEngine} from '#test/support/fake-engine.ts';
import {commandFile, composeRunner, createRunnerPlace, type RunnerPlace, ruleCommand, streamCommand} from '#test/support/runner.ts';

let engine: FakeEngine;
let place: RunnerPlace;
beforeEach(async () => {
  engine = await FakeEngine.start();
});
afterEach(async () => {
  await engine.kill();
  place.remove();
});

it.each([
  1, 3, 8,
])('with parallelism %i as many requests are out at once and no more, and no rule ahead of its stream', async parallelism => {
  place = createRunnerPlace(engine.url, {consoleLog: false, parallelism});
  const numbers = Array.from({length: 20}, (_, i) => i);
  place.write({'a.json': commandFile(...numbers.flatMap(i => [ruleCommand(`r${i}`, `s${i}`), streamCommand(`s${i}`)]))});
  let out = 0;
  let most = 0;
  const kinds: string[] = [];
  engine.intercept = ({method, path}) => {
    if (method !== 'POST' || path === '/ruleset/export') return undefined;
    kinds.push(path);
    most = Math.max(most, ++out);
    return {delayMs: 60};
  };
  engine.onAnswer = ({method, path}) => {
    if (method === 'POST' && path !== '/ruleset/export') out--;
  };
  const {outcomes} = await (await composeRunner(place)).pass();
  expect(outcomes.filter(({result}) => result !== 'done')).toEqual([]);
  expect(most).toBe(parallelism);
  expect(kinds).toEqual([...numbers.map(() => '/streams'), ...numbers.map(() => '/rules')]);
});
