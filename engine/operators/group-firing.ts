import type {Timestamp} from '#engine/base/clock.ts';
import {type Counters, countFiring} from './counters.ts';
import type {Output} from './operator.ts';
import {type FailureLabels, labelled} from './row-failure.ts';
import {type BoundsScope, enterWindow} from './window-bounds.ts';
import type {Firing, Item, WindowProgram} from './window-contents.ts';

/** What the groups of a firing are finished with. */
export interface GroupFiringParts {
  readonly program: WindowProgram;
  readonly labels: FailureLabels;
  readonly scope: BoundsScope | undefined;
  /** False where rows are groups of their own: functions then see no window. */
  readonly isWindow: boolean;
  /** What a window without rows gives: one group of nulls, or nothing. */
  readonly firesEmpty: boolean;
  /** The node that failures and firings are counted on; `filter` for those of a WHERE over the window's rows. */
  readonly counters: Counters | undefined;
  readonly failures: Counters;
  readonly filter: Counters | undefined;
  readonly output: Output<Firing>;
}

/** A row that failed spoils its window; `position` is the place of the label in the program. */
export interface GroupFailure {
  readonly message: string;
  readonly position: number;
}

/** A window that ends: its groups, its bounds. */
export interface GroupsOfWindow {
  readonly groups: readonly Item[];
  readonly failure: GroupFailure | undefined;
  readonly start: Timestamp;
  readonly end: Timestamp;
  readonly trigger?: Timestamp | undefined;
}

/**
 * Seals groups and hands them on, counting. A window without rows gives one group of nulls where `firesEmpty`, nothing where WHERE stands
 * above it. A failure costs the firing.
 */
export function fireGroups(window: GroupsOfWindow, parts: GroupFiringParts): void {
  const {groups, failure, end} = window;
  const {counters, filter, firesEmpty, failures, output} = parts;
  if (filter !== undefined) {
    countFiring(filter, end);
    if (failure?.position === 0) {
      report(failure.message, filter, parts, end);
      return;
    }
    if (groups.length > 0) filter.recordsOut++;
  }
  if (failure === undefined && groups.length === 0 && (!firesEmpty || filter !== undefined)) return;
  if (counters !== undefined) countFiring(counters, end);
  const sealed = failure ?? seal(window, parts);
  if ('message' in sealed) {
    report(sealed.message, failures, parts, end);
    return;
  }
  if (counters !== undefined) counters.recordsOut++;
  output.emit(sealed);
}

/** The finished groups, or why there are none. */
function seal(
  {groups, start, end, trigger}: GroupsOfWindow,
  {program, labels, scope, isWindow}: GroupFiringParts,
): Firing | {readonly message: string} {
  if (isWindow) enterWindow(scope, start, end, trigger);
  else if (scope !== undefined) scope.timestamp = end;
  if (groups.length === 0) return {items: [program.empty()], summary: undefined, end};
  try {
    for (const group of groups) program.seal(group);
    return {items: groups, summary: undefined, end};
  } catch (thrown) {
    return labelled(thrown, labels[program.position()]!);
  }
}

function report(message: string, counters: Counters, {output}: GroupFiringParts, at: Timestamp): void {
  counters.fail(message, at);
  output.fail(labelled(message, ''));
}
