import {describe, it} from 'vitest';
import {playOnFakeEngine, scenarioNames} from '#test/support/runner-scenario.ts';

describe('runner scenarios', () => {
  it.each(scenarioNames)('%s', async name => {
    const engine = await playOnFakeEngine(name);
    await engine.kill();
  });
});
