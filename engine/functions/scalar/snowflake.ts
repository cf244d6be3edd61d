import {randomBytes} from '#engine/base/random.ts';

/** 2010-11-04, where Twitter's identifiers begin. */
const epochMs = 1_288_834_974_657;
let node: bigint | undefined;
let lastMs = 0;
let sequence = 0;

/**
 * An identifier that grows with time: 41 bits of milliseconds, 10 of this process (random), 12 of a counter, as Twitter's Snowflake makes
 * them. A full counter or a clock set back moves on to the next millisecond.
 */
export function snowflake(nowMs: number): bigint {
  if (node === undefined) {
    const [high, low] = randomBytes(2);
    node = BigInt(((high! & 3) << 8) | low!);
  }
  const ms = Math.floor(nowMs);
  if (ms > lastMs) {
    lastMs = ms;
    sequence = 0;
  } else if (++sequence > 0xfff) {
    lastMs++;
    sequence = 0;
  }
  return (BigInt(lastMs - epochMs) << 22n) | (node << 12n) | BigInt(sequence);
}
