import {errorCode} from '#engine/base/errors.ts';
import type {Span} from '#engine/language/ast/span.ts';
import {StatementError} from '#engine/language/syntax-error.ts';
import {UnsupportedError, type UnsupportedFeature} from './unsupported.ts';

/** Several mistakes of one statement: the first as the error itself, the message telling all of them in the order of their places. */
export class StatementErrors extends StatementError {
  readonly all: readonly StatementError[];

  constructor(text: string, all: readonly [StatementError, ...StatementError[]]) {
    const [first] = all;
    super(first.reason, {text, span: first.span, code: first.code, hint: first.hint});
    this.all = all;
    this.message = all.map(error => error.message).join('\n');
  }
}

/** More would not be read, and a hostile statement could make megabytes of them. */
const mostMistakes = 20;
const mostWarnings = 50;

/**
 * Collects what is wrong with a statement, so that one attempt tells all of it. A mistake is reported once per place: what follows from
 * it (an alias of a wrong expression used three times) does not repeat it.
 */
export class Problems {
  readonly #text: string;
  readonly #mistakes = new Map<string, StatementError>();
  readonly #unsupported: UnsupportedError[] = [];
  readonly #warnings: {message: string; span: Span}[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** Throws all of them once there are many. */
  mistake(reason: string, span: Span, hint?: string): void {
    const key = `${span.start} ${reason}`;
    if (this.#mistakes.has(key)) return;
    this.#mistakes.set(key, new StatementError(reason, {text: this.#text, span, code: errorCode.undefined, hint}));
    if (this.#mistakes.size === mostMistakes) this.throwIfAny();
  }

  /** Right, but not runnable yet; `reason` when the feature's own sentence does not name the thing. */
  unsupported(feature: UnsupportedFeature, span: Span, reason?: string): void {
    this.#unsupported.push(new UnsupportedError(feature, {text: this.#text, span, reason}));
  }

  /** Legal and probably not meant. */
  warning(message: string, span: Span): void {
    if (this.#warnings.length < mostWarnings) this.#warnings.push({message, span});
  }

  /** In the order of their places, each with line and column. */
  get warnings(): readonly string[] {
    const sorted = [...this.#warnings].sort((a, b) => a.span.start - b.span.start);
    return [...new Set(sorted.map(({message, span}) => `${message} (line ${span.line}, column ${span.column})`))];
  }

  /** Throws what was collected. A mistake outweighs a missing feature: only a statement without mistakes is called unsupported. */
  throwIfAny(): void {
    const [first, ...others] = [...this.#mistakes.values()].sort((a, b) => a.span.start - b.span.start);
    if (first !== undefined) throw others.length === 0 ? first : new StatementErrors(this.#text, [first, ...others]);
    const [unsupported] = this.#unsupported.sort((a, b) => a.span.start - b.span.start);
    if (unsupported !== undefined) throw unsupported;
  }
}
