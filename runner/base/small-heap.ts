import {setFlagsFromString} from 'node:v8';

/**
 * Lets the heap stay small: a process that sleeps nearly all the time must not keep the room that its longest pass took. Costs no
 * measurable CPU time (docs/performance.md). Set here rather than on the command line, so that the bin, `npm run` and the image are alike;
 * a Node that does not know a flag passes over it.
 */
export function keepHeapSmall(): void {
  // Collects earlier and gives pages back at once.
  setFlagsFromString('--optimize-for-size');
  // Young objects live in two halves of 1 MB, which do not double up to 16 MB each.
  setFlagsFromString('--semi-space-growth-factor=1');
}
