import {parseFloat64, parseInt64} from '#engine/values/coercion.ts';
import type {TemplateValue} from '../template-value.ts';

/** Any value as a 64-bit int: floats are cut, what cannot be read as a number is 0. */
export function whole(value: TemplateValue): bigint {
  switch (typeof value) {
    case 'bigint':
      return value;
    case 'number':
      return Number.isFinite(value) ? BigInt.asIntN(64, BigInt(Math.trunc(value))) : 0n;
    case 'boolean':
      return value ? 1n : 0n;
    case 'string':
      // 12.0 is 12.
      return parseInt64(value.replace(/\.0*$/, '')) ?? 0n;
    default:
      return 0n;
  }
}

/** Any value as a float; what cannot be read as a number is 0. */
export function real(value: TemplateValue): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? (parseFloat64(value) ?? 0) : Number(whole(value));
}
