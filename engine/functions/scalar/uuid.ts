import {randomBytes} from '#engine/base/random.ts';

/** 100 ns steps from 1582-10-15, where the count begins (RFC 9562 §5.1), to 1970. */
const stepsTo1970 = 122_192_928_000_000_000n;
const stepsPerMs = 10_000n;

let node: string | undefined;
let sequence = 0;
let lastSteps = 0n;

/**
 * A UUID of version 1 for a time in ms: its 60-bit time, a sequence number, and random bits with the multicast mark in place of a hardware
 * address (RFC 9562 §6.10). Grows by at least a step from call to call; a clock set back starts another sequence.
 */
export function timeBasedUuid(nowMs: number): string {
  if (node === undefined) {
    const random = randomBytes(8);
    random[0]! |= 1;
    node = hex(random.subarray(0, 6));
    sequence = ((random[6]! << 8) | random[7]!) & 0x3fff;
  }
  let steps = BigInt(Math.floor(nowMs)) * stepsPerMs + stepsTo1970;
  if (steps <= lastSteps && steps + stepsPerMs > lastSteps) steps = lastSteps + 1n;
  else if (steps < lastSteps) sequence = (sequence + 1) & 0x3fff;
  lastSteps = steps;
  const time = steps.toString(16).padStart(15, '0');
  const clock = (0x8000 | sequence).toString(16);
  return `${time.slice(7)}-${time.slice(3, 7)}-1${time.slice(0, 3)}-${clock}-${node}`;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}
