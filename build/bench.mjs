// Runs the benchmarks of test/bench, all or those whose name holds one of the arguments: `npm run bench -- project kubeedge`.
// Each prints ratios to a reference measured in the same run.
import {spawnSync} from 'node:child_process';
import {readdirSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const wanted = process.argv.slice(2);
const benches = readdirSync(path.join(root, 'test/bench'))
  .filter(name => name.endsWith('.bench.ts'))
  .filter(name => wanted.length === 0 || wanted.some(word => name.includes(word)));
let failed = 0;
for (const name of benches) {
  console.log(`\n── ${name}`);
  const {status} = spawnSync(process.execPath, ['--expose-gc', '--import', 'tsx', path.join(root, 'test/bench', name)], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) failed++;
}
process.exit(failed === 0 ? 0 : 1);
