import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {parseYaml} from '#engine/base/yaml.ts';
import {type Broker, startBroker} from '#test/support/broker.ts';
import {type HttpEngine, startHttpEngine} from '#test/support/http-engine.ts';
import {type Scenario, type ScenarioFile, ScenarioPlayer} from '#test/support/scenario-player.ts';

const directory = join(import.meta.dirname, '../conformance/api');
const files = readdirSync(directory).map(name => parseYaml(readFileSync(join(directory, name), 'utf8'), name).value as ScenarioFile);

// A family that empties the engine comes last.
const suites = [...files].sort((a, b) => Number(a.suite === 'data') - Number(b.suite === 'data'));

let broker: Broker;
let engine: HttpEngine;
let player: ScenarioPlayer;
const passed = new Map<string, number>();
const missing = new Map<string, Set<string>>();

beforeAll(async () => {
  broker = await startBroker();
  engine = await startHttpEngine({broker: broker.url});
  player = await ScenarioPlayer.connect(engine.url, broker.url);
});

afterAll(async () => {
  await player?.close();
  await engine?.close();
  await broker?.stop();
  const total = suites.reduce((sum, {scenarios}) => sum + scenarios.length, 0);
  const notYet = [...missing.values()].reduce((sum, names) => sum + names.size, 0);
  console.log(`REST scenarios: ${[...passed.values()].reduce((sum, n) => sum + n, 0)} of ${total} pass, ${notYet} not yet for want of`);
  for (const [reason, names] of [...missing].sort((a, b) => b[1].size - a[1].size)) console.log(`  ${names.size} × ${reason}`);
});

describe.each(suites)('$suite', ({suite, scenarios}) => {
  it.each(scenarios as Scenario[])('$name', async scenario => {
    const {verdict, differences, missing: lacks} = await player.play(scenario);
    if (verdict === 'passed') passed.set(suite, (passed.get(suite) ?? 0) + 1);
    if (verdict === 'not-yet') missing.set(lacks[0]!, (missing.get(lacks[0]!) ?? new Set()).add(`${suite} · ${scenario.name}`));
    if (verdict === 'failed') expect.fail(differences.join('\n'));
  });
});

describe('the count of scenarios', () => {
  // Whole families cannot hide behind "not yet".
  it.each([
    {suite: 'root', least: 9},
    {suite: 'http-misc', least: 12},
    {suite: 'confkeys', least: 8},
    {suite: 'streams', least: 20},
    {suite: 'streams-details-schema', least: 12},
    {suite: 'ruleset', least: 7},
    {suite: 'rules-create-refuse', least: 14},
    {suite: 'rules-lifecycle', least: 11},
    {suite: 'rules-status', least: 10},
    {suite: 'rules-tags', least: 7},
    {suite: 'rules-topo-explain-validate', least: 16},
    {suite: 'tables', least: 9},
  ])('has at least $least of $suite', ({suite, least}) => {
    expect(passed.get(suite) ?? 0).toBeGreaterThanOrEqual(least);
  });
});
