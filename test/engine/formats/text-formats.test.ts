import {describe, expect, it} from 'vitest';
import type {FormatOptions} from '#engine/formats/format.ts';
import {findFormat, formats} from '#engine/formats/registry.ts';
import {float, int} from '#engine/values/data-type.ts';
import {schemaless} from '#engine/values/stream-schema.ts';

const options: FormatOptions = {delimiter: ',', fields: [], hasHeader: false, wholeNumbersAsInt: false};

function decode(format: string, text: string, overrides: Partial<FormatOptions> = {}) {
  return findFormat(format)!
    .decoder(schemaless, {...options, ...overrides})
    .decode(Buffer.from(text));
}

function encoder(format: string, overrides: Partial<FormatOptions> = {}) {
  return findFormat(format)!.encoder({...options, ...overrides});
}

describe('the registry of formats', () => {
  it('knows each format by its name and says what it is', () => {
    for (const format of formats) {
      expect(findFormat(format.name)).toBe(format);
      expect(format.summary).toMatch(/\.$/);
    }
    expect(findFormat('xml')).toBeUndefined();
  });
});

describe('the delimited format', () => {
  const cases = [
    {text: 'a1,21.5,true', row: {col0: 'a1', col1: '21.5', col2: 'true'}},
    {text: '', row: {col0: ''}},
    {text: '"q,1",x', row: {col0: '"q', col1: '1"', col2: 'x'}},
    {text: 'a||b|c||d', overrides: {delimiter: '||'}, row: {col0: 'a', col1: 'b|c', col2: 'd'}},
    {text: 'a2,22,more', overrides: {fields: ['id', 'temp']}, row: {id: 'a2', temp: '22'}},
    {text: 'a3', overrides: {fields: ['id', 'temp']}, row: {id: 'a3'}},
  ];
  for (const {text, overrides, row} of cases) {
    it(`reads ${JSON.stringify(text)}`, () => expect(decode('delimited', text, overrides)).toEqual([row]));
  }

  it('reads numbers where columns are declared as such', () => {
    const schema = {
      columns: [
        {name: 'col0', type: int},
        {name: 'col1', type: float},
      ],
      open: false,
    };
    const decoder = findFormat('delimited')!.decoder(schema, options);
    expect(decoder.decode(Buffer.from('7,21.5,x'))).toEqual([{col0: 7, col1: 21.5}]);
    expect(() => decoder.decode(Buffer.from('7,warm'))).toThrow('col1 has wrong type:string, expect:float');
  });

  it('writes values joined, and keeps the columns of the first row', () => {
    const {encode} = encoder('delimited');
    expect(encode({b: 2, a: 1})).toBe('1,2');
    expect(encode({b: 3, c: 4})).toBe(',3');
    expect(encode({a: 5})).toBe('5,');
  });

  it('writes values of every kind', () => {
    const row = {a: 1000000, b: 12345678.5, c: 'x,y', d: true, e: [1, 'a'], f: {k: 1}, g: 0.000001, h: null};
    expect(encoder('delimited').encode(row)).toBe('1000000,12345678.5,x,y,true,[1 a],map[k:1],0.000001,');
  });

  it('writes a list as lines under a header', () => {
    const rows = [
      {id: 'a', v: 1},
      {id: 'b', v: 2.5},
    ];
    expect(encoder('delimited', {hasHeader: true, delimiter: '|'}).encode(rows)).toBe('id|v\na|1\nb|2.5');
    expect(encoder('delimited', {fields: ['v', 'id']}).encode(rows)).toBe('1,a\n2.5,b');
  });
});

describe('the urlencoded format', () => {
  const cases = [
    {text: 'id=a1&temp=21.5', row: {id: 'a1', temp: '21.5'}},
    {text: 'id=a%20b&x=%E6%B8%A9&y=1+2', row: {id: 'a b', x: '温', y: '1 2'}},
    {text: 'id=1&id=2&empty=', row: {id: ['1', '2'], empty: ''}},
    {text: 'flag', row: {flag: ''}},
  ];
  for (const {text, row} of cases) it(`reads ${text}`, () => expect(decode('urlencoded', text)).toEqual([row]));

  it('refuses a broken escape', () => expect(() => decode('urlencoded', 'bad=%ZZ')).toThrow('invalid escape in "%ZZ"'));
  it('refuses semicolons between parts', () => expect(() => decode('urlencoded', 'a=1;b=2')).toThrow('expected & between its parts'));

  it('keeps a __proto__ field a field', () => {
    const [row] = decode('urlencoded', '__proto__=x');
    expect(Object.entries(row!)).toEqual([['__proto__', 'x']]);
  });

  it('writes a row, repeating the name of an array', () => {
    expect(encoder('urlencoded').encode({t: 'a b&c', s: [1, 'x'], n: 12345678})).toBe('n=12345678&s=1&s=x&t=a+b%26c');
    expect(() => encoder('urlencoded').encode([{a: 1}])).toThrow('unsupported type array, must be a map');
  });
});

describe('the binary format', () => {
  it('reads the payload into self, as a copy', () => {
    const payload = Buffer.from([1, 2, 3]);
    const [row] = findFormat('binary')!.decoder(schemaless, options).decode(payload);
    payload[0] = 9;
    expect(row).toEqual({self: Buffer.from([1, 2, 3])});
  });

  it('writes exactly one bytea value', () => {
    const {encode} = encoder('binary');
    expect(encode({img: new Uint8Array([1, 2])})).toEqual(new Uint8Array([1, 2]));
    expect(encode([{img: new Uint8Array([1])}])).toEqual(new Uint8Array([1]));
    for (const data of [{a: 1}, {}, {a: new Uint8Array(), b: 1}, []]) expect(() => encode(data)).toThrow('exactly one bytea column');
  });
});
