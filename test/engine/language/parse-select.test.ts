import {describe, expect, it} from 'vitest';
import type {SelectStatement} from '#engine/language/ast/statement.ts';
import {parseSelect, parseStatement, parseStatements} from '#engine/language/parse.ts';
import {outline, outlineOver} from '#test/support/outline.ts';

const select = (text: string): SelectStatement => parseSelect(text);

function fieldsOf(text: string): string[] {
  return select(`SELECT ${text} FROM demo`).fields.map(
    ({expression, alias, invisible}) =>
      `${outline(expression)}${alias === undefined ? '' : ` AS ${alias}`}${invisible ? ' INVISIBLE' : ''}`,
  );
}

describe('the select list', () => {
  it.each([
    ['a', ['a']],
    ['a, b AS c', ['a', 'b AS c']],
    ['a INVISIBLE, b + 1 AS c INVISIBLE', ['a INVISIBLE', '(+ b 1) AS c INVISIBLE']],
    ['*', ['(*)']],
    ['demo.*, a', ['(* demo)', 'a']],
    ['* EXCEPT(a, `b c`)', ['(* except:a,b c)']],
    ['* REPLACE(a + 1 AS a, b AS c)', ['(* (as (+ a 1) a) (as b c))']],
    ['* EXCEPT(a) REPLACE(b AS c)', ['(* except:a (as b c))']],
    ['* REPLACE(b AS c) EXCEPT(a)', ['(* except:a (as b c))']],
    ['demo.* EXCEPT(a)', ['(* demo except:a)']],
    ['`a-b` AS `t °C`, `温度`', ['a-b AS t °C', '温度']],
    ['value, key, type, name, stream, table, format, user', ['value', 'key', 'type', 'name', 'stream', 'table', 'format', 'user']],
    ['a AS null, b AS is, c AS distinct', ['a AS null', 'b AS is', 'c AS distinct']],
    ['distinct, null.x', ['distinct', '(. null x)']],
    ['distinct AS d', ['distinct AS d']],
    ['_a, A1', ['_a', 'A1']],
  ])('reads %s', (text, fields) => {
    expect(fieldsOf(text)).toEqual(fields);
  });

  it.each([
    ['SELECT DISTINCT a FROM demo', true],
    ['SELECT DISTINCT * FROM demo', true],
    ['SELECT DISTINCT `a` FROM demo', true],
    ["SELECT DISTINCT 'x' FROM demo", true],
    ['SELECT DISTINCT .5 FROM demo', true],
    ['SELECT DISTINCT (a) FROM demo', true],
    ['SELECT distinct/**/a FROM demo', true],
    ['SELECT distinct FROM demo', false],
    ['SELECT distinct, a FROM demo', false],
    ['SELECT distinct.a FROM demo', false],
    ['SELECT distinct = 1 FROM demo', false],
  ])('knows whether DISTINCT is a keyword in %s', (text, distinct) => {
    expect(select(text).distinct).toBe(distinct);
  });
});

describe('sources and joins', () => {
  it.each([
    ['demo', 'demo', undefined],
    ['demo AS d', 'demo', 'd'],
    ['`my-stream` AS `d e`', 'my-stream', 'd e'],
    ['plant/+/temp', 'plant/+/temp', undefined],
    ['#', '#', undefined],
    ['a/b/# AS x', 'a/b/#', 'x'],
    ['/a', '/a', undefined],
    ['demo/* comment */', 'demo', undefined],
    ['/* comment */ demo -- more', 'demo', undefined],
    ['null', 'null', undefined],
    ['stream', 'stream', undefined],
  ])('reads FROM %s', (text, name, alias) => {
    expect(select(`SELECT * FROM ${text}`).from).toMatchObject({name, alias});
  });

  it.each([
    ['INNER JOIN b ON a.x = b.x', 'inner', '(= (. a x) (. b x))'],
    ['JOIN b ON a.x = b.x', 'inner', '(= (. a x) (. b x))'],
    ['LEFT JOIN b ON x', 'left', 'x'],
    ['LEFT OUTER JOIN b ON x', 'left', 'x'],
    ['RIGHT JOIN b ON x', 'right', 'x'],
    ['RIGHT OUTER JOIN b ON x', 'right', 'x'],
    ['FULL JOIN b', 'full', undefined],
    ['FULL OUTER JOIN b ON x OR y', 'full', '(OR x y)'],
    ['CROSS JOIN b', 'cross', undefined],
    ['INNER JOIN b', 'inner', undefined],
  ])('reads %s', (text, type, on) => {
    const [join, ...rest] = select(`SELECT * FROM a ${text}`).joins;
    expect(rest).toEqual([]);
    expect(join).toMatchObject({type, source: {name: 'b', alias: undefined}});
    expect(join!.on && outline(join!.on)).toBe(on);
  });

  it('keeps several joins in order, with aliases', () => {
    const {joins} = select('SELECT * FROM a AS x LEFT JOIN b AS y ON x.i = y.i CROSS JOIN c/+ AS z INNER JOIN `d e` ON TRUE WHERE q');
    expect(joins.map(({type, source}) => [type, source.name, source.alias])).toEqual([
      ['left', 'b', 'y'],
      ['cross', 'c/+', 'z'],
      ['inner', 'd e', undefined],
    ]);
  });
});

describe('clauses', () => {
  const statement = select(`
    select device, avg(temp) as mean invisible
    from demo as d
    inner join limits on d.kind = limits.kind
    where temp > 10 and not isnull(device)
    group by device, tumblingwindow(ss, 10) filter (where temp < 100), round(temp)
    having count(*) > 1
    order by mean desc, device asc, temp
    limit 10`);

  it('are found in any case of the keywords', () => {
    expect(statement.where && outline(statement.where)).toBe('(AND (> temp 10) (not (call isnull device)))');
    expect(statement.groupBy.map(outline)).toEqual(['device', '(call round temp)']);
    expect(statement.having && outline(statement.having)).toBe('(> (call count (*)) 1)');
    expect(statement.orderBy.map(({expression, descending}) => [outline(expression), descending])).toEqual([
      ['mean', true],
      ['device', false],
      ['temp', false],
    ]);
    expect(statement.limit).toBe(10);
  });

  it('are undefined or empty where they are missing', () => {
    expect(select('SELECT a FROM demo')).toMatchObject({
      distinct: false,
      joins: [],
      where: undefined,
      groupBy: [],
      window: undefined,
      having: undefined,
      orderBy: [],
      limit: undefined,
    });
  });

  it.each([
    ['a b DESC c', ['a', '(desc b)', 'c']],
    ['a DESC, b', ['(desc a)', 'b']],
    ['count(*) DESC a->b[0]', ['(desc (call count (*)))', '([] (-> a b) 0)']],
    ['a - b, -c', ['(- a b)', '(minus c)']],
    ['a NULLS LAST, b DESC NULLS LAST', ['a', '(desc b)']],
    ['nulls, first DESC', ['nulls', '(desc first)']],
    ['a is DESC', ['a', '(desc is)']],
  ])('reads ORDER BY %s', (text, items) => {
    const {orderBy} = select(`SELECT * FROM demo ORDER BY ${text}`);
    expect(orderBy.map(({expression, descending}) => (descending ? `(desc ${outline(expression)})` : outline(expression)))).toEqual(items);
  });

  it.each([
    ['0', 0],
    ['5', 5],
    ['99999999999999999999', Number.MAX_SAFE_INTEGER],
  ])('reads LIMIT %s', (text, limit) => {
    expect(select(`SELECT * FROM demo LIMIT ${text}`).limit).toBe(limit);
  });
});

describe('windows', () => {
  it.each([
    ['TUMBLINGWINDOW(ss, 10)', 'tumbling', ['unit:ss', '10']],
    ['tumblingWindow(DD, 1)', 'tumbling', ['unit:dd', '1']],
    ['HOPPINGWINDOW(mi, 10, 5)', 'hopping', ['unit:mi', '10', '5']],
    ['SLIDINGWINDOW(hh, 1)', 'sliding', ['unit:hh', '1']],
    ['SLIDINGWINDOW(ms, 100, 0)', 'sliding', ['unit:ms', '100', '0']],
    ['SESSIONWINDOW(ss, 10, 5)', 'session', ['unit:ss', '10', '5']],
    ['COUNTWINDOW(5)', 'count', ['5']],
    ['COUNTWINDOW(5, 5)', 'count', ['5', '5']],
    ['STATEWINDOW(a > 1)', 'state', ['(> a 1)']],
    ['STATEWINDOW(a > 1, had_changed(true, b))', 'state', ['(> a 1)', '(call had_changed true b)']],
  ])('reads %s', (text, windowKind, values) => {
    const {window, groupBy} = select(`SELECT * FROM demo GROUP BY ${text}`);
    expect(groupBy).toEqual([]);
    expect(window?.windowKind).toBe(windowKind);
    expect(window?.arguments.map(outline)).toEqual(values);
  });

  it.each([
    ['SLIDINGWINDOW(ss, 5) FILTER (WHERE a > 2) OVER (WHEN b > 1)', '(> a 2)', '(over (when (> b 1)))'],
    ['SLIDINGWINDOW(ss, 5) OVER(WHEN b)', undefined, '(over (when b))'],
    ['STATEWINDOW(a) OVER (PARTITION BY b, c)', undefined, '(over (partition b c))'],
    ['STATEWINDOW(a) OVER (WHEN d PARTITION BY b)', undefined, '(over (partition b) (when d))'],
    ['STATEWINDOW(a) OVER (PARTITION BY b WHEN d)', undefined, '(over (partition b) (when d))'],
    ['COUNTWINDOW(2) FILTER(WHERE a)', 'a', undefined],
  ])('reads the suffixes of %s', (text, filter, over) => {
    const {window} = select(`SELECT * FROM demo GROUP BY x, ${text}, y`);
    expect(window?.filter && outline(window.filter)).toBe(filter);
    expect(window?.over && outlineOver(window.over)).toBe(over);
  });
});

describe('statements', () => {
  it('may end with a semicolon', () => {
    expect(parseStatement('SELECT a FROM demo ;\n -- done').kind).toBe('select');
  });

  it('are separated by semicolons', () => {
    const statements = parseStatements('SELECT a FROM demo; DROP STREAM demo;\nCREATE STREAM is () WITH (TYPE="x"); SHOW TABLES;');
    expect(statements.map(({kind}) => kind)).toEqual(['select', 'drop', 'create', 'show']);
  });

  it.each(['', ' \n', '-- nothing'])('are none in %j', text => {
    expect(parseStatements(text)).toEqual([]);
  });

  it('keep the line of a mistake in a later one', () => {
    expect(() => parseStatements('SELECT a FROM demo;\nSELECT FROM demo')).toThrow('line 2, column 8');
  });
});
