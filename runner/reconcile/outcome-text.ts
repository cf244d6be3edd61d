import type {Outcome} from './apply.ts';

/** Why a change was not carried out, in the engine's words where it had some; empty when it was. */
export function errorText(outcome: Outcome): string {
  if (outcome.result === 'blocked') return `blocked by ${outcome.by}`;
  if (outcome.result === 'skipped') return 'not sent: the pass ended early';
  return 'failure' in outcome ? outcome.failure.message : '';
}
