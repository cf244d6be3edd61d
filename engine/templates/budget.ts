import {EvaluationError} from '#engine/base/errors.ts';
import type {TemplateValue} from './template-value.ts';

/** Steps of one rendering: an action, a turn of a loop, a call, or 64 characters or 16 elements that a call works on. */
const mostSteps = 1_000_000;
/** Characters of the output and of any text made on the way. */
const longestText = 16 * 1024 * 1024;
/** Templates that call one another. */
const deepestCall = 100;
/** Values that a list or object made by a template may hold, all within one another counted. */
const heaviest = 1_000_000;

/**
 * What one rendering may use up: templates come from strangers, and one row must not stop the engine. Going beyond is an EvaluationError,
 * which costs that message.
 */
export class Budget {
  #steps = mostSteps;
  #depth = 0;
  #weights = new WeakMap<object, number>();

  spend(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) throw new EvaluationError('the template takes too long: more than a million steps');
  }

  enter(): void {
    if (++this.#depth > deepestCall) throw new EvaluationError(`templates call one another more than ${deepestCall} deep`);
  }

  leave(): void {
    this.#depth--;
  }

  /** Charges for the size of an argument or result. */
  charge(value: TemplateValue): void {
    if (typeof value === 'string') {
      checkLength(value);
      this.spend(value.length >> 6);
    } else if (Array.isArray(value)) this.spend(value.length >> 4);
  }

  /**
   * Refuses a value, made by a call, that holds too much. Lists that hold the same list twice over grow without using memory, but whoever
   * prints them walks all of it.
   */
  weigh(value: TemplateValue): number {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return 1;
    const known = this.#weights.get(value);
    if (known !== undefined) return known;
    let weight = 1;
    for (const item of Object.values(value)) weight += this.weigh(item as TemplateValue);
    this.spend(weight >> 4);
    if (weight > heaviest) throw new EvaluationError('a list or object of the template holds more than a million values');
    this.#weights.set(value, weight);
    return weight;
  }

  /** A value was changed: all that hold it weigh something else now. */
  forgetWeights(): void {
    this.#weights = new WeakMap();
  }
}

/** Refuses a text that is too long. */
export function checkLength(text: string): void {
  checkLengthOf(text.length);
}

/** The same before it is made: the time and memory are what the limit is for. */
export function checkLengthOf(length: number): void {
  if (length > longestText) throw new EvaluationError('the text made by the template is longer than 16 MiB');
}
