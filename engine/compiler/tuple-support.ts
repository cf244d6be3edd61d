import {EvaluationError} from '#engine/base/errors.ts';
import {type Int, widen} from '#engine/values/int.ts';
import {defineMember} from '#engine/values/member.ts';
import {describe} from '#engine/values/type-name.ts';
import type {Row, Value} from '#engine/values/value.ts';
import type {Candidate} from './row-access.ts';

type Sides = readonly (Row | null)[];

/** A member of one side of a tuple, for names that objects inherit. */
export function memberOfSide(side: Row | null, name: string): Value {
  return side !== null && Object.hasOwn(side, name) ? side[name]! : null;
}

/** The member of the first side that has one of that name, in the untyped form. */
export function firstMember(tuple: Sides, name: string, candidates: readonly Candidate[]): Value {
  for (const {position, isInt} of candidates) {
    const side = tuple[position];
    if (side === null || side === undefined || !Object.hasOwn(side, name)) continue;
    const value = side[name]!;
    return isInt && typeof value === 'number' ? widen(value as Int) : value;
  }
  return null;
}

/** Whether the first side that has a member of that name has a null there. */
export function anyHasNull(tuple: Sides, name: string): boolean {
  for (const side of tuple) if (side && Object.hasOwn(side, name)) return side[name] === null;
  return false;
}

/** What a star takes of one side. */
export interface StarSide {
  readonly position: number;
  readonly leftOut: ReadonlySet<string>;
  /** Columns in the typed form. */
  readonly ints: readonly string[];
}

/** One object of the columns of several sides, in the untyped form; of equal names the last stays. */
export function mergeSides(tuple: Sides, sides: readonly StarSide[]): Row {
  const merged: Row = {};
  for (const {position, leftOut, ints} of sides) {
    const side = tuple[position];
    if (!side) continue;
    for (const name of Object.keys(side)) {
      if (leftOut.size > 0 && leftOut.has(name)) continue;
      if (name === '__proto__') defineMember(merged, name, Object.getOwnPropertyDescriptor(side, name)!.value as Value);
      else merged[name] = side[name]!;
    }
    for (const name of ints) {
      const value = Object.hasOwn(side, name) && !leftOut.has(name) ? side[name] : null;
      if (typeof value === 'number') defineMember(merged, name, widen(value as Int));
    }
  }
  return merged;
}

/** Whether ON holds: null does not, what is neither true nor false is an error. */
export function joinHolds(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (value === null) return false;
  throw new EvaluationError(`invalid join condition that returns non-bool value ${describe(value)}`);
}
