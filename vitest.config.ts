import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    // With the address of an engine: what is played against it, and nothing else.
    include:
      process.env['ENGINE_URL'] === undefined ? ['test/**/*.test.ts'] : ['test/runner/{real-engine,two-runners,engine-forms,soak}.test.ts'],
    // They share that engine.
    fileParallelism: process.env['ENGINE_URL'] === undefined,
    globalSetup: ['./test/support/build-programs.ts'],
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default', './test/support/summary-reporter.ts'],
  },
});
