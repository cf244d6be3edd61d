/**
 * Writes to the store in the directory of its first argument as fast as it can and prints the number of each write that was acknowledged. The
 * second says whether a write waits for the disk: `synced` or `unsynced`.
 */
import {openLevelStore} from '#engine/store/level-store.ts';

const store = await openLevelStore(process.argv[2]!);
const writers = 16;
let next = 0;

async function write(): Promise<void> {
  for (;;) {
    const number = next++;
    await store.write(
      [
        {key: `number/${number}`, value: Buffer.from(`value of ${number}`)},
        {key: `twin/${number}`, value: Buffer.from(`twin of ${number}`)},
        {key: `number/${number - 1000}`, value: undefined},
      ],
      {sync: process.argv[3] === 'synced'},
    );
    process.stdout.write(`${number}\n`);
  }
}

await Promise.all(Array.from({length: writers}, write));
