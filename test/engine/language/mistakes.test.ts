import {describe, expect, it} from 'vitest';
import {errorCode} from '#engine/base/errors.ts';
import {parseExpression, parseSelect, parseStatement} from '#engine/language/parse.ts';
import {StatementError} from '#engine/language/syntax-error.ts';

interface Refusal {
  /** The statement; `^` stands before the place that the error must name. */
  readonly text: string;
  readonly says: string;
  readonly hint?: string;
}

function refusalOf(read: () => unknown): StatementError {
  try {
    read();
  } catch (thrown) {
    if (thrown instanceof StatementError) return thrown;
    throw thrown;
  }
  throw new Error('expected a refusal');
}

function refuses(cases: readonly Refusal[], read: (text: string) => unknown = parseStatement): void {
  it.each(cases)('refuses $text', ({text: marked, says, hint}) => {
    const at = marked.indexOf('^');
    const text = marked.slice(0, at) + marked.slice(at + 1);
    const error = refusalOf(() => read(text));
    expect(error.reason).toBe(says);
    expect(error.hint).toBe(hint);
    expect(error.span.start).toBe(at);
    const before = text.slice(0, at).split('\n');
    expect([error.line, error.column]).toEqual([before.length, before.at(-1)!.length + 1]);
    expect(error.code).toBe(errorCode.parser);
  });
}

describe('a misspelt keyword', () => {
  refuses([
    {text: '^SELCT id FROM demo', says: 'found "SELCT", expected SELECT', hint: 'Did you mean SELECT?'},
    {text: 'SELECT a ^FORM demo', says: 'found "FORM", expected FROM', hint: 'Did you mean FROM?'},
    {text: 'SELECT a\nFROM demo\n  ^WEHRE a > 1', says: 'found "WEHRE", expected WHERE', hint: 'Did you mean WHERE?'},
    {text: 'SELECT a FROM demo ^GRUOP BY a', says: 'found "GRUOP", expected GROUP', hint: 'Did you mean GROUP?'},
    {text: 'SELECT a FROM demo ORDER BY a ^LIMT 5', says: 'found "LIMT", expected LIMIT', hint: 'Did you mean LIMIT?'},
    {text: 'SELECT ^DISTINT a FROM demo', says: 'found "DISTINT", expected DISTINCT', hint: 'Did you mean DISTINCT?'},
    {text: 'SELECT a ^INVISBLE FROM demo', says: 'found "INVISBLE", expected INVISIBLE', hint: 'Did you mean INVISIBLE?'},
    {text: 'SELECT a FROM demo WHERE a > 1 ^AN b > 2', says: 'found "AN", expected AND', hint: 'Did you mean AND?'},
    {text: 'CREATE ^STREM demo () WITH (TYPE="x")', says: 'found "STREM", expected STREAM', hint: 'Did you mean STREAM?'},
    {text: 'CREATE STREAM demo () ^WTH (TYPE="x")', says: 'found "WTH", expected WITH', hint: 'Did you mean WITH?'},
    {text: 'SHOW ^STREAM', says: 'found "STREAM", expected STREAMS', hint: 'Did you mean STREAMS?'},
  ]);
});

describe('something missing', () => {
  refuses([
    {text: '^', says: 'found the end, expected SELECT, CREATE, SHOW, DESCRIBE, EXPLAIN or DROP'},
    {text: '   ^', says: 'found the end, expected SELECT, CREATE, SHOW, DESCRIBE, EXPLAIN or DROP'},
    {text: '^UPDATE demo SET a = 1', says: 'found "UPDATE", expected SELECT, CREATE, SHOW, DESCRIBE, EXPLAIN or DROP'},
    {text: 'SELECT ^FROM demo', says: 'found "FROM", expected an expression'},
    {text: 'SELECT id^', says: 'found the end, expected FROM'},
    {text: 'SELECT id FROM^', says: 'found the end, expected the name of a stream'},
    {text: 'SELECT id FROM ^WHERE a', says: 'found "WHERE", expected the name of a stream'},
    {text: 'SELECT id AS ^FROM demo', says: 'found "FROM", expected an alias'},
    {text: 'SELECT a + ^FROM demo', says: 'found "FROM", expected an expression'},
    {text: 'SELECT ^/ a FROM demo', says: 'found "/", expected an expression'},
    {text: 'SELECT a. ^FROM demo', says: 'found "FROM", expected a name'},
    {text: 'SELECT (^) FROM demo', says: 'found ")", expected an expression'},
    {text: 'SELECT id FROM demo WHERE^', says: 'found the end, expected an expression'},
    {text: 'SELECT id FROM demo GROUP ^COUNTWINDOW(2)', says: 'found "COUNTWINDOW", expected BY'},
    {text: 'SELECT id FROM demo ORDER BY^', says: 'found the end, expected an expression'},
    {text: 'SELECT v BETWEEN 1 ^FROM demo', says: 'found "FROM", expected AND'},
    {text: 'SELECT v BETWEEN 1 ^OR 3 AS x FROM demo', says: 'found "OR", expected AND'},
    {text: 'SELECT v IN (^) AS x FROM demo', says: 'found ")", expected an expression'},
    {text: 'SELECT a FROM demo WHERE a NOT ^b', says: 'found "b", expected BETWEEN, IN or LIKE'},
    {text: 'SELECT CASE WHEN a THEN b ^FROM demo', says: 'found "FROM", expected WHEN, ELSE or END'},
    {text: 'SELECT CASE a ^ELSE 1 END FROM demo', says: 'found "ELSE", expected WHEN'},
    {text: 'SELECT * EXCEPT ^id FROM demo', says: 'found "id", expected "("'},
    {text: 'SELECT lag(v) OVER ^PARTITION BY id FROM demo', says: 'found "PARTITION", expected "("'},
    {text: 'SELECT a FROM demo GROUP BY COUNTWINDOW(2) FILTER ^WHERE v', says: 'found "WHERE", expected "("'},
    {text: 'SELECT a FROM demo LEFT ^b', says: 'found "b", expected JOIN or OUTER'},
    {text: 'SELECT a FROM demo WHERE a > 1 ^b > 2', says: 'found "b", expected AND, OR, GROUP BY, HAVING, ORDER BY, LIMIT or the end'},
    {text: 'SELECT f(a ^b) FROM demo', says: 'found "b", expected "," or ")"'},
    {text: 'SELECT TUMBLINGWINDOW(ss ^10) FROM demo', says: 'found "10", expected "," or ")"'},
    {text: "SELECT a FROM demo LIMIT ^'two'", says: "found 'two', expected a whole number"},
    {text: 'SELECT a FROM demo LIMIT ^id', says: 'found "id", expected a whole number'},
    {text: 'SELECT a FROM demo LIMIT ^-1', says: 'found "-1", expected a whole number after LIMIT'},
    {text: 'SELECT a FROM demo LIMIT ^1.5', says: 'found "1.5", expected a whole number after LIMIT'},
  ]);
});

describe('commas, aliases and names', () => {
  const separate = 'Fields are separated by commas, and an alias needs AS.';
  refuses([
    {text: 'SELECT id, ^FROM demo', says: 'found "FROM", expected an expression', hint: 'Remove the comma before it.'},
    {text: 'SELECT ^, id FROM demo', says: 'found ",", expected an expression'},
    {text: 'SELECT id ^temp FROM demo', says: 'found "temp", expected ",", AS or FROM', hint: separate},
    {text: 'SELECT a + b ^c FROM demo', says: 'found "c", expected ",", AS or FROM', hint: separate},
    {text: 'SELECT id FROM demo ^d', says: 'found "d", an alias needs AS', hint: 'Write AS d for an alias of the stream.'},
    {
      text: "SELECT id AS ^'device' FROM demo",
      says: "found 'device', expected a name after AS",
      hint: 'Write the alias without quotes, or in back-quotes.',
    },
    {text: 'SELECT * ^AS x FROM demo', says: 'an alias cannot stand after "*"'},
    {text: 'SELECT * EXCEPT(a) ^AS x FROM demo', says: 'an alias cannot stand after "*"'},
    {text: 'SELECT id AS ^ms FROM demo', says: '"ms" is a reserved word', hint: 'Write `ms` in back-quotes for a name.'},
    {text: 'SELECT ^order FROM demo', says: '"order" is a reserved word', hint: 'Write `order` in back-quotes for a name.'},
    {text: 'SELECT a->^end FROM demo', says: '"end" is a reserved word', hint: 'Write `end` in back-quotes for a name.'},
    {text: 'SELECT ^ss FROM demo', says: '"ss" is a reserved word', hint: 'Write `ss` in back-quotes for a name.'},
    {
      text: 'SELECT f(^ss) FROM demo',
      says: '"ss" is a time unit and belongs to a window',
      hint: 'Write `ss` in back-quotes for a column of that name.',
    },
    {
      text: 'SELECT ^1st FROM demo',
      says: 'found "1st", expected a number or a name',
      hint: 'A name that begins with a digit stands in back-quotes: `1st`.',
    },
    {
      text: 'SELECT ^$id FROM demo',
      says: '"$" has no meaning here',
      hint: 'A name with other characters than letters, digits and "_" stands in back-quotes.',
    },
    {
      text: 'SELECT ^温度 FROM demo',
      says: 'found "温", names outside back-quotes have ASCII letters only',
      hint: 'Put the name in back-quotes.',
    },
    {text: 'SELECT a FROM demo^, b', says: 'found ",", one stream stands after FROM', hint: 'Join others: INNER JOIN name ON condition.'},
  ]);
});

describe('brackets, quotes and comments', () => {
  refuses([
    {text: 'SELECT (a + b)^) FROM demo', says: '")" has no opening "("'},
    {text: 'SELECT a^] FROM demo', says: '"]" has no opening "["'},
    {text: 'SELECT f(a[1^) FROM demo', says: 'found ")", expected "]"', hint: 'The "[" in line 1, column 11 is not closed.'},
    {text: 'SELECT round(a ^FROM demo', says: 'found "FROM", expected ")"', hint: 'The "(" in line 1, column 13 is not closed.'},
    {text: 'SELECT a FROM demo WHERE (a > 1^', says: 'found the end, expected ")"', hint: 'The "(" in line 1, column 26 is not closed.'},
    {text: "SELECT ^'abc FROM demo", says: 'the single quote is not closed on its line', hint: 'Write \\n for a line break in a text.'},
    {text: 'SELECT ^"abc\n" FROM demo', says: 'the double quote is not closed on its line', hint: 'Write \\n for a line break in a text.'},
    {text: "SELECT 'it'^'s' FROM demo", says: "found 's' right after another text", hint: `A quote inside a text is written \\' or \\".`},
    {text: 'SELECT ^`id FROM demo', says: 'the back-quote is not closed'},
    {text: 'SELECT ^`` FROM demo', says: 'a name in back-quotes is empty'},
    {text: 'SELECT ^“a” FROM demo', says: 'found the typographic quote “', hint: 'Write a straight quote: \' or ".'},
    {text: 'SELECT^\u00a0a FROM demo', says: 'U+00A0 has no meaning here'},
    {text: 'SELECT a ^/* b FROM demo', says: 'the comment is not closed', hint: 'End it with "*/".'},
    {text: "SELECT '^\\d+' FROM demo", says: 'unknown escape "\\d"', hint: 'Write "\\\\d" for a backslash followed by d.'},
    {text: "SELECT 'x^\\x4' FROM demo", says: 'found "\\x", expected \\x and two hexadecimal digits'},
    {text: "SELECT '^\\ud83d' FROM demo", says: '"\\ud83d" is not a character'},
    {text: "SELECT '^\\400' FROM demo", says: 'found "\\4", expected three octal digits up to \\377'},
    {text: `SELECT "^\\'" FROM demo`, says: `unknown escape "\\'"`, hint: `Write "\\\\'" for a backslash followed by '.`},
  ]);
});

describe('numbers and operators', () => {
  refuses([
    {text: 'SELECT ^1.2.3 FROM demo', says: 'found "1.2.3", expected a number'},
    {text: 'SELECT ^1e999 FROM demo', says: 'the number "1e999" is too large'},
    {
      text: 'SELECT ^1e FROM demo',
      says: 'found "1e", expected a number or a name',
      hint: 'A name that begins with a digit stands in back-quotes: `1e`.',
    },
    {text: 'SELECT a ^== 1 FROM demo', says: 'found "==", expected =', hint: 'Compare with a single "=".'},
    {
      text: 'SELECT a ^|| b FROM demo',
      says: 'found "||", expected an operator of the language',
      hint: 'Join texts with concat(a, b), conditions with OR.',
    },
    {text: 'SELECT a ^&& b FROM demo', says: 'found "&&", expected AND', hint: 'Join conditions with AND.'},
    {text: 'SELECT ^!a FROM demo', says: 'found "!", expected != or NOT', hint: 'Write NOT before a condition.'},
    {text: 'SELECT a = ^NOT b FROM demo', says: 'found "NOT", expected an expression', hint: 'Put NOT and its operand in parentheses.'},
    {text: 'SELECT a IS ^TRUE FROM demo', says: 'found "TRUE", expected NULL or NOT', hint: 'Write = TRUE.'},
    {
      text: 'SELECT a IN ^[1, 2] FROM demo',
      says: 'found "[", expected an expression',
      hint: 'A list stands in parentheses after IN; array_create(…) makes an array.',
    },
    {text: 'SELECT rows[^*]->v FROM demo', says: 'found "*", expected an expression, "]" or ":"'},
    {text: 'SELECT xs[^3:1] FROM demo', says: 'the start 3 of a slice must be below its end 1'},
    {text: 'SELECT xs[^0:0] FROM demo', says: 'the start 0 of a slice must be below its end 0'},
    {
      text: "SELECT xs[^'a b'] FROM demo",
      says: 'an index is a whole number, not a text',
      hint: 'Write ->`a b` for a member of an object.',
    },
  ]);
});

describe('clauses', () => {
  const order = 'The order is SELECT, FROM, JOIN, WHERE, GROUP BY, HAVING, ORDER BY, LIMIT.';
  refuses([
    {text: 'SELECT a FROM demo WHERE b ^WHERE c', says: 'WHERE stands twice'},
    {text: 'SELECT a FROM demo GROUP BY COUNTWINDOW(2) ^WHERE b', says: 'found "WHERE" too late', hint: order},
    {text: 'SELECT a FROM demo ORDER BY a ^GROUP BY COUNTWINDOW(2)', says: 'found "GROUP" too late', hint: order},
    {
      text: 'SELECT a FROM demo; ^SELECT b FROM demo',
      says: 'found "SELECT" after the end of the statement',
      hint: 'One statement may stand here.',
    },
    {
      text: 'SELECT a FROM demo ^UNION SELECT b FROM demo',
      says: 'UNION is not part of the language',
      hint: 'Write two rules with the same target.',
    },
    {
      text: 'SELECT a FROM demo LIMIT 1 ^OFFSET 2',
      says: 'OFFSET is not part of the language',
      hint: 'LIMIT counts from the first row of a window.',
    },
    {text: 'SELECT a FROM demo JOIN b ^USING c', says: 'USING is not part of the language', hint: 'Write ON a.id = b.id.'},
    {
      text: 'SELECT a FROM ^(SELECT b FROM demo)',
      says: 'a statement cannot contain another',
      hint: 'Let one rule write to a memory topic and a stream read from it.',
    },
    {
      text: 'SELECT a FROM demo WHERE a IN (^SELECT b FROM c)',
      says: 'a statement cannot contain another',
      hint: 'Let one rule write to a memory topic and a stream read from it.',
    },
    {text: 'SELECT a FROM demo CROSS JOIN b ON ^c', says: 'CROSS JOIN takes no ON', hint: 'Write INNER JOIN … ON, or leave ON out.'},
    {text: 'SELECT a FROM demo ORDER BY ^1', says: 'ORDER BY takes columns and expressions, not positions', hint: 'Name the column.'},
    {text: 'SELECT a FROM demo ORDER BY a NULLS ^FIRST', says: 'NULLS FIRST is not supported', hint: 'Null sorts last in both directions.'},
    {text: 'SELECT lag(a) ^OVER (WHEN b PARTITION BY c) FROM demo', says: 'in the OVER of a function PARTITION BY stands before WHEN'},
    {text: 'SELECT lag(a) OVER (WHEN b ^WHEN c) FROM demo', says: 'WHEN stands twice in OVER'},
    {text: 'SELECT lag(a) OVER (^b) FROM demo', says: 'found "b", expected PARTITION BY, WHEN, ORDER BY or ")"'},
  ]);
});

describe('windows', () => {
  const group = (window: string) => `SELECT a FROM demo GROUP BY ${window}`;
  refuses([
    {text: group('^TUMBLINGWINDOW()'), says: 'tumblingwindow takes 2 arguments, not 0', hint: 'Write TUMBLINGWINDOW(ss, 10).'},
    {text: group('^HOPPINGWINDOW(ss, 10)'), says: 'hoppingwindow takes 3 arguments, not 2', hint: 'Write HOPPINGWINDOW(ss, 10, 5).'},
    {
      text: group('^SLIDINGWINDOW(ss, 1, 2, 3)'),
      says: 'slidingwindow takes 2 or 3 arguments, not 4',
      hint: 'Write SLIDINGWINDOW(ss, 10) or SLIDINGWINDOW(ss, 10, 5).',
    },
    {
      text: group('^STATEWINDOW()'),
      says: 'statewindow takes 1 or 2 arguments, not 0',
      hint: 'Write STATEWINDOW(condition) or STATEWINDOW(begin, emit).',
    },
    {
      text: group('TUMBLINGWINDOW(^yy, 10)'),
      says: 'the first argument of tumblingwindow is a time unit: dd, hh, mi, ss or ms',
      hint: 'Write TUMBLINGWINDOW(ss, 10).',
    },
    {
      text: group('SESSIONWINDOW(ss, ^1.5, 1)'),
      says: 'the length of sessionwindow must be a whole number',
      hint: 'Write SESSIONWINDOW(ss, 60, 5).',
    },
    {
      text: group('COUNTWINDOW(^ss)'),
      says: 'the length of countwindow must be a whole number',
      hint: 'Write COUNTWINDOW(5) or COUNTWINDOW(5, 2).',
    },
    {text: group('COUNTWINDOW(^0)'), says: 'the length of countwindow must be above 0'},
    {text: group('TUMBLINGWINDOW(ss, ^-1)'), says: 'the length of tumblingwindow must be above 0'},
    {text: group('SESSIONWINDOW(ss, 2, ^0)'), says: 'the length of sessionwindow must be above 0'},
    {text: group('SLIDINGWINDOW(ss, ^-1)'), says: 'the length of slidingwindow must not be below 0'},
    {
      text: group('COUNTWINDOW(2, ^5)'),
      says: 'the interval 5 of countwindow is above its length 2',
      hint: 'Use an interval up to the length.',
    },
    {
      text: group('STATEWINDOW(^ss)'),
      says: 'statewindow takes conditions, not a time unit',
      hint: 'Write STATEWINDOW(condition) or STATEWINDOW(begin, emit).',
    },
    {
      text: group('COUNTWINDOW(2), ^TUMBLINGWINDOW(ss, 1)'),
      says: 'a statement has one window',
      hint: 'Remove the second one, or use a second rule.',
    },
    {text: group('^COUNTWINDOW(DISTINCT 2)'), says: 'DISTINCT cannot stand in a window'},
    {
      text: 'SELECT ^TUMBLINGWINDOW(ss, 10) FROM demo',
      says: '"TUMBLINGWINDOW" is a window and belongs to GROUP BY',
      hint: 'It stands there as an item of its own.',
    },
    {
      text: group('f(^CountWindow(2))'),
      says: '"CountWindow" is a window and belongs to GROUP BY',
      hint: 'It stands there as an item of its own.',
    },
  ]);
});

describe('definitions', () => {
  const types = 'expected BIGINT, FLOAT, STRING, DATETIME, BOOLEAN, BYTEA, ARRAY(T), STRUCT(name T, …)';
  const keys =
    'expected one of DATASOURCE, FORMAT, KEY, CONF_KEY, SHARED, STRICT_VALIDATION, TYPE, TIMESTAMP, TIMESTAMP_FORMAT, RETAIN_SIZE, ' +
    'SCHEMAID, EXTRA, VERSION, TEMP, KIND, DELIMITER';
  const columns = (text: string) => `CREATE STREAM demo (${text}) WITH (TYPE="x")`;
  const options = (text: string) => `CREATE STREAM demo () WITH (${text})`;
  refuses([
    {text: 'CREATE ^demo () WITH (TYPE="x")', says: 'found "demo", expected STREAM or TABLE'},
    {text: 'CREATE STREAM ^() WITH (TYPE="x")', says: 'found "(", expected the name of a stream'},
    {text: 'CREATE TABLE^', says: 'found the end, expected the name of a table'},
    {text: 'CREATE STREAM demo ^WITH (TYPE="x")', says: 'found "WITH", expected "("'},
    {text: 'CREATE STREAM demo ()^', says: 'found the end, expected WITH'},
    {text: 'CREATE STREAM demo () WITH ^TYPE="x"', says: 'found "TYPE", expected "("'},
    {text: options('^'), says: 'found ")", expected an option'},
    {text: columns('a^'), says: 'found ")", expected a type'},
    {text: columns('a ^integer'), says: `unknown type "integer", ${types}`, hint: 'Did you mean BIGINT?'},
    {text: columns('a varchar(^10)'), says: 'found "10", a type has no length', hint: 'Write STRING, BIGINT or FLOAT alone.'},
    {text: columns('a ^bigin'), says: `unknown type "bigin", ${types}`, hint: 'Did you mean BIGINT?'},
    {text: columns('a array(^text)'), says: `unknown type "text", ${types}`, hint: 'Did you mean STRING?'},
    {text: columns('a ^array'), says: 'ARRAY needs the type of its elements', hint: 'Write ARRAY(BIGINT), for example.'},
    {text: columns('a ^struct'), says: 'STRUCT needs its fields', hint: 'Write STRUCT(name STRING, size BIGINT), for example.'},
    {text: columns('a ^array(x bigint)'), says: 'ARRAY takes one type without a name', hint: 'Write ARRAY(BIGINT), for example.'},
    {
      text: columns('a ^struct(bigint)'),
      says: 'a field of STRUCT needs a name and a type',
      hint: 'Write STRUCT(name STRING, size BIGINT), for example.',
    },
    {text: columns('a ^bigint(string)'), says: 'BIGINT takes no type in parentheses'},
    {text: columns('^order bigint'), says: '"order" is a reserved word', hint: 'Write `order` in back-quotes for a name.'},
    {text: columns('a bigint ^b float'), says: 'found "b", expected ",", "(", ")" or DEFAULT'},
    {text: columns('a bytea DEFAULT ^5'), says: 'column "a" is bytea: DEFAULT stands with bigint, float, string and boolean only'},
    {text: columns('a bigint DEFAULT ^null'), says: 'found "null", expected a number, a text, TRUE or FALSE'},
    {
      text: options('TYPE=^mqtt'),
      says: 'found "mqtt", expected a text in double quotes, TRUE or FALSE',
      hint: 'Write TYPE="mqtt".',
    },
    {
      text: options('retain_size=^3'),
      says: 'found "3", expected a text in double quotes, TRUE or FALSE',
      hint: 'Write retain_size="3".',
    },
    {text: options("^TYPE='mqtt'"), says: 'the value of TYPE stands in double quotes', hint: 'Write TYPE="mqtt".'},
    {text: options('TYPE ^"mqtt"'), says: 'found "mqtt", expected "="'},
    {text: options('^COLOUR="red"'), says: `unknown option "COLOUR", ${keys}`},
    {text: options('^DATASORCE="x"'), says: `unknown option "DATASORCE", ${keys}`, hint: 'Did you mean DATASOURCE?'},
    {text: 'DROP ^demo', says: 'found "demo", expected STREAM or TABLE'},
    {text: 'DESCRIBE STREAM demo ^extra', says: 'found "extra", expected the end'},
  ]);
});

describe('an expression alone', () => {
  refuses(
    [
      {text: 'a +^', says: 'found the end, expected an expression'},
      {text: 'a ^b', says: 'found "b", expected AND, OR or the end'},
      {text: '^SELECT', says: '"SELECT" is a reserved word', hint: 'Write `SELECT` in back-quotes for a name.'},
      {
        text: 'f(^COUNTWINDOW(2))',
        says: '"COUNTWINDOW" is a window and belongs to GROUP BY',
        hint: 'It stands there as an item of its own.',
      },
    ],
    parseExpression,
  );
});

describe('the text of an error', () => {
  it('has reason, place, hint and the marked line', () => {
    const error = refusalOf(() => parseStatement('SELECT a,\n  b FORM demo'));
    expect(error.message).toBe('found "FORM", expected FROM (line 2, column 5). Did you mean FROM?\n    b FORM demo\n      ^^^^');
  });

  it('refuses other statements where a rule needs SELECT', () => {
    const error = refusalOf(() => parseSelect('SHOW STREAMS'));
    expect(error.message).toContain('found SHOW, expected SELECT (line 1, column 1). A rule is a SELECT statement.');
  });

  it('stays short for a long expression', () => {
    const {message} = refusalOf(() => parseStatement(`SELECT a FROM b WHERE ${Array(5000).fill('a > 1').join(' AND ')}`));
    expect(message).toContain('nests deeper than');
    expect(message.length).toBeLessThan(700);
  });

  it('stays short for long lines', () => {
    const error = refusalOf(() => parseStatement(`SELECT ${'a, '.repeat(1000)} FROM demo`));
    expect(error.message.length).toBeLessThan(400);
    expect(error.column).toBe(3009);
  });
});
