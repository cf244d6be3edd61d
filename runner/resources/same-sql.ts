import type {Statement} from '#engine/language/ast/statement.ts';
import {parseStatement} from '#engine/language/parse.ts';
import {sameStatement} from '#engine/language/same-statement.ts';
import {StatementError} from '#engine/language/syntax-error.ts';

/** Options of a source that mean the same when absent. */
const optionDefaults: Readonly<Record<string, string>> = {
  FORMAT: 'json',
  TYPE: 'mqtt',
  SHARED: 'false',
  STRICT_VALIDATION: 'false',
  TEMP: 'false',
};
const caseless = new Set(['FORMAT', 'TYPE']);

/** Whether two texts are one statement. Texts that this program cannot parse must be alike but for white space. */
export function isSameSql(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [parseOrNothing(a), parseOrNothing(b)];
  if (!left || !right) return squeeze(a) === squeeze(b);
  return sameStatement(withoutDefaults(left), withoutDefaults(right));
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
  const options = statement.options
    .map(option => (caseless.has(option.key) ? {...option, value: option.value.toLowerCase()} : option))
    .filter(({key, value}) => optionDefaults[key] !== value.toLowerCase());
  return {...statement, options};
}

function squeeze(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim();
}
