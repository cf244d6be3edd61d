import type {Reporter, TestModule} from 'vitest/node';

/**
 * Closes a run with `N passed, N failed` on a line of its own. Under CI a skipped test counts as failed: everything that a test needs is
 * installed there.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandled.length;
    let skipped = 0;
    for (const module of modules) {
      if (module.state() === 'failed' && [...module.children.allTests()].every(test => test.result().state !== 'failed')) failed++;
      for (const test of module.children.allTests()) {
        const {state} = test.result();
        if (state === 'passed') passed++;
        else if (state === 'failed') failed++;
        else skipped++;
      }
    }
    if (skipped > 0 && process.env['CI'] === 'true') {
      console.log(`${skipped} tests were skipped, which counts as failed under CI`);
      failed += skipped;
      process.exitCode = 1;
    }
    process.on('exit', () =>
      process.stdout.write(
        `${passed} passed, ${failed} failed${skipped > 0 && process.env['CI'] !== 'true' ? `, ${skipped} skipped` : ''}\n`,
      ),
    );
  }
}
