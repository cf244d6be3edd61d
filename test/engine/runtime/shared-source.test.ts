import {describe, expect, it} from 'vitest';
import {EvaluationError} from '#engine/base/errors.ts';
import {silentLogger} from '#engine/base/logger.ts';
import type {Source} from '#engine/connectors/connector.ts';
import type {Guard} from '#engine/planner/plan.ts';
import {SharedSource} from '#engine/runtime/shared-source.ts';
import type {Columns, Subscription} from '#engine/runtime/subscription.ts';
import type {Row} from '#engine/values/value.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

interface Collected {
  readonly batches: (readonly Row[])[];
  readonly failures: string[];
  readonly subscription: Subscription;
}

function fixture() {
  const calls: string[] = [];
  const source: Source = {
    open: () => void calls.push('open'),
    welcome: () => void calls.push('welcome'),
    close: async () => void calls.push('close'),
    offset: () => undefined,
    seek() {},
  };
  let decoded = 0;
  const shared: SharedSource = new SharedSource({
    source,
    // A column whose value is "bad" cannot be read.
    reading: columns => ({
      decoder: {
        decode(payload) {
          decoded++;
          const text = Buffer.from(payload).toString();
          if (!text.startsWith('{')) throw new EvaluationError(`not an object: ${text}`);
          const entries = Object.entries(JSON.parse(text) as Row).filter(
            ([name]) => columns === 'all' || columns.some(([column]) => column === name),
          );
          for (const [name, value] of entries) if (value === 'bad') throw new EvaluationError(`${name} is bad`);
          return [Object.fromEntries(entries)];
        },
      },
      validate: undefined,
    }),
    typing: undefined,
    typingScope: {topicFilter: 't', declared: []},
    clock: new VirtualClock(5000),
    logger: silentLogger,
    onIdle: (): Promise<void> => shared.close(),
  });
  const read = (guard?: Guard, columns: Columns = 'all'): Collected => {
    const batches: (readonly Row[])[] = [];
    const failures: string[] = [];
    const subscription = shared.attach({
      guard,
      columns,
      push: batch => void batches.push(batch.rows),
      fail: error => void failures.push(error.message),
      end() {},
    });
    return {batches, failures, subscription};
  };
  const send = (...payloads: readonly string[]) =>
    shared.messages(payloads.map(text => ({payload: Buffer.from(text), metadata: {topic: 't'}})));
  return {shared, calls, read, send, decodes: () => decoded};
}

const above = (constant: number): Guard => ({column: 't', operator: '>', constant});

describe('SharedSource', () => {
  it('opens with its first reader and closes after its last', async () => {
    const {read, calls} = fixture();
    const [first, second] = [read(), read()];
    expect(calls).toEqual(['open', 'welcome']);
    await first.subscription.close();
    expect(calls).toEqual(['open', 'welcome']);
    await second.subscription.close();
    await second.subscription.close();
    expect(calls).toEqual(['open', 'welcome', 'close']);
  });

  it('decodes a message once for all its readers', () => {
    const {read, send, decodes} = fixture();
    const readers = [read(), read(), read()];
    send('{"t":1}', '{"t":2}');
    expect(decodes()).toBe(2);
    for (const {batches} of readers) expect(batches).toEqual([[{t: 1}, {t: 2}]]);
  });

  it('loses only the message that cannot be read, counts it and tells every reader', () => {
    const {read, send} = fixture();
    const {batches, failures, subscription} = read();
    send('{"t":1}', 'oops', '{"t":3}');
    expect(batches).toEqual([[{t: 1}, {t: 3}]]);
    expect(failures).toEqual(['not an object: oops']);
    expect(subscription).toMatchObject({messagesIn: 3, rowsIn: 2, failures: 1});
  });

  it('spares a reader what fails in columns that it does not read', () => {
    const {read, send} = fixture();
    const all = read();
    const ofA = read(undefined, [['a']]);
    const ofB = read(undefined, [['b']]);
    const ofNone = read(undefined, []);
    send('{"a":1,"b":1}', '{"a":2,"b":"bad"}', 'oops', '{"a":3,"b":3}');
    expect(all.batches).toEqual([[{a: 1, b: 1}], [{a: 3, b: 3}]]);
    expect(ofA.batches.flat().map(({a}) => a)).toEqual([1, 2, 3]);
    expect(ofB.batches.flat().map(({b}) => b)).toEqual([1, 3]);
    expect(ofNone.batches.flat()).toHaveLength(3);
    expect([all.failures, ofB.failures]).toEqual([
      ['b is bad', 'not an object: oops'],
      ['b is bad', 'not an object: oops'],
    ]);
    expect([ofA.failures, ofNone.failures]).toEqual([['not an object: oops'], ['not an object: oops']]);
    expect(all.subscription).toMatchObject({messagesIn: 4, rowsIn: 2, failures: 2, withheld: 0});
    expect(ofA.subscription).toMatchObject({messagesIn: 4, rowsIn: 3, failures: 1, withheld: 0});
  });

  it('hands many guarded readers only what their guard may pass, in order, and counts the rest as withheld', () => {
    const {read, send} = fixture();
    const readers = Array.from({length: 20}, (_, i) => read(above(i)));
    const all = read();
    send('{"t":3}');
    send('{"t":19}', '{"t":0}', '{"t":2}', '{"t":"x"}', '{}');
    expect(all.batches.flat()).toHaveLength(6);
    for (const [i, {batches, subscription}] of readers.entries()) {
      expect(batches.flat().map(row => row['t'])).toEqual([3, 19, 0, 2, 'x'].filter(value => typeof value === 'string' || value > i));
      expect(subscription.rowsIn).toBe(6);
      expect(subscription.withheld).toBe(6 - batches.flat().length);
    }
  });

  it('gives what the peer keeps to the readers it was asked for, and counts it for them', () => {
    const {shared, calls, read, send} = fixture();
    const first = read(undefined, [['a']]);
    shared.keptFor('new').messages([{payload: Buffer.from('{"a":0}'), metadata: {}}]);
    const joins = read(undefined, [['a']]);
    const leaves = read();
    expect(calls).toEqual(['open', 'welcome', 'welcome']);
    const kept = shared.keptFor('new');
    const later = read();
    void leaves.subscription.close();
    let acknowledged = 0;
    kept.messages(
      ['{"a":1}', '{"a":2,"b":"bad"}', 'oops'].map(text => ({payload: Buffer.from(text), metadata: {}})),
      () => acknowledged++,
    );
    send('{"a":3}');
    expect(acknowledged).toBe(1);
    expect([first, joins, leaves, later].map(({batches}) => batches.flat().map(row => row['a']))).toEqual([[0, 3], [1, 2, 3], [], [3]]);
    expect(first.subscription).toMatchObject({messagesIn: 2, rowsIn: 2, failures: 0, withheld: 0});
    expect(joins.subscription).toMatchObject({messagesIn: 4, rowsIn: 3, failures: 1, withheld: 0});
    expect(joins.failures).toEqual(['not an object: oops']);
    expect(later.subscription).toMatchObject({messagesIn: 1, rowsIn: 1, failures: 0});
  });

  it('counts for a late reader only what came after it', () => {
    const {read, send} = fixture();
    read();
    send('{"t":1}');
    const late = read();
    send('{"t":2}');
    expect(late.subscription).toMatchObject({messagesIn: 1, rowsIn: 1});
  });

  it('acknowledges once every reader has the rows', () => {
    const {shared, read} = fixture();
    const {batches} = read();
    let seenAtAcknowledge = -1;
    shared.messages([{payload: Buffer.from('{"t":1}'), metadata: {}}], () => {
      seenAtAcknowledge = batches.length;
    });
    expect(seenAtAcknowledge).toBe(1);
  });

  it('lets readers come and go while a batch is delivered', async () => {
    const {shared, send} = fixture();
    const seen: string[] = [];
    let closing: Promise<void> | undefined;
    const second = shared.attach({guard: undefined, columns: 'all', push: () => seen.push('second'), fail() {}, end() {}});
    shared.attach({
      guard: undefined,
      columns: 'all',
      push() {
        seen.push('first');
        closing ??= second.close();
      },
      fail() {},
      end() {},
    });
    send('{"t":1}');
    await closing;
    send('{"t":2}');
    expect(seen).toEqual(['second', 'first', 'first']);
  });
});
