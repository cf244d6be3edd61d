import {copyState} from '#engine/operators/copy-state.ts';
import type {Operator} from '#engine/operators/operator.ts';

/** A place where generated code, or an operator, keeps what it must know of earlier rows. */
export interface Cell {
  state: unknown;
}

/**
 * State of one rule that belongs to a place in its statement rather than to an operator. Plain data, saved by the order of the places; among
 * the operators of a pipeline it stands last and sees no rows.
 */
export class RuleMemory implements Operator<never, readonly unknown[]> {
  readonly name = 'memory';
  readonly #cells: Cell[] = [];

  push(): void {}

  close(): void {}

  /** A cell of its own for each call. */
  cell(initial: unknown): Cell {
    const cell = {state: initial};
    this.#cells.push(cell);
    return cell;
  }

  snapshot(): readonly unknown[] {
    return this.#cells.map(({state}) => copyState(state));
  }

  restore(states: readonly unknown[]): void {
    for (const [i, cell] of this.#cells.entries()) {
      const state = copyState(states[i]);
      // What others hold on to is changed in place.
      if (isPlain(cell.state) && isPlain(state)) Object.assign(cell.state, state);
      else cell.state = state;
    }
  }
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
