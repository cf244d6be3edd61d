import {describe, expect, it} from 'vitest';
import {readSettings} from '#engine/base/settings.ts';
import {sinkSettings} from '#engine/connectors/sink-settings.ts';
import {findFormat} from '#engine/formats/registry.ts';
import {compileTransform} from '#engine/runtime/sink-transform.ts';
import type {Row} from '#engine/values/value.ts';

interface Options {
  readonly collection?: boolean;
  readonly accepts?: 'bytes' | 'rows';
  readonly intColumns?: readonly string[];
}

function compile(properties: Record<string, unknown>, {accepts = 'bytes', intColumns = []}: Options = {}) {
  const {values} = readSettings(sinkSettings, properties, 'sink');
  const {format, delimiter, fields, hasHeader} = values;
  const encoder = findFormat(format)!.encoder({delimiter, fields, hasHeader, wholeNumbersAsInt: false});
  return compileTransform(values, encoder, accepts, intColumns);
}

/** Payloads of byte sinks, data of row sinks; failures as `! text`. */
function messagesOf(properties: Record<string, unknown>, rows: Row[], options: Options = {}): unknown[] {
  const out: unknown[] = [];
  const messages = compile(properties, options)(rows, options.collection ?? false, error => out.push(`! ${error.message}`));
  return [...messages.map(({payload, data}) => (options.accepts === 'rows' ? data : payload)), ...out];
}

const two = [
  {a: 1, b: 'x'},
  {a: 2, b: 'y'},
];

describe('the transform of results', () => {
  const cases: {name: string; properties: Record<string, unknown>; rows: Row[]; options?: Options; messages: unknown[]}[] = [
    {name: 'makes each row of a windowless rule an array', properties: {}, rows: two, messages: ['[{"a":1,"b":"x"}]', '[{"a":2,"b":"y"}]']},
    {
      name: 'makes the rows of a window one array',
      properties: {},
      rows: two,
      options: {collection: true},
      messages: ['[{"a":1,"b":"x"},{"a":2,"b":"y"}]'],
    },
    {
      name: 'sends rows one by one',
      properties: {sendSingle: true},
      rows: two,
      options: {collection: true},
      messages: ['{"a":1,"b":"x"}', '{"a":2,"b":"y"}'],
    },
    {name: 'sends an empty window', properties: {}, rows: [], options: {collection: true}, messages: ['[]']},
    {name: 'holds an empty window back', properties: {omitIfEmpty: true}, rows: [], options: {collection: true}, messages: []},
    {
      name: 'sends nothing of an empty window row by row',
      properties: {sendSingle: true},
      rows: [],
      options: {collection: true},
      messages: [],
    },
    {name: 'sends an empty row within its array', properties: {omitIfEmpty: true}, rows: [{}], messages: ['[{}]']},
    {name: 'holds an empty row back', properties: {omitIfEmpty: true, sendSingle: true}, rows: [{}, {a: 1}], messages: ['{"a":1}']},
    {
      name: 'keeps fields, null where missing',
      properties: {fields: ['b', 'nope'], sendSingle: true},
      rows: two,
      messages: ['{"b":"x","nope":null}', '{"b":"y","nope":null}'],
    },
    {
      name: 'knows no inherited fields',
      properties: {fields: ['constructor'], sendSingle: true},
      rows: [{}],
      messages: ['{"constructor":null}'],
    },
    {
      name: 'leaves fields out',
      properties: {excludeFields: ['a', 'nope']},
      rows: two,
      options: {collection: true},
      messages: ['[{"b":"x"},{"b":"y"}]'],
    },
    {name: 'sends the object in a field', properties: {dataField: 't', sendSingle: true}, rows: [{t: {k: 2}}], messages: ['{"k":2}']},
    {
      name: 'sends the list of objects in a field',
      properties: {dataField: 't', sendSingle: true},
      rows: [{t: [{a: 1}, {a: 2}]}],
      messages: ['[{"a":1},{"a":2}]'],
    },
    {
      name: 'takes the field of the first row of an array',
      properties: {tableDataField: 't'},
      rows: [{t: {k: 1}}, {t: {k: 2}}],
      options: {collection: true},
      messages: ['{"k":1}'],
    },
    {
      name: 'loses only the messages whose field does not fit',
      properties: {dataField: 't', sendSingle: true},
      rows: [{t: 1}, {}, {t: {k: 2}}, {t: [1]}],
      messages: [
        '{"k":2}',
        '! fail to decode data: field "t" of dataField is a number, expected an object or a list of objects',
        '! fail to decode data: field "t" of dataField is missing or null, expected an object or a list of objects',
        '! fail to decode data: field "t" of dataField is a list of other things, expected an object or a list of objects',
      ],
    },
    {
      name: 'picks from the field',
      properties: {dataField: 't', fields: ['h'], sendSingle: true},
      rows: [{t: {h: 3, i: 9}}],
      messages: ['{"h":3}'],
    },
    {
      name: 'sends the text of a template',
      properties: {dataTemplate: 'dev {{.b}}', sendSingle: true},
      rows: two,
      messages: ['dev x', 'dev y'],
    },
    {
      name: 'picks from what a template made',
      properties: {dataTemplate: '{"w":{"v":{{.a}}}}', dataField: 'w', sendSingle: true},
      rows: [{a: 1}],
      messages: ['{"v":1}'],
    },
    {
      name: 'refuses to pick from a template that makes no JSON',
      properties: {dataTemplate: 'id={{.a}}', fields: ['a'], sendSingle: true},
      rows: [{a: 1}],
      messages: [expect.stringMatching(/^! fail to decode data id=1 after applying dataTemplate: /)],
    },
    {
      name: 'needs JSON of a template for a format that is no text',
      properties: {dataTemplate: '5', format: 'binary', sendSingle: true},
      rows: [{a: 1}],
      messages: ['! fail to decode data 5 after applying dataTemplate: expected an object or an array of objects'],
    },
    {
      name: 'hands rows to sinks that take them',
      properties: {fields: ['a'], sendSingle: true},
      rows: two,
      options: {accepts: 'rows'},
      messages: [{a: 1}, {a: 2}],
    },
    {
      name: 'reads a template back for them',
      properties: {dataTemplate: '{"n":{{.a}}}', sendSingle: true},
      rows: [{a: 7}],
      options: {accepts: 'rows'},
      messages: [{n: 7}],
    },
    {
      name: 'encodes in another format',
      properties: {format: 'delimited', fields: ['b', 'a'], hasHeader: true},
      rows: two,
      options: {collection: true},
      messages: ['b,a\nx,1\ny,2'],
    },
    {
      name: 'marks typed ints for other rules',
      properties: {sendSingle: true},
      rows: [{a: 1, b: 2}],
      options: {accepts: 'rows', intColumns: ['a', 'nope']},
      messages: [{a: 1n, b: 2}],
    },
  ];
  for (const {name, properties, rows, options, messages} of cases)
    it(name, () => expect(messagesOf(properties, rows, options)).toEqual(messages));

  it('gives dynamic properties the row before any selection', () => {
    const [message] = compile({fields: ['b'], sendSingle: true})([{a: 1, b: 'x'}], false);
    expect(message).toEqual({payload: '{"b":"x"}', data: {a: 1, b: 'x'}});
    expect(compile({})([{a: 1}], false)[0]!.data).toEqual([{a: 1}]);
  });

  it('prints typed ints as ints in templates', () => {
    expect(messagesOf({dataTemplate: '{{.a}}', sendSingle: true}, [{a: 12345678}], {intColumns: ['a']})).toEqual(['12345678']);
  });

  it('throws when nothing of a call is left and nobody counts failures', () => {
    expect(() => compile({dataField: 't'})([{}], false)).toThrow('fail to decode data');
    expect(compile({dataField: 't'})([{}, {t: {}}], false)).toHaveLength(1);
  });

  const refused = [
    {properties: {fields: ['a'], excludeFields: ['b']}, error: 'field and excludeFields cannot both be set'},
    {properties: {batchSize: -1}, error: 'fail to parse sink configuration: invalid batchSize -1'},
    {properties: {batchSize: 5, compression: 'gzip'}, error: 'sink property batchSize, compression is not supported yet'},
    {properties: {enableCache: true}, error: 'sink property enableCache is not supported yet'},
    {properties: {memoryCacheThreshold: 100}, error: 'memoryCacheThresholdTooSmall'},
    {
      properties: {memoryCacheThreshold: 300},
      error: 'memoryCacheThresholdNotMultiple:memoryCacheThreshold must be a multiple of bufferPageSize',
    },
    {properties: {bufferPageSize: -1}, error: 'invalid cache properties: bufferPageSize:bufferPageSize must be positive'},
    {properties: {dataTemplate: '{{.a'}, error: 'Template Invalid'},
    {properties: {sendSingle: 'yes'}, error: 'sendSingle: expected true or false, got "yes"'},
    {properties: {fields: 'id'}, error: 'fields: expected a list of strings'},
  ];
  for (const {properties, error} of refused) it(`is refused: ${error}`, () => expect(() => compile(properties)).toThrow(error));
});
