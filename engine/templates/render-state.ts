import {Budget, checkLength} from './budget.ts';
import type {TemplateValue} from './template-value.ts';

/** One rendering: the output so far and the variables of the template that runs. */
export class RenderState {
  #output = '';
  readonly budget = new Budget();
  variables: TemplateValue[] = [];

  write(text: string): void {
    this.#output += text;
    if (this.#output.length > 1_000_000) checkLength(this.#output);
  }

  get output(): string {
    return this.#output;
  }
}
