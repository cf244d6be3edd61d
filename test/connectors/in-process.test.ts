import {describe, expect, it} from 'vitest';
import type {ConnectorEnvironment} from '#engine/connectors/connector.ts';
import type {Row} from '#engine/values/value.ts';
import {connectorEnvironment, createSink, openSink, openSource, recordingLogger, sinkMessage} from '#test/support/connectors.ts';
import {pollUntil} from '#test/support/poll.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

const rowsMessage = (data: Row | readonly Row[]) => ({payload: undefined, data});

function memory(environment: ConnectorEnvironment) {
  return {
    source: (filter: string) => openSource('memory', filter, {}, {environment}),
    sink: (topic: string) => openSink('memory', {topic}, environment).sink,
  };
}

describe('the memory source and sink', () => {
  it('hand rows over as they are, at once', () => {
    const {source, sink} = memory(connectorEnvironment());
    const alarms = source('alarms/+');
    const other = source('alarms/cold');
    const row = {n: 1n, s: 'x'};
    sink('alarms/hot').write([rowsMessage(row), rowsMessage([{n: 2n}, {n: 3n}])]);
    expect(alarms.rows.map(one => one.row)).toEqual([row, {n: 2n}, {n: 3n}]);
    expect(alarms.rows[0]!.row).toBe(row);
    expect(alarms.rows[0]!.metadata).toEqual({topic: 'alarms/hot'});
    expect(other.rows).toEqual([]);
  });

  it('stop with the source', async () => {
    const {source, sink} = memory(connectorEnvironment());
    const closed = source('t');
    await closed.source.close();
    await closed.source.close();
    sink('t').write([rowsMessage({a: 1})]);
    expect(closed.rows).toEqual([]);
  });

  it('report a connection', async () => {
    const {source} = memory(connectorEnvironment());
    await source('t').ready();
  });

  it('survive a cycle of rules', async () => {
    const environment = connectorEnvironment();
    let laps = 0;
    const sink = openSink('memory', {topic: 'round'}, environment).sink;
    const unsubscribe = environment.bus.subscribe('round', rows => {
      laps++;
      sink.write([rowsMessage(rows)]);
    });
    sink.write([rowsMessage({a: 1})]);
    await pollUntil(() => laps > 100_000);
    unsubscribe();
  });

  it('refuse a cycle that multiplies rows', async () => {
    const environment = connectorEnvironment();
    let refusal: unknown;
    const unsubscribe = environment.bus.subscribe('round', rows => {
      for (let i = 0; i < 3; i++) {
        try {
          environment.bus.publish('round', rows, {});
        } catch (thrown) {
          refusal ??= thrown;
        }
        if (refusal) return;
      }
    });
    environment.bus.publish('round', [{a: 1}], {});
    await pollUntil(() => refusal !== undefined);
    unsubscribe();
    expect(refusal).toMatchObject({retry: false, message: expect.stringContaining('part of a cycle of rules')});
  });

  it('refuse wildcards, and rows for a table that do not say their key', () => {
    expect(() => createSink('memory', {topic: 'a/+'})).toThrow('invalid memory topic a/+: wildcard found');
    expect(() => createSink('memory', {})).toThrow('memory sink is missing property topic');
    expect(() => createSink('memory', {topic: 't', rowkindField: 'k'})).toThrow('keyField is required when rowkindField is set');
  });
});

describe('the simulator source', () => {
  const data = [{t: 1}, {t: 2}];

  it('sends its data in turn, once each interval, and begins again', async () => {
    const clock = new VirtualClock(1000);
    const source = openSource('simulator', '', {data, interval: 100, loop: true}, {environment: connectorEnvironment({clock})});
    await source.ready();
    clock.advance(99);
    expect(source.texts()).toEqual([]);
    clock.advance(301);
    expect(source.texts()).toEqual(['{"t":1}', '{"t":2}', '{"t":1}', '{"t":2}']);
    await source.source.close();
    clock.advance(1000);
    expect(source.messages).toHaveLength(4);
  });

  it('ends after its data, and continues from an offset', async () => {
    const clock = new VirtualClock(1000);
    const source = openSource('simulator', '', {data, interval: '1s'}, {environment: connectorEnvironment({clock})});
    await source.ready();
    clock.advance(1000);
    expect(source.source.offset()).toBe(1);
    expect(source.ended).toBe(false);
    clock.advance(5000);
    expect(source.texts()).toEqual(['{"t":1}', '{"t":2}']);
    expect(source.ended).toBe(true);
  });

  it('refuses data that is no list of objects', () => {
    expect(() => openSource('simulator', '', {data: 'x'})).toThrow('simulator source: data: expected a list of objects, got "x"');
    expect(() => openSource('simulator', '', {data, interval: 0})).toThrow('interval: expected more than 0 ms');
  });
});

describe('the log and nop sinks', () => {
  it('write and discard', () => {
    const logger = recordingLogger();
    const environment = connectorEnvironment({logger});
    openSink('log', {}, environment).sink.write([sinkMessage('[{"a":1}]'), {payload: new Uint8Array([0x68, 0x69]), data: {}}]);
    openSink('nop', {}, environment).sink.write([sinkMessage('gone')]);
    openSink('nop', {log: true}, environment).sink.write([sinkMessage('seen')]);
    expect(logger.events).toEqual(['sink result for rule rule1: [{"a":1}]', 'sink result for rule rule1: hi', 'nop sink receives seen']);
  });
});
