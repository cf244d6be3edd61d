/** Fills a store until its files may not grow, then writes small values; tells of each that was acknowledged, and ends by SIGKILL. */
import {openLevelStore} from '#engine/store/level-store.ts';

const store = await openLevelStore(process.argv[2]!);
const put = async (key: string, value: string) => {
  try {
    await store.write([{key, value: Buffer.from(value)}]);
    process.stdout.write(`${key}\n`);
    return true;
  } catch {
    return false;
  }
};
let n = 0;
while (await put(`large/${n}`, 'x'.repeat(20_000))) n++;
for (let i = 0; i < 5; i++) await put(`small/${i}`, 'y');
process.stdout.write('done\n', () => process.kill(process.pid, 'SIGKILL'));
