import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {EvaluationError} from '#engine/base/errors.ts';
import {TopicCache} from '#engine/kubeedge/topic-cache.ts';
import {decodeJson, kuiperModel, openModels, sample, send} from '#test/support/device-models.ts';

const trapNames = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype'];
const topic = '$hw/events/device/d/twin/update';

describe('names of Object.prototype', () => {
  const types = Object.fromEntries(trapNames.filter(name => name !== '__proto__').map(name => [name, 'int']));
  const text = kuiperModel('d', types).replace('"properties":[', '"properties":[{"name":"__proto__","dataType":"int"},');
  const asOwn = (entries: readonly string[]) => `{${entries.join()}}`;

  it('are properties like any other', async () => {
    const {typing} = await openModels({'m.json': text});
    expect(
      typing
        .schema(topic)
        .columns.map(column => column.name)
        .sort(),
    ).toEqual([...trapNames].sort());
    const flat = send(typing, topic, asOwn(trapNames.map(name => `"${name}":"7"`))).row;
    const nested = send(
      typing,
      topic,
      `{"twin":${asOwn(trapNames.map(name => `"${name}":{"actual":{"value":"7"},"expected":{"value":"8"}}`))}}`,
    );
    for (const name of trapNames) {
      expect(Object.getOwnPropertyDescriptor(flat, name)?.value).toBe(7);
      expect(Object.getOwnPropertyDescriptor(nested.row, name)?.value).toBe(7);
      expect(Object.getOwnPropertyDescriptor(nested.metadata['expected'], name)?.value).toBe(8n);
    }
    expect(Object.getPrototypeOf(flat)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(nested.row)).toBe(Object.prototype);
  });

  it('are no properties of a model without them, and pollute nothing', async () => {
    const {typing} = await openModels({'m.json': kuiperModel('d', {v: 'int'})});
    const {row, metadata} = send(
      typing,
      topic,
      '{"__proto__":{"polluted":1},"constructor":"x","twin":{"__proto__":{"actual":{"value":"1"},"expected":{"value":"2"}},"toString":{"expected":{"value":"3"}}}}',
    );
    expect(Object.keys(row)).toEqual(['__proto__', 'constructor', 'twin']);
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(metadata['expected'])).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    for (const name of trapNames) send(typing, `$hw/events/device/${name}/twin/update`, {v: '1'});
    expect(typing.report().unknownDevices).toBe(trapNames.length);
  });
});

describe('memory', () => {
  it('of topics is bounded', () => {
    const cache = new TopicCache<string>();
    for (let i = 0; i < 100_000; i++) expect(cache.get(`topic/${i}`, topic => topic)).toBe(`topic/${i}`);
    expect(cache.size).toBeLessThanOrEqual(8192);
    cache.get('x'.repeat(65_535), topic => topic);
    let found = 0;
    for (let i = 0; i < 2; i++) cache.get('x'.repeat(65_535), () => String(found++));
    expect(found).toBe(2);
  });

  it('keeps topics that are in use', () => {
    const cache = new TopicCache<number>();
    let found = 0;
    for (let i = 0; i < 50_000; i++) {
      cache.get('busy', () => ++found);
      cache.get(`once/${i}`, () => 0);
    }
    expect(found).toBe(1);
  });

  it('stays the same however many devices, properties and values are made up', async () => {
    const {typing, log} = await openModels({'m.json': kuiperModel('d', {v: 'int'})});
    for (let i = 0; i < 10_000; i++) {
      send(typing, `$hw/events/device/hostile-${i}/twin/update`, {v: '1'});
      send(typing, topic, {[`made-up-${i}`]: '1', v: `bad ${i}`});
      send(typing, `push/${i}`, `time is 2026-08-06 14:58:26  push/${i}: 1`);
    }
    const {badValues, ...report} = typing.report();
    expect(report).toMatchObject({unknownDevices: 10_000, unknownProperties: 10_000, unresolvedLines: 10_000});
    expect(badValues).toMatchObject([{count: 10_000, last: 'bad 9999'}]);
    expect(log.length).toBeLessThan(200);
  });
});

describe('any message', () => {
  const name = fc.oneof(
    fc.constantFrom('temperature', 'switcher', 'TEMPERATURE', 'twin', 'data', 'timestamp', 'event_id', ...trapNames),
    fc.string({maxLength: 8}),
  );
  const leaf = fc.oneof(
    fc.string(),
    fc.double(),
    fc.bigInt().map(String),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom('25', '-1', 'true', '1e5'),
  );
  const reading = fc.letrec(tie => ({
    value: fc.oneof({depthSize: 'small'}, leaf, fc.array(tie('value'), {maxLength: 3}), tie('entry')),
    entry: fc.dictionary(fc.constantFrom('value', 'actual', 'expected', 'current', 'last', 'metadata'), tie('value'), {maxKeys: 4}),
  }));
  const readings = fc.dictionary(name, fc.oneof(reading.entry, reading.value), {maxKeys: 5});
  const message = fc.oneof(
    readings,
    fc.record({twin: readings, data: readings, timestamp: leaf, event_id: leaf}, {requiredKeys: []}),
    fc.dictionary(name, reading.value),
  );
  const device = fc.oneof(fc.constantFrom('lamp', 'default/lamp', 'temperature-instance', 'LAMP'), fc.string({maxLength: 12}));
  const anyTopic = fc.oneof(
    fc
      .tuple(device, fc.constantFrom('twin/update', 'twin/update/document', 'data/update'))
      .map(([device, suffix]) => `$hw/events/device/${device}/${suffix}`),
    fc.string({maxLength: 40}),
  );

  it.each(['drop', 'null', 'error'])('gives rows or an EvaluationError, with onBadValue %s', async onBadValue => {
    const files = Object.fromEntries([2, 3, 4, 5].map(number => [sample(number).name, sample(number).text]));
    const {typing} = await openModels(files, {onBadValue, kubeedgeCheckRange: true});
    const scopes = [
      undefined,
      {topicFilter: '$hw/events/device/+/twin/update', declared: [{name: 'switcher', type: {kind: 'string'} as const}]},
    ];
    fc.assert(
      fc.property(message, anyTopic, fc.constantFrom(...scopes), (sent, topic, scope) => {
        const text = JSON.stringify(sent);
        const metadata = {};
        try {
          const rows = typing.rows(new TextEncoder().encode(text), topic, metadata, decodeJson, scope);
          expect(rows).toHaveLength(1);
          for (const row of rows) expect(Object.values(row)).not.toContain(undefined);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(EvaluationError);
          expect(onBadValue).toBe('error');
        }
        // What the decoder made is shared: reading it again must give the same.
        const decoded = decodeJson(new TextEncoder().encode(text));
        try {
          typing.rows(new Uint8Array(), topic, {}, () => decoded, scope);
        } catch {
          // Refused as above.
        }
        expect(JSON.stringify(decoded[0])).toBe(JSON.stringify(JSON.parse(text)));
      }),
      {numRuns: 2000},
    );
  });

  it('of bytes is either the decoder’s affair or a text line', async () => {
    const {typing} = await openModels({'m.json': kuiperModel('d', {v: 'int'})});
    const line = fc.tuple(fc.string(), fc.string()).map(([time, rest]) => new TextEncoder().encode(`time is ${time}  ${rest}`));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({maxLength: 64}), line), fc.string({maxLength: 20}), (payload, topic) => {
        expect(typing.rows(payload, topic, {}, () => [])).toEqual([]);
      }),
      {numRuns: 2000},
    );
  });
});
