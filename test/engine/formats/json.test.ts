import {describe, expect, it} from 'vitest';
import type {FormatOptions} from '#engine/formats/format.ts';
import {jsonFormat} from '#engine/formats/json.ts';
import {any, arrayOf, boolean, bytea, type DataType, datetime, float, int, string, struct} from '#engine/values/data-type.ts';
import {type StreamSchema, schemaless} from '#engine/values/stream-schema.ts';

const options: FormatOptions = {delimiter: ',', fields: [], hasHeader: false, wholeNumbersAsInt: false};

function decode(text: string, schema: StreamSchema = schemaless, overrides: Partial<FormatOptions> = {}) {
  return jsonFormat.decoder(schema, {...options, ...overrides}).decode(Buffer.from(text));
}

function closed(columns: Record<string, DataType>): StreamSchema {
  return {columns: Object.entries(columns).map(([name, type]) => ({name, type})), open: false};
}

describe('the JSON decoder without a schema', () => {
  const cases = [
    {name: 'makes an object a row', text: '{"a":1,"b":"x","c":null,"d":[1,{"e":2}]}', rows: [{a: 1, b: 'x', c: null, d: [1, {e: 2}]}]},
    {name: 'makes an array of objects several rows', text: '[{"a":1},{"a":2}]', rows: [{a: 1}, {a: 2}]},
    {name: 'makes an empty array no row', text: '[]', rows: []},
    {name: 'makes an empty object a row', text: '{}', rows: [{}]},
    {name: 'takes the last of repeated names', text: '{"v":1,"v":2}', rows: [{v: 2}]},
    {name: 'allows blanks around the text', text: ' {"a":1}\n', rows: [{a: 1}]},
    {name: 'reads escapes', text: '{"s":"\\u6e29\\ud83d\\ude00\\n\\/"}', rows: [{s: '温😀\n/'}]},
    {name: 'makes every number a float', text: '{"a":12345678901234567890}', rows: [{a: 12345678901234567000}]},
  ];
  for (const {name, text, rows} of cases) it(name, () => expect(decode(text)).toEqual(rows));

  const broken = [
    {
      text: '{"id": 1, "x": ',
      error: 'the payload is not JSON: the text ends where a value was expected at character 16, near ": 1, \\"x\\": "',
    },
    {text: 'hello', error: 'the payload is not JSON: expected a value at character 1, near "hello"'},
    {text: "{'id': 1}", error: 'the payload is not JSON: expected a name in double quotes at character 2'},
    {text: '{"id": 1,}', error: 'expected a name in double quotes at character 10'},
    {text: '{"id": 2} tail', error: 'expected the end of the text at character 11'},
    {text: '{"v": 01}', error: 'expected "," or "}" at character 8'},
    {text: '[1 2]', error: 'expected "," or "]" at character 4'},
    {text: '{"s": "a\tb"}', error: 'expected a closing quote'},
    {text: '\ufeff{"id": 1}', error: 'expected a value at character 1'},
    {text: '', error: 'the text ends where a value was expected at character 1'},
    {text: '5', error: 'the payload holds a number, expected an object or an array of objects'},
    {text: 'null', error: 'the payload holds null'},
    {text: '[[{"id": 1}]]', error: 'the payload holds an array'},
    {text: '[{"id": 1}, 2]', error: 'the payload holds a number'},
  ];
  for (const {text, error} of broken) it(`refuses ${JSON.stringify(text)}`, () => expect(() => decode(text)).toThrow(error));

  it('keeps whole numbers as ints when asked to', () => {
    expect(decode('{"a":1,"b":1.0,"c":9223372036854775807,"d":[2,2.5],"e":-0}', schemaless, {wholeNumbersAsInt: true})).toEqual([
      {a: 1n, b: 1, c: 9223372036854775807n, d: [2n, 2.5], e: 0n},
    ]);
  });

  it('leaves a __proto__ member harmless', () => {
    const [row] = decode('{"__proto__":{"polluted":1},"a":1}');
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
    expect(Object.hasOwn(row!, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const [exact] = decode('{"__proto__":{"polluted":1},"a":1}', schemaless, {wholeNumbersAsInt: true});
    expect(Object.getPrototypeOf(exact)).toBe(Object.prototype);
  });

  it('refuses nesting that would exhaust the stack, and knows brackets inside of strings', () => {
    const deep = `{"v":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(() => decode(deep)).toThrow('more than 512 levels of nesting');
    expect(decode(`{"v":"${'[\\"'.repeat(2000)}"}`)).toHaveLength(1);
  });

  it('refuses an int of absurd length instead of computing it', () => {
    expect(() => decode(`{"v":${'9'.repeat(100_000)}}`, schemaless, {wholeNumbersAsInt: true})).toThrow('too many digits');
  });
});

describe('the JSON decoder with declared columns', () => {
  const cases: {name: string; type: DataType; json: string; value?: unknown; error?: string}[] = [
    {name: 'a whole number', type: int, json: '12', value: 12},
    {name: 'a negative zero', type: int, json: '-0', value: 0},
    {name: 'the largest safe int', type: int, json: '9007199254740991', value: 9007199254740991},
    {name: 'an int beyond 2^53, exactly', type: int, json: '9007199254740993', value: 9007199254740993n},
    {name: 'the largest int', type: int, json: '9223372036854775807', value: 9223372036854775807n},
    {
      name: 'an int beyond 64 bits',
      type: int,
      json: '9223372036854775808',
      error: 'c: 9223372036854775808 is beyond the 64 bits of a bigint',
    },
    {
      name: 'an int with a zero fraction',
      type: int,
      json: '12.0',
      error: 'c: 12 has a fraction, an exponent or too many digits, expect:bigint',
    },
    {name: 'an int with a fraction', type: int, json: '12.7', error: 'c: 12.7 has a fraction'},
    {name: 'an int with an exponent', type: int, json: '1e3', error: 'c: 1000 has a fraction, an exponent'},
    {name: 'text for an int', type: int, json: '"12"', error: 'c has wrong type:string, expect:bigint'},
    {name: 'true for an int', type: int, json: 'true', error: 'c has wrong type:true, expect:bigint'},
    {name: 'an object for an int', type: int, json: '{}', error: 'c has wrong type:object, expect:bigint'},
    {name: 'a whole number for a float', type: float, json: '5', value: 5},
    {name: 'text for a float', type: float, json: '"5.5"', error: 'c has wrong type:string, expect:float'},
    {name: 'text', type: string, json: '"x"', value: 'x'},
    {name: 'a number for text, as a float prints', type: string, json: '1684738889251', value: '1.684738889251e+12'},
    {name: 'a small number for text', type: string, json: '12', value: '12'},
    {name: 'true for text', type: string, json: 'true', error: 'c has wrong type:true, expect:string'},
    {name: 'true', type: boolean, json: 'true', value: true},
    {name: 'a number for a boolean', type: boolean, json: '0.5', value: true},
    {name: 'zero for a boolean', type: boolean, json: '0', value: false},
    {name: 'text for a boolean', type: boolean, json: '"T"', value: true},
    {name: 'other text for a boolean', type: boolean, json: '"yes"', error: 'c has wrong type:string, expect:boolean'},
    {name: 'an object for a boolean', type: boolean, json: '{}', error: 'c has wrong type:object, expect:boolean'},
    {name: 'a number for a datetime', type: datetime, json: '1700000000000', value: 1700000000000},
    {name: 'text for a datetime', type: datetime, json: '"2024-01-01"', value: '2024-01-01'},
    {name: 'true for a datetime', type: datetime, json: 'true', error: 'c has wrong type:true, expect:datetime'},
    {name: 'base64 for bytes', type: bytea, json: '"AQID"', value: Buffer.from([1, 2, 3])},
    {name: 'other text for bytes', type: bytea, json: '"%%%"', value: Buffer.from('%%%')},
    {name: 'a number for bytes', type: bytea, json: '5', error: 'c has wrong type:number, expect:bytea'},
    {
      name: 'ints of an array, in the untyped form',
      type: arrayOf(int),
      json: '[5,null,9223372036854775807]',
      value: [5n, null, 9223372036854775807n],
    },
    {name: 'a fraction in an array of ints', type: arrayOf(int), json: '[5.5]', error: 'c[0]: 5.5 has a fraction'},
    {name: 'a number for an array', type: arrayOf(int), json: '5', error: 'c has wrong type:number, expect:array'},
    {name: 'numbers in an array of text', type: arrayOf(string), json: '["a",2,3.5]', value: ['a', '2', '3.5']},
    {name: 'the declared members of a struct', type: struct([{name: 'v', type: int}]), json: '{"v":1,"z":2}', value: {v: 1n}},
    {
      name: 'a wrong member of a struct',
      type: struct([{name: 'v', type: int}]),
      json: '{"v":"x"}',
      error: 'c.v has wrong type:string, expect:bigint',
    },
    {name: 'a number for a struct', type: struct([{name: 'v', type: int}]), json: '5', error: 'c has wrong type:number, expect:struct'},
    {name: 'an open struct, its numbers floats', type: struct(), json: '{"v":1,"w":[2]}', value: {v: 1, w: [2]}},
    {name: 'anything', type: any, json: '{"v":1}', value: {v: 1}},
    {name: 'null', type: int, json: 'null', value: null},
  ];
  for (const {name, type, json, value, error} of cases) {
    const text = `{"c":${json},"other":9.0}`;
    if (error === undefined) it(`reads ${name}`, () => expect(decode(text, closed({c: type}))).toEqual([{c: value}]));
    else it(`refuses ${name}`, () => expect(() => decode(text, closed({c: type}))).toThrow(error));
  }

  it('drops undeclared members and leaves missing columns out', () => {
    expect(decode('{"a":1,"x":2,"y":null}', closed({a: int, b: string}))).toEqual([{a: 1}]);
  });

  it('keeps undeclared members of an open schema as they are', () => {
    const open: StreamSchema = {...closed({a: int}), open: true};
    expect(decode('{"a":9007199254740993,"b":9007199254740993,"c":{"d":1}}', open)).toEqual([
      {a: 9007199254740993n, b: 9007199254740992, c: {d: 1}},
    ]);
    expect(decode('{"a":1,"b":1}', open, {wholeNumbersAsInt: true})).toEqual([{a: 1, b: 1n}]);
  });

  it('converts every row of an array', () => {
    expect(decode('[{"a":1},{"a":9007199254740993}]', closed({a: int}))).toEqual([{a: 1}, {a: 9007199254740993n}]);
    expect(() => decode('[{"a":1},{"a":"x"}]', closed({a: int}))).toThrow('a has wrong type:string');
  });

  it('reads columns named like members of every object', () => {
    const schema = closed({constructor: string, toString: string, ['__proto__']: string});
    expect(decode('{}', schema)).toEqual([{}]);
    const [row] = decode('{"constructor":"c","__proto__":"p"}', schema);
    expect(Object.entries(row!)).toEqual([
      ['constructor', 'c'],
      ['__proto__', 'p'],
    ]);
  });
});
