import type {BinaryOperator} from '#engine/language/ast/expression.ts';
import type {Span} from '#engine/language/ast/span.ts';
import {any, boolean, type DataType, float, int, sameType} from '#engine/values/data-type.ts';
import type {BoundExpression, BoundLiteral} from '../bound-expression.ts';

/** Operators that answer true or false for any operands they accept, nulls included. */
export const comparisonOperators: ReadonlySet<BinaryOperator> = new Set(['=', '!=', '<', '<=', '>', '>=']);
const arithmeticOperators: ReadonlySet<BinaryOperator> = new Set(['+', '-', '*', '/', '%']);

const isNumber = ({kind}: DataType): boolean => kind === 'int' || kind === 'float';

/**
 * The static type of `left operator right`. Operands that cannot work (string + int) give `any`: the row fails when it comes, as in eKuiper.
 * The bit operators give `any`, since a null operand makes them false whatever the other is.
 */
export function binaryType(operator: BinaryOperator, left: DataType, right: DataType): DataType {
  if (operator === 'AND' || operator === 'OR' || comparisonOperators.has(operator)) return boolean;
  if (!arithmeticOperators.has(operator)) return left.kind === 'boolean' && right.kind === 'boolean' ? boolean : any;
  if (left.kind === 'int' && right.kind === 'int') return int;
  return isNumber(left) && isNumber(right) ? float : any;
}

export function unaryType(operator: '-' | 'NOT', operand: DataType): DataType {
  if (operator === 'NOT') return boolean;
  return isNumber(operand) ? operand : any;
}

/** The one type of all results that are not NULL; `any` when they differ. */
export function unifiedType(types: readonly (DataType | undefined)[]): DataType {
  const known = types.filter(type => type !== undefined);
  const [first, ...others] = known;
  return first !== undefined && others.every(type => sameType(type, first)) ? first : any;
}

/**
 * Type of `target.name`. Members and elements are untyped slots (`Value`): an int in one is not in the typed form, and a
 * datetime is not converted in one.
 */
export function memberType(target: DataType, name: string): DataType {
  if (target.kind !== 'struct') return any;
  const field = target.fields?.find(candidate => candidate.name === name);
  return field === undefined ? any : insideContainer(field.type);
}

/** Type of `target[index]`. */
export function elementType(target: DataType): DataType {
  return target.kind === 'array' ? insideContainer(target.element) : any;
}

/** Type of `target[from:to]`. */
export function sliceType(target: DataType): DataType {
  return target.kind === 'array' ? target : any;
}

const insideContainer = (type: DataType): DataType => (type.kind === 'int' || type.kind === 'datetime' ? any : type);

/**
 * Why `left operator right` fails for every row without null, or undefined when it may work. Operands of unknown type may.
 */
export function certainMismatch(operator: BinaryOperator, left: DataType, right: DataType): string | undefined {
  if (left.kind === 'any' || right.kind === 'any') return undefined;
  const both = (test: (type: DataType) => boolean): boolean => test(left) && test(right);
  const of = (kind: DataType['kind']) => (type: DataType) => type.kind === kind;
  const fails = `"${operator}" does not work on ${nameOf(left)} and ${nameOf(right)}`;
  if (operator === 'AND' || operator === 'OR') return both(of('boolean')) ? undefined : fails;
  if (arithmeticOperators.has(operator)) return both(isNumber) ? undefined : fails;
  if (!comparisonOperators.has(operator)) return both(of('int')) || both(of('boolean')) ? undefined : fails;
  if (left.kind === 'datetime') return right.kind === 'boolean' || right.kind === 'bytea' ? fails : undefined;
  if (both(of('boolean'))) return operator === '=' || operator === '!=' ? undefined : fails;
  return both(isNumber) || both(of('string')) ? undefined : fails;
}

/** A type as messages name it. */
export function nameOf(type: DataType): string {
  return type.kind === 'array' || type.kind === 'struct' ? `an ${type.kind === 'array' ? 'array' : 'object'}` : type.kind;
}

export function nullLiteral(span: Span): BoundLiteral {
  return {kind: 'literal', value: null, type: any, span};
}

export const isNull = (node: BoundExpression): boolean => node.kind === 'literal' && node.value === null;
