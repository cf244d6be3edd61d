import {countsAsNull} from '#engine/functions/call-scalar.ts';
import {add, divide, divideFloat, multiply, negate, remainder, remainderFloat, subtract} from '#engine/values/arithmetic.ts';
import {bitAnd, bitOr, bitXor} from '#engine/values/bitwise.ts';
import {compareBytes} from '#engine/values/byte-order.ts';
import {equal, greater, greaterOrEqual, less, lessOrEqual, notEqual} from '#engine/values/comparison.ts';
import {addInt, divideInt, multiplyInt, negateInt, remainderInt, subtractInt, widen} from '#engine/values/int.ts';
import {like, likeText} from '#engine/values/like.ts';
import {and, holds, not, or} from '#engine/values/logic.ts';
import {defineMember, element, member, ownMember, slice} from '#engine/values/member.ts';
import {
  addColumns,
  attempt,
  groupKey,
  havingHolds,
  inItems,
  inSet,
  isDistinct,
  narrowed,
  replaced,
  rethrow,
  watch,
  widenColumns,
  without,
} from './support.ts';
import {anyHasNull, firstMember, joinHolds, memberOfSide, mergeSides} from './tuple-support.ts';

/** What generated code may call, under these names. */
export const library = {
  add,
  addColumns,
  addInt,
  and,
  anyHasNull,
  attempt,
  bitAnd,
  bitOr,
  bitXor,
  compareBytes,
  countsAsNull,
  defineMember,
  divide,
  divideFloat,
  divideInt,
  element,
  equal,
  firstMember,
  greater,
  greaterOrEqual,
  groupKey,
  havingHolds,
  holds,
  inItems,
  inSet,
  isDistinct,
  joinHolds,
  less,
  lessOrEqual,
  like,
  likeText,
  member,
  memberOfSide,
  mergeSides,
  multiply,
  multiplyInt,
  narrowed,
  negate,
  negateInt,
  not,
  notEqual,
  or,
  ownMember,
  remainder,
  remainderFloat,
  remainderInt,
  replaced,
  rethrow,
  slice,
  subtract,
  subtractInt,
  watch,
  widen,
  widenColumns,
  without,
} as const;

export type LibraryName = keyof typeof library;
