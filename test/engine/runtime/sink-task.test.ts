import {describe, expect, it} from 'vitest';
import {ConnectorError} from '#engine/base/errors.ts';
import {silentLogger} from '#engine/base/logger.ts';
import {PartialDelivery, type Sink, type SinkMessage} from '#engine/connectors/connector.ts';
import {SinkTask, type SinkTaskParts} from '#engine/runtime/sink-task.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

/** A sink whose writes the test settles one by one. */
class HeldSink implements Sink {
  readonly written: string[][] = [];
  #settle: {resolve: () => void; reject: (error: unknown) => void} | undefined;

  open(): void {}

  write(messages: readonly SinkMessage[]): Promise<void> {
    this.written.push(messages.map(message => String(message.payload)));
    return new Promise((resolve, reject) => {
      this.#settle = {resolve, reject};
    });
  }

  async close(): Promise<void> {}

  async succeed(): Promise<void> {
    this.#settle!.resolve();
    await settled();
  }

  async fail(error: unknown): Promise<void> {
    this.#settle!.reject(error);
    await settled();
  }
}

const settled = () => new Promise(resolve => setImmediate(resolve));

function task(sink: Sink, parts: Partial<SinkTaskParts> = {}) {
  const clock = new VirtualClock(1000);
  const created = new SinkTask({
    name: 'held_0',
    sink,
    transform: rows => rows.map(row => ({payload: String(row['n']), data: row})),
    encodes: true,
    bufferLength: 3,
    resendIntervalMs: 0,
    clock,
    logger: silentLogger,
    ...parts,
  });
  created.open();
  return {task: created, clock};
}

describe('SinkTask', () => {
  it('writes at once when idle and sends what queued meanwhile together', async () => {
    const sink = new HeldSink();
    const {task: held} = task(sink);
    for (const n of [1, 2, 3]) held.offer([{n}], false);
    expect(sink.written).toEqual([['1']]);
    await sink.succeed();
    expect(sink.written).toEqual([['1'], ['2', '3']]);
    await sink.succeed();
    expect(held.metrics.recordsOut).toBe(3);
    expect(held.metrics.exceptions).toBe(0);
  });

  it('drops the newest beyond its buffer and counts each', async () => {
    const sink = new HeldSink();
    const {task: held} = task(sink);
    for (const n of [1, 2, 3, 4, 5, 6]) held.offer([{n}], false);
    await sink.succeed();
    expect(sink.written).toEqual([['1'], ['2', '3', '4']]);
    expect(held.dropped).toBe(2);
    expect(held.metrics.exceptions).toBe(2);
    expect(held.metrics.lastException).toBe('buffer full, drop message');
  });

  it('counts a refused batch and goes on with the next', async () => {
    const sink = new HeldSink();
    const {task: held} = task(sink);
    held.offer([{n: 1}], false);
    held.offer([{n: 2}], false);
    await sink.fail(new ConnectorError('refused', {retry: false}));
    expect(sink.written).toEqual([['1'], ['2']]);
    expect(held.metrics).toMatchObject({exceptions: 1, lastException: 'refused', recordsOut: 0});
  });

  it('sends again what the peer could not take, in order, and only the part that did not arrive', async () => {
    const sink = new HeldSink();
    const {task: held, clock} = task(sink, {resendIntervalMs: 100});
    held.offer([{n: 1}, {n: 2}], false);
    held.offer([{n: 3}], false);
    await sink.fail(new PartialDelivery(1, new ConnectorError('connection lost', {retry: true})));
    expect(sink.written).toEqual([['1', '2']]);
    clock.advance(100);
    await settled();
    expect(sink.written).toEqual([['1', '2'], ['2']]);
    await sink.succeed();
    expect(sink.written).toEqual([['1', '2'], ['2'], ['3']]);
    await sink.succeed();
    expect(held.metrics.recordsOut).toBe(3);
    expect(held.dropped).toBe(0);
  });

  it('loses only the message that the peer refused and sends those behind it', async () => {
    const sink = new HeldSink();
    const {task: held} = task(sink);
    held.offer([{n: 1}, {n: 2}, {n: 3}], false);
    await sink.fail(new PartialDelivery(1, new ConnectorError('HTTP 400', {retry: false})));
    expect(sink.written).toEqual([['1', '2', '3'], ['3']]);
    await sink.succeed();
    expect(held.metrics).toMatchObject({recordsOut: 2, exceptions: 1, lastException: 'HTTP 400'});
  });

  it('drops without a resend interval even what might be retried', async () => {
    const sink = new HeldSink();
    const {task: held} = task(sink);
    held.offer([{n: 1}], false);
    await sink.fail(new ConnectorError('connection lost', {retry: true}));
    expect(held.dropped).toBe(1);
  });

  it('needs no promise for a synchronous sink', () => {
    const written: number[] = [];
    const {task: held} = task({open() {}, write: messages => void written.push(messages.length), close: async () => {}});
    held.offer([{n: 1}, {n: 2}], false);
    held.offer([{n: 3}], false);
    expect(written).toEqual([2, 1]);
    expect(held.metrics.recordsOut).toBe(3);
  });

  it('counts a result that cannot be transformed on its transform step', () => {
    const {task: held} = task(new HeldSink(), {
      transform: (_rows, _isCollection, fail) => {
        fail!(new Error('template needs "a"'));
        return [];
      },
    });
    held.offer([{n: 1}], false);
    expect(held.transformMetrics).toMatchObject({exceptions: 1, lastException: 'template needs "a"'});
    expect(held.metrics.recordsIn).toBe(0);
  });

  it('waits for the write in progress when it closes and counts what is left', async () => {
    const sink = new HeldSink();
    const {task: held, clock} = task(sink);
    held.offer([{n: 1}], false);
    held.offer([{n: 2}], false);
    const closed = held.close();
    clock.advance(1000);
    await closed;
    expect(held.dropped).toBe(2);
    expect(held.metrics).toMatchObject({exceptions: 2, lastException: 'the rule stopped before the message was confirmed'});
    await sink.succeed();
    expect(held.metrics.recordsOut).toBe(0);
  });

  it('counts what a sink tells of its last write when it is closed', async () => {
    const sink = new HeldSink();
    const {task: held, clock} = task(sink);
    held.offer([{n: 1}, {n: 2}, {n: 3}], false);
    sink.close = () => sink.fail(new PartialDelivery(2, new Error('closed')));
    const closed = held.close();
    clock.advance(1000);
    await closed;
    expect(held.metrics).toMatchObject({recordsIn: 3, recordsOut: 2, exceptions: 1, lastException: 'closed'});
  });

  it('gives a sink no more than it takes at once, and acknowledges after each', async () => {
    const sink: HeldSink & {maxBatch?: number} = new HeldSink();
    sink.maxBatch = 2;
    const {task: held} = task(sink);
    held.offer([{n: 1}, {n: 2}, {n: 3}], false);
    held.offer([{n: 4}, {n: 5}, {n: 6}], false);
    expect(held.bufferLength).toBe(5);
    await sink.succeed();
    expect(held.metrics).toMatchObject({recordsIn: 6, recordsOut: 2, exceptions: 1});
    await sink.succeed();
    await sink.succeed();
    expect(sink.written).toEqual([['1', '2'], ['3', '4'], ['5']]);
    expect(held.metrics.recordsOut).toBe(5);
    expect(held.bufferLength).toBe(0);
  });
});
