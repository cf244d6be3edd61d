import {compareForOrder} from '#engine/values/ordering.ts';
import type {Value} from '#engine/values/value.ts';
import {countFiring} from './counters.ts';
import type {ClauseParts} from './having.ts';
import type {Operator} from './operator.ts';
import {labelled} from './row-failure.ts';
import type {Firing, Item} from './window-contents.ts';

/** One window function of a statement. */
export interface Numbering {
  /** The member of an item that takes the number. */
  readonly member: string;
  readonly at: (position: number) => number;
  /** Generated: the partition of an item, and what orders it there; undefined without OVER. */
  readonly place: ((item: Item) => {readonly partition: string; readonly keys: readonly Value[]}) | undefined;
  /** By item of ORDER BY. */
  readonly descending: readonly boolean[];
}

/** What numbering is made of. */
export interface WindowFuncParts extends Omit<ClauseParts, 'program' | 'labels'> {
  readonly numberings: readonly Numbering[];
}

/**
 * Window functions (row_number): numbers the items of each firing, in their partition and in its order where OVER asks for that. The items
 * themselves keep their order. An order that does not exist costs the firing. Stateless.
 */
export class WindowFunc implements Operator<Firing> {
  readonly name = 'windowFunc';
  readonly #parts: WindowFuncParts;

  constructor(parts: WindowFuncParts) {
    this.#parts = parts;
  }

  push(firing: Firing): void {
    const {numberings, counters, output} = this.#parts;
    countFiring(counters, firing.end);
    try {
      for (const numbering of numberings) number(firing.items, numbering);
    } catch (thrown) {
      const error = labelled(thrown, 'run Window Function error: ');
      counters.fail(error.message, firing.end);
      output.fail(error);
      return;
    }
    counters.recordsOut++;
    output.emit(firing);
  }

  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}

  close(): void {}
}

function number(items: readonly Item[], {member, at, place, descending}: Numbering): void {
  if (place === undefined) {
    for (const [position, item] of items.entries()) item[member] = at(position);
    return;
  }
  const partitions = new Map<string, {readonly item: Item; readonly keys: readonly Value[]}[]>();
  for (const item of items) {
    const {partition, keys} = place(item);
    const placed = partitions.get(partition);
    if (placed === undefined) partitions.set(partition, [{item, keys}]);
    else placed.push({item, keys});
  }
  for (const placed of partitions.values()) {
    // Stable: equal items are numbered in the order of arrival.
    if (descending.length > 0) placed.sort((a, b) => compare(a.keys, b.keys, descending));
    for (const [position, {item}] of placed.entries()) item[member] = at(position);
  }
}

function compare(a: readonly Value[], b: readonly Value[], descending: readonly boolean[]): number {
  for (let i = 0; i < descending.length; i++) {
    const order = compareForOrder(a[i]!, b[i]!, descending[i]!);
    if (order !== 0) return order;
  }
  return 0;
}
