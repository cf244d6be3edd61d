import {EvaluationError} from '#engine/base/errors.ts';
import {wallClockOf} from '#engine/values/date-time.ts';
import {toText} from '#engine/values/text.ts';
import {isDateTime, isRow, typeNameOf} from '#engine/values/type-name.ts';
import type {DateTime, Value} from '#engine/values/value.ts';

/**
 * A value inside a template: data in the untyped form (an int is a bigint, a float a number), or undefined for a member that is missing.
 */
export type TemplateValue = Value | undefined;

/** A value that prints as a text and has members of its own: what sprig gives as a Go type with methods. */
export abstract class Opaque implements DateTime {
  /** It is no time. */
  readonly epochMs = Number.NaN;
  readonly zone = '';
  abstract readonly goType: string;
  /** The member of a name; undefined when there is none. */
  abstract member(name: string): TemplateValue;
  abstract toString(): string;

  toJSON(): string {
    return this.toString();
  }
}

/** Whether a value counts as true: everything but false, 0, null, missing and what is empty. */
export function isTrue(value: TemplateValue): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'number':
      return value !== 0;
    case 'bigint':
      return value !== 0n;
    case 'string':
      return value !== '';
    case 'undefined':
      return false;
  }
  if (value === null) return false;
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length > 0;
  return isRow(value) ? Object.keys(value).length > 0 : true;
}

/** What `{{value}}` prints. */
export function printed(value: TemplateValue): string {
  return value === undefined ? '<no value>' : toText(value, '<no value>');
}

/** What a function that makes a text of its arguments prints. */
export function argumentText(value: TemplateValue): string {
  return value === undefined ? '<nil>' : toText(value, '<nil>');
}

/** The member of a value: own members only; a missing one of an object or of what is missing itself is missing. */
export function memberOf(value: TemplateValue, name: string): TemplateValue {
  if (value === undefined) return undefined;
  if (isRow(value)) return Object.hasOwn(value, name) ? value[name] : undefined;
  if (value === null) throw new EvaluationError(`cannot read field "${name}" of null`);
  const member = value instanceof Opaque ? value.member(name) : isDateTime(value) ? timeMember(value, name) : undefined;
  if (member !== undefined) return member;
  throw new EvaluationError(`cannot read field "${name}" of ${goTypeOf(value)}: expected an object`);
}

/** What the methods of Go's time.Time without arguments give, as far as they are numbers. */
function timeMember(time: DateTime, name: string): TemplateValue {
  const wall = wallClockOf(time);
  switch (name) {
    case 'Year':
      return BigInt(wall.year);
    case 'Day':
      return BigInt(wall.day);
    case 'Hour':
      return BigInt(wall.hour);
    case 'Minute':
      return BigInt(wall.minute);
    case 'Second':
      return BigInt(wall.second);
    case 'Unix':
      return BigInt(Math.floor(time.epochMs / 1000));
    case 'UnixMilli':
      return BigInt(Math.floor(time.epochMs));
    default:
      return undefined;
  }
}

/** The type as Go names it in messages. */
export function goTypeOf(value: TemplateValue): string {
  if (value === undefined) return '<nil>';
  return value instanceof Opaque ? value.goType : typeNameOf(value as Value);
}
