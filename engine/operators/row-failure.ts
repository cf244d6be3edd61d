import {EvaluationError, messageOf} from '#engine/base/errors.ts';

/**
 * What an error says in front of its reason, by the position that generated code noted before it: `run Where error: `,
 * `run Select error: alias: a expr: x / y meet error, err:`.
 */
export type FailureLabels = readonly string[];

/** The error that a row or window failed with, in eKuiper's words. */
export function labelled(thrown: unknown, label: string): EvaluationError {
  return new EvaluationError(label + messageOf(thrown));
}
