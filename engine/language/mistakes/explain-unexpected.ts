import {SyntaxFault} from '../grammar/syntax-fault.ts';
import {expectationOf} from './expectation.ts';
import type {Situation} from './situation.ts';
import {typicalMistakes} from './typical-mistakes.ts';

/** Says in a few words what the wrong token is and what could stand in its place, and what was probably meant. */
export function explainUnexpected(situation: Situation): SyntaxFault {
  for (const recognise of typicalMistakes) {
    const mistake = recognise(situation);
    if (mistake === undefined) continue;
    const {reason = `found ${situation.found}, expected ${expectationOf(situation)}`, hint, span = situation.token.span} = mistake;
    return new SyntaxFault(reason, span, hint);
  }
  return new SyntaxFault(`found ${situation.found}, expected ${expectationOf(situation)}`, situation.token.span);
}
