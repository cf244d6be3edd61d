import {compareForOrder} from '#engine/values/ordering.ts';
import type {Value} from '#engine/values/value.ts';
import {countFiring} from './counters.ts';
import type {ClauseParts} from './having.ts';
import type {Operator} from './operator.ts';
import {labelled} from './row-failure.ts';
import type {Firing, Item} from './window-contents.ts';

/** What ORDER BY is made of. */
export interface OrderParts extends ClauseParts {
  /** By item of ORDER BY. */
  readonly descending: readonly boolean[];
  /** What a failure to compare is called. */
  readonly label: string;
}

/**
 * ORDER BY within each firing: nulls last in both directions, equal items in the order of arrival. Values that have no order among them
 * cost the firing. Stateless.
 */
export class Order implements Operator<Firing> {
  readonly name = 'order';
  readonly #parts: OrderParts;

  constructor(parts: OrderParts) {
    this.#parts = parts;
  }

  push(firing: Firing): void {
    const {program, label, counters, output} = this.#parts;
    countFiring(counters, firing.end);
    let items: Item[];
    try {
      for (const item of firing.items) item.keys = program.keys(item);
      items = firing.items.toSorted((a, b) => compareByKeys(a.keys!, b.keys!, this.#parts.descending));
    } catch (thrown) {
      const error = labelled(thrown, label);
      counters.fail(error.message, firing.end);
      output.fail(error);
      return;
    }
    counters.recordsOut++;
    output.emit({...firing, items});
  }

  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}

  close(): void {}
}

/** The sign of a before b by the items of ORDER BY; nulls last in both directions. Throws where two values have no order. */
export function compareByKeys(a: readonly Value[], b: readonly Value[], descending: readonly boolean[]): number {
  for (let i = 0; i < descending.length; i++) {
    const order = compareForOrder(a[i]!, b[i]!, descending[i]!);
    if (order !== 0) return order;
  }
  return 0;
}
