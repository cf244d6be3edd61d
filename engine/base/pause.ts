const cell = new Int32Array(new SharedArrayBuffer(4));

/** Holds up the whole thread: nothing else runs meanwhile. Only for short times. */
export function pause(ms: number): void {
  if (ms > 0) Atomics.wait(cell, 0, 0, ms);
}
