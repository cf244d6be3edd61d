import type {ObjectKey} from '#runner/desired/declared.ts';
import {errorText} from '#runner/reconcile/outcome-text.ts';
import type {PassReport} from '#runner/reconcile/pass-report.ts';

/** A moment, and what the directory held then. */
export interface Success {
  readonly at: number;
  readonly revision: string;
}

export interface PastError {
  readonly at: number;
  readonly message: string;
}

/**
 * When each object was last as declared, and what went wrong with it last, since this process began. Kept only of objects that something
 * went wrong with: the others share the time of the last pass that got through.
 */
export class ObjectHistory {
  #lastPass: Success | undefined;
  readonly #lastSuccess = new Map<ObjectKey, Success | undefined>();
  readonly #errors = new Map<ObjectKey, PastError>();

  pass(report: PassReport): void {
    const {outcomes, plan, desired, problem, at, durationMs, revision} = report;
    const now = at + durationMs;
    const isBad = new Set<ObjectKey>([...desired.conflicts.keys(), ...plan.drifts.map(({key}) => key)]);
    for (const outcome of outcomes) {
      if (outcome.result === 'done' || !('key' in outcome.change)) continue;
      isBad.add(outcome.change.key);
      if (outcome.result === 'failed' || outcome.result === 'blocked')
        this.#errors.set(outcome.change.key, {at: now, message: errorText(outcome)});
    }
    for (const key of isBad) if (!this.#lastSuccess.has(key)) this.#lastSuccess.set(key, this.#lastPass);
    // Of a pass that did not get through nothing can be concluded about the others.
    if (problem !== undefined) return;
    for (const key of this.#lastSuccess.keys()) if (!isBad.has(key)) this.#lastSuccess.delete(key);
    for (const key of this.#errors.keys()) if (!desired.objects.has(key) && !isBad.has(key)) this.#errors.delete(key);
    this.#lastPass = {at: now, revision};
  }

  /** When the object was last seen as declared; undefined when it was not since this process began. */
  lastSuccess(key: ObjectKey): Success | undefined {
    return this.#lastSuccess.has(key) ? this.#lastSuccess.get(key) : this.#lastPass;
  }

  /** The last error, also one that was mended. */
  lastError(key: ObjectKey): PastError | undefined {
    return this.#errors.get(key);
  }
}
