import type {CreateStatement, Statement} from '#engine/language/ast/statement.ts';
import {parseStatement} from '#engine/language/parse.ts';
import {StatementError} from '#engine/language/syntax-error.ts';

/** Options of a source that mean the same when absent. */
const optionDefaults: Readonly<Record<string, string>> = {
  FORMAT: 'json',
  TYPE: 'mqtt',
  SHARED: 'false',
  STRICT_VALIDATION: 'false',
  TEMP: 'false',
};

/**
 * Whether two texts are one statement: the case of keywords, white space, the quotes and the order of options do not matter. Texts that
 * this program cannot parse must be alike but for white space.
 */
export function isSameSql(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [parseOrNothing(a), parseOrNothing(b)];
  if (!left || !right) return squeeze(a) === squeeze(b);
  return meaningOf(left) === meaningOf(right);
}

function parseOrNothing(sql: string): Statement | undefined {
  try {
    return parseStatement(sql);
  } catch (thrown) {
    if (thrown instanceof StatementError) return undefined;
    throw thrown;
  }
}

/** The tree without the places of its parts. */
function meaningOf(statement: Statement): string {
  const tree = statement.kind === 'create' ? {...statement, options: optionsOf(statement)} : statement;
  return JSON.stringify(tree, (key, value: unknown) => (key === 'span' ? undefined : typeof value === 'bigint' ? `${value}n` : value));
}

function optionsOf({options}: CreateStatement): readonly string[] {
  return options
    .flatMap(({key, value}) => {
      const fallback = optionDefaults[key];
      const meaning = fallback === undefined ? value : value.toLowerCase();
      return meaning === fallback ? [] : [`${key}=${meaning}`];
    })
    .sort();
}

function squeeze(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim();
}
