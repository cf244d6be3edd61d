import type {CreateStatement, SourceOption, Statement} from '#engine/language/ast/statement.ts';
import {parseStatement} from '#engine/language/parse.ts';
import {printStatement} from '#engine/language/print.ts';
import {sameStatement} from '#engine/language/same-statement.ts';
import {StatementError} from '#engine/language/syntax-error.ts';

/** Options of a source that mean the same when absent. */
const optionDefaults: Readonly<Record<string, string>> = {
  FORMAT: 'json',
  TYPE: 'mqtt',
  SHARED: 'false',
  STRICT_VALIDATION: 'false',
  TEMP: 'false',
  KIND: 'scan',
  DELIMITER: ',',
  RETAIN_SIZE: '0',
};
const caseless = new Set(['FORMAT', 'TYPE', 'KIND', 'SHARED', 'STRICT_VALIDATION', 'TEMP']);

/** Whether two texts are one statement. Texts that this program cannot parse must be alike but for white space. */
export function isSameSql(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [parseOrNothing(a), parseOrNothing(b)];
  if (!left || !right) return squeeze(a) === squeeze(b);
  return sameStatement(withoutDefaults(left), withoutDefaults(right));
}

/**
 * Both texts as they are best compared line by line: in one form, options in one order and those that mean the same written the same, so that
 * only differences differ. Texts that this program cannot parse stay as they are.
 */
export function alignSql(declared: string, observed: string): readonly [declared: string, observed: string] {
  const [left, right] = [parseOrNothing(declared), parseOrNothing(observed)];
  if (!left || !right) return [declared, observed];
  if (left.kind !== 'create' || right.kind !== 'create') return [printStatement(left), printStatement(right)];
  const given = optionsOf(left);
  const held = optionsOf(right);
  const shared = [...held].map(([key, option]) => {
    const other = given.get(key);
    return other && meaningOf(other) === meaningOf(option) ? other : option;
  });
  const shown = (options: Iterable<SourceOption>, others: ReadonlyMap<string, SourceOption>) =>
    [...options].filter(option => others.has(option.key) || !isDefault(option)).sort((a, b) => (a.key < b.key ? -1 : 1));
  return [printStatement({...left, options: shown(given.values(), held)}), printStatement({...right, options: shown(shared, given)})];
}

function parseOrNothing(sql: string): Statement | undefined {
  try {
    return parseStatement(sql);
  } catch (thrown) {
    if (thrown instanceof StatementError) return undefined;
    throw thrown;
  }
}

function withoutDefaults(statement: Statement): Statement {
  if (statement.kind !== 'create') return statement;
  const options = [...optionsOf(statement).values()].filter(option => !isDefault(option));
  return {...statement, options: options.map(option => ({...option, value: meaningOf(option)}))};
}

/** The last of two equal keys counts. */
function optionsOf({options}: CreateStatement): ReadonlyMap<string, SourceOption> {
  return new Map(options.map(option => [option.key.toUpperCase(), option]));
}

function isDefault({key, value}: SourceOption): boolean {
  return value === '' || optionDefaults[key.toUpperCase()] === value.toLowerCase();
}

function meaningOf({key, value}: SourceOption): string {
  return caseless.has(key.toUpperCase()) ? value.toLowerCase() : value;
}

function squeeze(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim();
}
