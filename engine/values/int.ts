import {dividedByZero} from './arithmetic.ts';

/**
 * A whole number in the typed form: a number while it is safe, a bigint beyond. Results keep to that; operands may be bigints of any size,
 * as functions give them.
 */
export type Int = number | bigint;

/** The typed form of a 64-bit whole number. */
export function narrow(value: bigint): Int {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The untyped form of a whole number. */
export function widen(value: Int): bigint {
  return typeof value === 'bigint' ? value : BigInt(value);
}

// Adding 0 turns the −0 that multiplication and remainder can give into 0: a whole number has no signed zero.

export function addInt(left: Int, right: Int): Int {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return narrow(BigInt.asIntN(64, BigInt(left) + BigInt(right)));
}

export function subtractInt(left: Int, right: Int): Int {
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return narrow(BigInt.asIntN(64, BigInt(left) - BigInt(right)));
}

export function multiplyInt(left: Int, right: Int): Int {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right;
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return narrow(BigInt.asIntN(64, BigInt(left) * BigInt(right)));
}

/** Truncates toward zero. */
export function divideInt(left: Int, right: Int): Int {
  // biome-ignore lint/suspicious/noDoubleEquals: a zero may come as 0 or 0n.
  if (right == 0) throw dividedByZero();
  if (typeof left === 'number' && typeof right === 'number') return Math.trunc(left / right) + 0;
  return narrow(BigInt.asIntN(64, BigInt(left) / BigInt(right)));
}

/** The sign is the dividend's. */
export function remainderInt(left: Int, right: Int): Int {
  // biome-ignore lint/suspicious/noDoubleEquals: a zero may come as 0 or 0n.
  if (right == 0) throw dividedByZero();
  if (typeof left === 'number' && typeof right === 'number') return (left % right) + 0;
  return narrow(BigInt(left) % BigInt(right));
}

export function negateInt(value: Int): Int {
  return subtractInt(0, value);
}
