import {type Counters, countFiring} from './counters.ts';
import type {Operator, Output} from './operator.ts';
import {type FailureLabels, labelled} from './row-failure.ts';
import type {Firing, WindowProgram} from './window-contents.ts';

/** What a clause after the window is made of. */
export interface ClauseParts {
  readonly program: WindowProgram;
  readonly labels: FailureLabels;
  readonly counters: Counters;
  readonly output: Output<Firing>;
}

/** What HAVING is made of. */
export interface HavingParts extends ClauseParts {
  /** How many firings had something for which the condition was true, where something asks for it. */
  readonly hits?: {count: number; atMs: number} | undefined;
}

/**
 * HAVING: groups for which the condition is true go on. Where the items are rows the condition is about the window and all of them pass, or
 * none. Of a firing that loses all its groups nothing is handed on. A condition that fails, which null does too, costs the firing.
 * What functions are told of earlier hits is kept here; otherwise stateless.
 */
export class Having implements Operator<Firing> {
  readonly name = 'having';
  readonly #parts: HavingParts;

  constructor(parts: HavingParts) {
    this.#parts = parts;
  }

  push(firing: Firing): void {
    const {program, labels, counters, output} = this.#parts;
    countFiring(counters, firing.end);
    let passed: Firing | undefined;
    try {
      passed = this.#test(firing);
    } catch (thrown) {
      const error = labelled(thrown, labels[program.position()]!);
      counters.fail(error.message, firing.end);
      output.fail(error);
    }
    if (passed === undefined) return;
    counters.recordsOut++;
    output.emit(passed);
  }

  #test(firing: Firing): Firing | undefined {
    const {program, hits} = this.#parts;
    const {summary} = firing;
    const items = summary === undefined ? firing.items.filter(item => program.having(item)) : firing.items;
    if (summary === undefined ? items.length === 0 : !program.having(summary)) return undefined;
    if (hits !== undefined) {
      // SELECT is told of the hits before this one.
      const before = {...hits};
      for (const item of items) item.hits = before;
      hits.count++;
      hits.atMs = firing.end;
    }
    return {...firing, items};
  }

  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}

  close(): void {}
}
