import type {Counters} from './counters.ts';
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

/**
 * HAVING: groups for which the condition is true go on. Where the items are rows the condition is about the window and all of them pass, or
 * none. Of a firing that loses all its groups nothing is handed on. A condition that fails, which null does too, costs the firing.
 * Stateless.
 */
export class Having implements Operator<Firing> {
  readonly name = 'having';
  readonly #parts: ClauseParts;

  constructor(parts: ClauseParts) {
    this.#parts = parts;
  }

  push(firing: Firing): void {
    const {program, labels, counters, output} = this.#parts;
    counters.recordsIn++;
    counters.messagesProcessed++;
    counters.lastInvocationAt = firing.end;
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
    const {program} = this.#parts;
    if (firing.summary !== undefined) return program.having(firing.summary) ? firing : undefined;
    const items = firing.items.filter(item => program.having(item));
    return items.length > 0 ? {...firing, items} : undefined;
  }

  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}

  close(): void {}
}
