import {describe, expect, it} from 'vitest';
import type {ColumnType, CreateStatement} from '#engine/language/ast/statement.ts';
import {parseStatement} from '#engine/language/parse.ts';
import {outline} from '#test/support/outline.ts';

const create = (text: string): CreateStatement => parseStatement(text) as CreateStatement;

function typeText(type: ColumnType): string {
  if (type.kind === 'array') return `array(${typeText(type.element)})`;
  if (type.kind === 'struct') return `struct(${type.fields.map(field => `${field.name}:${typeText(field.type)}`).join(' ')})`;
  return type.kind;
}

describe('CREATE', () => {
  it('reads every option, keys in any case, commas or none', () => {
    const {options} = create(`CREATE STREAM demo () WITH (
      datasource = "a/+/b", Format="json" KEY="id", CONF_KEY="x" SHARED=TRUE, strict_validation = false
      TYPE="mqtt", TIMESTAMP="ts" TIMESTAMP_FORMAT="yyyy" RETAIN_SIZE="3" SCHEMAID="s.M" EXTRA="{\\"a\\": 1}"
      VERSION="1" TEMP="true" KIND="scan" DELIMITER=";",)`);
    expect(options.map(({key, value}) => [key, value])).toEqual([
      ['DATASOURCE', 'a/+/b'],
      ['FORMAT', 'json'],
      ['KEY', 'id'],
      ['CONF_KEY', 'x'],
      ['SHARED', 'TRUE'],
      ['STRICT_VALIDATION', 'FALSE'],
      ['TYPE', 'mqtt'],
      ['TIMESTAMP', 'ts'],
      ['TIMESTAMP_FORMAT', 'yyyy'],
      ['RETAIN_SIZE', '3'],
      ['SCHEMAID', 's.M'],
      ['EXTRA', '{"a": 1}'],
      ['VERSION', '1'],
      ['TEMP', 'true'],
      ['KIND', 'scan'],
      ['DELIMITER', ';'],
    ]);
  });

  it.each([
    ['a bigint', ['a bigint']],
    [
      'a BIGINT, b Float, c string, d DateTime, e boolean, f bytea,',
      ['a bigint', 'b float', 'c string', 'd datetime', 'e boolean', 'f bytea'],
    ],
    ['a array(string), b ARRAY(ARRAY(bigint))', ['a array(string)', 'b array(array(bigint))']],
    ['a struct(x bigint, y array(struct(z string)))', ['a struct(x:bigint y:array(struct(z:string)))']],
    ['a struct(x bigint,)', ['a struct(x:bigint)']],
    ['type string, key string, stream string, with bigint', ['type string', 'key string', 'stream string', 'with bigint']],
    ['null string, is bigint, distinct float, outer string', ['null string', 'is bigint', 'distinct float', 'outer string']],
    ['distinct bigint', ['distinct bigint']],
    ['`order` bigint, `温度` float', ['order bigint', '温度 float']],
    ['', []],
  ])('reads the columns (%s)', (text, columns) => {
    const statement = create(`CREATE STREAM demo (${text}) WITH (DATASOURCE="x")`);
    expect(statement.columns.map(({name, type}) => `${name} ${typeText(type)}`)).toEqual(columns);
  });

  it('reads defaults', () => {
    const {columns} = create(
      `CREATE TABLE t (a bigint DEFAULT -3, b float default 1.5, c string DEFAULT 'x', d boolean DEFAULT TRUE, e string) WITH (TYPE="file")`,
    );
    expect(columns.map(({defaultValue}) => defaultValue && outline(defaultValue))).toEqual(['-3', 'float:1.5', '"x"', 'true', undefined]);
  });

  it.each([
    ['CREATE STREAM demo () WITH (TYPE="x")', 'stream', 'demo'],
    ['create table `my-table` () with (TYPE="x");', 'table', 'my-table'],
    ['CREATE STREAM stream () WITH (TYPE="x")', 'stream', 'stream'],
    ['CREATE TABLE with () WITH (TYPE="x")', 'table', 'with'],
  ])('knows kind and name in %s', (text, sourceKind, name) => {
    expect(create(text)).toMatchObject({kind: 'create', sourceKind, name});
  });
});

describe('the other statements', () => {
  it.each([
    ['SHOW STREAMS', {kind: 'show', sourceKind: 'stream'}],
    ['show tables', {kind: 'show', sourceKind: 'table'}],
    ['DESCRIBE STREAM demo', {kind: 'describe', sourceKind: 'stream', name: 'demo'}],
    ['DESCRIBE TABLE `a-b`', {kind: 'describe', sourceKind: 'table', name: 'a-b'}],
    ['EXPLAIN STREAM demo', {kind: 'explain', sourceKind: 'stream', name: 'demo'}],
    ['EXPLAIN TABLE demo', {kind: 'explain', sourceKind: 'table', name: 'demo'}],
    ['DROP STREAM stream', {kind: 'drop', sourceKind: 'stream', name: 'stream'}],
    ['drop table demo;', {kind: 'drop', sourceKind: 'table', name: 'demo'}],
  ])('reads %s', (text, shape) => {
    expect(parseStatement(text)).toMatchObject(shape);
  });
});
