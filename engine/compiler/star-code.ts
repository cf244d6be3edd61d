import type {BoundStar} from '#engine/planner/bound-expression.ts';
import {type Compile, type Site, untyped} from './code.ts';
import type {Emission} from './emission.ts';
import {hiddenColumns, intColumns, type RuleFacts} from './rule-facts.ts';
import type {StarSide} from './tuple-support.ts';

/** A star: of one source or of all, without some columns. */
export interface Star {
  readonly stream: string | undefined;
  readonly except: readonly string[];
}

/**
 * Text of the object that the stars of SELECT stand for together: the row itself where nothing is left out. A column is left out only when
 * every star leaves it out. Of equal names in a join the source named first in FROM and JOIN stays.
 */
export function starRow(row: string, stars: readonly Star[], facts: RuleFacts, emission: Emission): string {
  if (facts.positions !== undefined) return emission.call('mergeSides', row, emission.constant(sidesOf(stars, facts).toReversed()));
  const left = [...new Set([...hiddenColumns(facts), ...leftOutBy(stars.map(star => star.except))])];
  return left.length === 0 ? row : emission.call('without', row, emission.constant(new Set(left)));
}

/** Text of a row as an untyped value. Of equal names in a join the source named last stays, as in eKuiper. */
export function starValue(row: string, node: BoundStar, site: Site, facts: RuleFacts, compile: Compile): string {
  const {emission} = site;
  const shown = plainStar(row, node, facts, emission);
  if (node.replace === undefined) return shown;
  const names = emission.constant(node.replace.map(({name}) => name));
  const values = node.replace.map(({expression}) => untyped(compile(expression, site), site));
  return emission.call('replaced', shown, names, `[${values.join(', ')}]`);
}

function plainStar(row: string, node: BoundStar, facts: RuleFacts, emission: Emission): string {
  if (facts.positions !== undefined) return emission.call('mergeSides', row, emission.constant(sidesOf([node], facts)));
  const ints = intColumns(facts).filter(name => !node.except.includes(name));
  const shown = starRow(row, [node], facts, emission);
  return ints.length === 0 ? shown : emission.call('widenColumns', shown, emission.constant(ints));
}

function leftOutBy(lists: readonly (readonly string[])[]): readonly string[] {
  const [first, ...others] = lists;
  return first!.filter(name => others.every(other => other.includes(name)));
}

function sidesOf(stars: readonly Star[], {plan, hiddenColumns}: RuleFacts): readonly StarSide[] {
  return plan.sources.flatMap(({id, stream, schema}, position) => {
    const covering = stars.filter(star => star.stream === undefined || star.stream === id).map(star => star.except);
    if (covering.length === 0) return [];
    const leftOut = new Set([...hiddenColumns(stream), ...leftOutBy(covering)]);
    return [{position, leftOut, ints: schema.columns.filter(({type}) => type.kind === 'int').map(({name}) => name)}];
  });
}
