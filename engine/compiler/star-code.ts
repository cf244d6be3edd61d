import type {BoundStar} from '#engine/planner/bound-expression.ts';
import type {Emission} from './emission.ts';
import {hiddenColumns, intColumns, type RuleFacts} from './rule-facts.ts';

/** Text of a row without hidden and excepted columns: the row itself where nothing is left out. */
export function starRow(row: string, except: readonly string[], facts: RuleFacts, emission: Emission): string {
  const left = [...new Set([...hiddenColumns(facts), ...except])];
  return left.length === 0 ? row : emission.call('without', row, emission.constant(new Set(left)));
}

/** Text of a row as an untyped value. */
export function starValue(row: string, node: BoundStar, facts: RuleFacts, emission: Emission): string {
  const ints = intColumns(facts).filter(name => !node.except.includes(name));
  const shown = starRow(row, node.except, facts, emission);
  return ints.length === 0 ? shown : emission.call('widenColumns', shown, emission.constant(ints));
}
