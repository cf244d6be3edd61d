import {describe, expect, it} from 'vitest';
import {parseSelect, parseStatement} from '#engine/language/parse.ts';
import {printStatement} from '#engine/language/print.ts';
import {sameStatement} from '#engine/language/same-statement.ts';
import {StatementError} from '#engine/language/syntax-error.ts';
import {recordedStatements} from '#test/support/statements.ts';

const statements = recordedStatements();

/** The original checks functions while it parses; here the planner does. */
const needsFunctions =
  /validate function|function \w+ not found|function changed_cols|set-returning|window functions|aggregate functions|row_number/;

function isRefused(sql: string): boolean {
  try {
    parseSelect(sql);
    return false;
  } catch (thrown) {
    if (thrown instanceof StatementError) return true;
    throw thrown;
  }
}

describe('the recorded statements', () => {
  it('are there', () => {
    expect(statements.length).toBeGreaterThan(1000);
  });

  it('are read when the original ran them', () => {
    const unread = statements.filter(({sql, refused, open}) => refused === undefined && !open && isRefused(sql));
    expect(unread.map(({file, name, sql}) => ({file, name, sql}))).toEqual([]);
  });

  it('are refused when they are no SQL to the original either', () => {
    const syntax = statements.filter(
      ({refused}) => refused !== undefined && /Parse SQL|neither sql|not a select/.test(refused) && !needsFunctions.test(refused),
    );
    expect(syntax.length).toBeGreaterThan(50);
    expect(syntax.filter(({sql}) => !isRefused(sql)).map(({name, sql}) => ({name, sql}))).toEqual([]);
  });

  it('read the same after printing, and print the same', () => {
    const read = statements.filter(({sql}) => !isRefused(sql)).map(({sql}) => parseStatement(sql));
    const changed = read.filter(statement => {
      const text = printStatement(statement);
      const again = parseStatement(text);
      return !sameStatement(statement, again) || printStatement(again) !== text;
    });
    expect(changed.map(printStatement)).toEqual([]);
  });
});
