import type {Expression} from './ast/expression.ts';
import type {CreateStatement, SourceOption, Statement} from './ast/statement.ts';

/**
 * Whether two statements mean the same: positions, white space, the case of keywords and option keys, quotes and redundant parentheses, the
 * order of options and of EXCEPT and REPLACE play no part. Names and function names are compared exactly.
 */
export function sameStatement(a: Statement, b: Statement): boolean {
  return isSame(normalize(a), normalize(b));
}

/** Whether two expressions are equal but for their positions. */
export function sameExpression(a: Expression, b: Expression): boolean {
  return isSame(a, b);
}

function normalize(statement: Statement): Statement {
  return statement.kind === 'create' ? normalizeOptions(statement) : statement;
}

const booleanOptions = ['SHARED', 'STRICT_VALIDATION', 'TEMP'];

/** The last of two equal keys counts. */
function normalizeOptions(statement: CreateStatement): CreateStatement {
  const last = new Map<string, SourceOption>();
  for (const option of statement.options) {
    const key = option.key.toUpperCase();
    last.set(key, {...option, key, value: booleanOptions.includes(key) ? option.value.toUpperCase() : option.value});
  }
  return {...statement, options: [...last.values()].sort((a, b) => (a.key < b.key ? -1 : 1))};
}

/** Equality of trees; `span` and the digits of a float (`1.50`) are no part of the meaning. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b || a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return Object.is(a, b);
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  }
  const left = meaningOf(a as Readonly<Record<string, unknown>>);
  const right = meaningOf(b as Readonly<Record<string, unknown>>);
  return left.size === right.size && [...left].every(([key, value]) => right.has(key) && isSame(value, right.get(key)));
}

function meaningOf(node: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries(node).filter(([key, value]) => key !== 'span' && value !== undefined && !(key === 'text' && node['kind'] === 'float')),
  );
}
