import {anyStream, type BoundMetadata} from '#engine/planner/bound-expression.ts';
import type {Emission} from './emission.ts';
import type {RuleFacts} from './rule-facts.ts';

/** A column as the statement means it. */
export interface ColumnName {
  readonly stream: string;
  readonly name: string;
}

/** A text that two columns share when they are the same one. */
export function columnKey({stream, name}: ColumnName, {positions}: RuleFacts): string {
  return positions === undefined ? name : `${stream}\u0000${name}`;
}

/**
 * A column of `row`, null when it is missing; what every object inherits is no column. Where `row` is a tuple: the column of the side that
 * the name means, null where the tuple has no row of it.
 */
export function readColumn(row: string, column: ColumnName, facts: RuleFacts, emission: Emission): string {
  const {name} = column;
  const {positions} = facts;
  if (positions === undefined)
    return name in Object.prototype ? emission.call('ownMember', row, emission.constant(name)) : `${row}[${emission.key(name)}] ?? null`;
  if (column.stream === anyStream)
    return emission.call('firstMember', row, emission.constant(name), emission.constant(candidatesOf(name, facts)));
  const side = `${row}[${positions.get(column.stream)}]`;
  return name in Object.prototype
    ? emission.call('memberOfSide', side, emission.constant(name))
    : `${side}?.[${emission.key(name)}] ?? null`;
}

/** Whether `row` has a column and it is null. */
export function hasNull(row: string, column: ColumnName, {positions}: RuleFacts, emission: Emission): string {
  const {name} = column;
  if (name in Object.prototype) return 'false';
  if (positions === undefined) return `${row}[${emission.key(name)}] === null`;
  if (column.stream === anyStream) return emission.call('anyHasNull', row, emission.constant(name));
  return `${row}[${positions.get(column.stream)}]?.[${emission.key(name)}] === null`;
}

/** Where a metadata key stands: in that of the row, or of a tuple under the source. */
export function metadataPath({stream, path}: BoundMetadata, {positions}: RuleFacts): readonly string[] {
  return positions === undefined || stream === undefined ? path : [stream, ...path];
}

/** Sources whose rows may have a column of a name, in FROM and JOIN order. */
function candidatesOf(name: string, {plan}: RuleFacts): readonly Candidate[] {
  return plan.sources.flatMap(({schema}, position) => {
    const declared = schema.columns.find(column => column.name === name);
    return declared === undefined && !schema.open ? [] : [{position, isInt: declared?.type.kind === 'int'}];
  });
}

export interface Candidate {
  readonly position: number;
  /** The side holds the column in the typed form. */
  readonly isInt: boolean;
}
