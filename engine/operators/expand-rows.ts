import {EvaluationError} from '#engine/base/errors.ts';
import {defineMember} from '#engine/values/member.ts';
import {isRow} from '#engine/values/type-name.ts';
import type {Row, Value} from '#engine/values/value.ts';
import type {Counters} from './counters.ts';

/** What making several rows of one is made of. */
export interface ExpandParts {
  /** The field that holds the elements. */
  readonly field: string;
  /** The function that gave them, for messages. */
  readonly function: string;
  /** Rows made of one message; undefined: all. */
  readonly limit: number | undefined;
  readonly counters: Counters;
}

/**
 * The rows that the elements of a field make of projected rows, in order: the members of an object become columns, which hide those of their
 * names, and any other element stands in the place of the list. No list, or an empty one, is an error.
 */
export function expandRows(rows: readonly Row[], {field, function: name, limit = Number.POSITIVE_INFINITY}: ExpandParts): Row[] {
  const made: Row[] = [];
  for (const row of rows) {
    const elements = Object.hasOwn(row, field) ? row[field]! : null;
    if (!Array.isArray(elements) || elements.length === 0) throw new EvaluationError(`can't find the result from the ${name} function`);
    for (const element of elements as readonly Value[]) {
      if (made.length >= limit) return made;
      made.push(withElement(row, field, element));
    }
  }
  return made;
}

function withElement(row: Row, field: string, element: Value): Row {
  const isObject = isRow(element);
  const copy: Row = {};
  for (const [name, value] of Object.entries(row)) if (name !== field) defineMember(copy, name, value);
  if (isObject) for (const [name, value] of Object.entries(element)) defineMember(copy, name, value);
  else defineMember(copy, field, element);
  return copy;
}
