import {describe, expect, it} from 'vitest';
import {planSql} from '#test/support/planning.ts';

const setting = {
  streams: {a: '()', b: '()', typed: '(id bigint, x float)', other: '(id bigint, y float)'},
  tables: {
    scan: '()',
    keyed: 'CREATE TABLE keyed () WITH (DATASOURCE="k", TYPE="memory", KIND="lookup", KEY="id")',
  },
};

describe('joins that cannot work', () => {
  it.each([
    ['SELECT a.x FROM a INNER JOIN b ON a.x = b.x', 'a time window or count window is required to join multiple streams'],
    ['SELECT a.x FROM a INNER JOIN b ON a.x = b.x LEFT JOIN scan ON a.x = scan.x', 'is required to join multiple streams'],
    ['SELECT scan.x FROM scan GROUP BY COUNTWINDOW(2)', 'a window needs a stream'],
    ['SELECT keyed.x FROM keyed INNER JOIN a ON a.x = keyed.id', 'lookup table "keyed" cannot stand in FROM'],
    ['SELECT a.x FROM a INNER JOIN keyed ON a.x > keyed.id', 'needs at least one equi-join predicate'],
    ['SELECT a.x FROM a CROSS JOIN keyed', 'needs at least one equi-join predicate'],
    ['SELECT a.x FROM a INNER JOIN keyed ON a.x = keyed.id + 1', 'needs at least one equi-join predicate'],
    ['SELECT a.x FROM a INNER JOIN a ON a.x = a.y GROUP BY COUNTWINDOW(2)', 'two sources are called "a"'],
    ['SELECT id FROM typed INNER JOIN other ON typed.id = other.id GROUP BY COUNTWINDOW(2)', 'ambiguous field "id"'],
  ])('are refused: %s', (sql, reason) => {
    expect(() => planSql(sql, setting)).toThrow(reason);
  });

  it('are refused with metadata of one message', () => {
    const sql = 'SELECT a.x FROM a LEFT JOIN scan ON a.x = scan.x';
    expect(() => planSql(sql, {...setting, options: {sendMetaToSink: true}})).toThrow('"sendMetaToSink" does not work with a join');
  });

  it('are refused in event time over a table without TIMESTAMP', () => {
    const sql = 'SELECT a.x FROM a LEFT JOIN scan ON a.x = scan.x GROUP BY TUMBLINGWINDOW(ss, 1)';
    const timed = {...setting, with: {a: {TIMESTAMP: 'ts'}}, options: {isEventTime: true}};
    expect(() => planSql(sql, timed)).toThrow(/TIMESTAMP of table "scan"/);
  });
});

describe('joins that are probably not meant', () => {
  it.each([
    ['SELECT x FROM scan', 'a statement without a stream gives no result'],
    ['SELECT a.x FROM a RIGHT JOIN keyed ON a.x = keyed.id', 'gives what an INNER JOIN gives'],
    ['SELECT typed.x FROM typed INNER JOIN other ON typed.id GROUP BY COUNTWINDOW(2)', 'ON needs true or false'],
  ])('are warned of: %s', (sql, warning) => {
    expect(planSql(sql, setting).warnings.join()).toContain(warning);
  });
});
