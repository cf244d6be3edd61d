import type {Value} from '#engine/values/value.ts';
import type {DeviceProperty, PropertyType} from './device-model.ts';
import {formatFloat, int64, parseBool, parseFloat64, parseInt64} from './go-text.ts';

/** Why a value does not fit its property: a few words without the value itself. */
export class BadValue {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** A reading as the message has it → the value in its typed form (spec: engine/values/value.ts). Never called with null or undefined. */
export type Converter = (value: Value) => Value | BadValue;

const notWhole = new BadValue('expected a whole number');
const notNumber = new BadValue('expected a number');
const notBoolean = new BadValue('expected true or false');
const notText = new BadValue('expected a text');
const beyond64 = new BadValue('expected a whole number of at most 64 bits');
const beyondFloat = new BadValue('expected a number within the range of a double');

/** 2⁶³: numbers below are int64 when whole. */
const int64Limit = 2 ** 63;

const encoder = new TextEncoder();

/**
 * What a device of this type reports, as SQL sees it. JSON numbers, booleans and texts convert as in the original Kuiper: a number cut to
 * an int, a boolean counting as 1 or 0, a number's text. Beyond it, texts become booleans and floats of both sizes, and true/false stay.
 */
export const converters: Readonly<Record<PropertyType, Converter>> = {
  int(value) {
    if (typeof value === 'string') {
      const number = parseInt64(value);
      return number === undefined ? notWhole : number === 'range' ? beyond64 : number;
    }
    if (typeof value === 'number') {
      const cut = Math.trunc(value) + 0;
      if (Number.isSafeInteger(cut)) return cut;
      return cut >= -int64Limit && cut < int64Limit ? BigInt(cut) : Number.isNaN(cut) ? notWhole : beyond64;
    }
    if (typeof value === 'bigint') {
      const number = int64(value);
      return number === 'range' ? beyond64 : number;
    }
    return value === true ? 1 : value === false ? 0 : notWhole;
  },

  float(value) {
    if (typeof value === 'string') {
      const number = parseFloat64(value);
      return number === undefined ? notNumber : number === 'range' ? beyondFloat : number;
    }
    if (typeof value === 'number') return Number.isFinite(value) ? value : notNumber;
    return typeof value === 'bigint' ? Number(value) : notNumber;
  },

  string(value) {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return formatFloat(value);
    return typeof value === 'bigint' ? value.toString() : notText;
  },

  boolean(value) {
    if (typeof value === 'boolean') return value;
    return (typeof value === 'string' ? parseBool(value) : undefined) ?? notBoolean;
  },

  bytea(value) {
    if (typeof value === 'string') return encoder.encode(value);
    return value instanceof Uint8Array ? value : notText;
  },
};

/** `convert`, and the limits of the property besides. */
export function withinLimits(convert: Converter, {minimum, maximum}: DeviceProperty): Converter {
  if (minimum === undefined && maximum === undefined) return convert;
  const low = minimum ?? Number.NEGATIVE_INFINITY;
  const high = maximum ?? Number.POSITIVE_INFINITY;
  const outside = new BadValue(
    minimum === undefined
      ? `expected at most ${maximum}`
      : maximum === undefined
        ? `expected at least ${minimum}`
        : `expected a number from ${minimum} to ${maximum}`,
  );
  return value => {
    const number = convert(value);
    const isOutside = (typeof number === 'number' || typeof number === 'bigint') && (number < low || number > high);
    return isOutside ? outside : number;
  };
}

/** `convert` for a slot without static type, where an int is always a bigint. */
export function untyped(type: PropertyType, convert: Converter): Converter {
  if (type !== 'int') return convert;
  return value => {
    const number = convert(value);
    return typeof number === 'number' ? BigInt(number) : number;
  };
}

/** `convert` for a float slot that an int property shares with float properties of other models. */
export function widened(convert: Converter): Converter {
  return value => {
    const number = convert(value);
    return typeof number === 'bigint' ? Number(number) : number;
  };
}
