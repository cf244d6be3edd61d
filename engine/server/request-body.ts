import {ArrokothError, messageOf} from '#engine/base/errors.ts';
import {nestsDeeperThan} from '#engine/base/json-depth.ts';

/** Levels of objects and arrays in a body. */
const maxDepth = 500;
const shownLength = 200;

/**
 * The members of a JSON body, whatever content type it came with; `null` counts as an object without members, as in Go. Throws
 * `Invalid body: <what>: <reason>` for anything but an object.
 */
export function readObject(body: unknown, what: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  if (typeof body === 'string' && nestsDeeperThan(maxDepth, body)) {
    throw new ArrokothError(`Invalid body: ${what}: the JSON nests deeper than ${maxDepth} levels`);
  }
  try {
    value = JSON.parse(typeof body === 'string' ? body : '');
  } catch (thrown) {
    throw new ArrokothError(
      `Invalid body: ${what}: ${body === undefined || body === '' ? 'the body is empty' : visible(messageOf(thrown))}`,
    );
  }
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new ArrokothError(`Invalid body: ${what}: expected an object, got ${Array.isArray(value) ? 'an array' : `a ${typeof value}`}`);
  }
  return value as Record<string, unknown>;
}

/** A string member; names match in any case, as in Go. Absent and null give ''. */
export function readString(members: Readonly<Record<string, unknown>>, name: string, what: string): string {
  const value = member(members, name);
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new ArrokothError(`Invalid body: ${what}: ${name}: expected a string, got ${shown(value)}`);
  return value;
}

/** A member that holds a list of strings. Absent and null give []. */
export function readStrings(members: Readonly<Record<string, unknown>>, name: string, what: string): readonly string[] {
  const value = member(members, name) ?? [];
  if (Array.isArray(value) && value.every(item => typeof item === 'string')) return value as string[];
  throw new ArrokothError(`${what}: ${name}: expected a list of strings, got ${shown(value)}`);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > shownLength ? `${text.slice(0, shownLength)}…` : text;
}

function member(members: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(members, name)) return members[name];
  const key = Object.keys(members).findLast(one => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : members[key];
}

/** The parser quotes what it found, which may be anything: the answer must stay JSON. */
function visible(text: string): string {
  return text.replace(/[\x00-\x1f\x7f]/g, character => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
