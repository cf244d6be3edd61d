import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {ConnectorError} from '#engine/base/errors.ts';
import {readSettings} from '#engine/base/settings.ts';
import type {ConnectionStatus, SinkConnector, SourceConnector, SourceListener} from '#engine/connectors/connector.ts';
import {PartialDelivery} from '#engine/connectors/connector.ts';
import {findSink, findSource, sinkConnectors, sourceConnectors} from '#engine/connectors/registry.ts';
import {connectorEnvironment, sinkMessage} from '#test/support/connectors.ts';
import {pollUntil} from '#test/support/poll.ts';

/** An address that refuses connections: port 1 of this host. */
const absent = '127.0.0.1:1';

/** For each connector: settings that work, settings that are refused with a word of the reason, and whether it has a peer. */
interface Sample {
  readonly datasource?: string;
  readonly settings: Record<string, unknown>;
  readonly refused?: readonly {readonly settings: Record<string, unknown>; readonly names: string}[];
  readonly hasPeer: boolean;
}

const sourceSamples: Readonly<Record<string, Sample>> = {
  memory: {datasource: 'a/+', settings: {}, hasPeer: false},
  mqtt: {
    datasource: 'a/#',
    settings: {server: `tcp://${absent}`},
    refused: [{settings: {server: 'nowhere://x'}, names: 'server'}],
    hasPeer: true,
  },
  simulator: {datasource: '', settings: {data: [{a: 1}]}, refused: [{settings: {data: 5}, names: 'data'}], hasPeer: false},
};

const sinkSamples: Readonly<Record<string, Sample>> = {
  file: {
    settings: {path: 'x.log'},
    refused: [
      {settings: {path: '../x'}, names: 'path'},
      {settings: {path: 'x', rollingSize: 5}, names: 'rollingSize'},
    ],
    hasPeer: false,
  },
  log: {settings: {}, hasPeer: false},
  memory: {settings: {topic: 'a'}, refused: [{settings: {}, names: 'topic'}], hasPeer: false},
  mqtt: {settings: {server: `tcp://${absent}`, topic: 'a'}, refused: [{settings: {topic: 'a'}, names: 'server'}], hasPeer: true},
  nop: {settings: {}, hasPeer: false},
  rest: {
    settings: {url: `http://${absent}/`, method: 'POST'},
    refused: [
      {settings: {url: 'x'}, names: 'url'},
      {settings: {url: 'http://x', oauth: {}}, names: 'oauth'},
    ],
    hasPeer: true,
  },
};

function describeSettings(connector: SourceConnector | SinkConnector): void {
  it('is described', () => {
    expect(connector.name).toMatch(/^[a-z][a-z0-9]*$/);
    expect(connector.summary).toMatch(/^[A-Z].*\.$/);
    for (const [name, setting] of Object.entries(connector.settings)) {
      expect(setting.summary, name).toMatch(/[.]$/);
      if (/password|private.*raw|token|secret/i.test(name)) expect(setting.secret, `${name} is secret`).toBe(true);
    }
  });

  it('reads its defaults', () => {
    for (const [name, setting] of Object.entries(connector.settings)) {
      if (setting.default !== undefined) expect(() => setting.read(setting.default), name).not.toThrow();
      if (setting.example !== undefined) expect(() => setting.read(setting.example), name).not.toThrow();
    }
  });
}

async function closesQuickly(close: () => Promise<void>): Promise<void> {
  const started = performance.now();
  await close();
  await close();
  expect(performance.now() - started).toBeLessThan(2000);
}

it('every connector of the registry has a sample here', () => {
  expect(Object.keys(sourceSamples).sort()).toEqual(sourceConnectors.map(({name}) => name).sort());
  expect(Object.keys(sinkSamples).sort()).toEqual(sinkConnectors.map(({name}) => name).sort());
});

it('the numbers of COMPLIANCE.md are in order', () => {
  const numbers = [...readFileSync('engine/connectors/COMPLIANCE.md', 'utf8').matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number));
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
});

for (const connector of sourceConnectors) {
  const sample = sourceSamples[connector.name]!;
  const datasource = sample.datasource ?? '';
  const create = (settings = sample.settings) =>
    connector.create(datasource, readSettings(connector.settings, settings, connector.name).values, connectorEnvironment());

  describe(`the source ${connector.name}`, () => {
    describeSettings(connector);

    it('is found by its name', () => expect(findSource(connector.name)).toBe(connector));

    it('refuses what cannot work, by name', () => {
      expect(connector.checkDatasource?.(datasource)).toBeUndefined();
      for (const {settings, names} of sample.refused ?? []) expect(() => create(settings), names).toThrow(names);
    });

    it(`opens ${sample.hasPeer ? 'without its peer, reports it' : 'and reports a connection'}, and closes twice`, async () => {
      const statuses: ConnectionStatus[] = [];
      const calls: string[] = [];
      let isOpening = true;
      const note = (call: string) => {
        expect(isOpening, `${call} from within open`).toBe(false);
        calls.push(call);
      };
      const listener: SourceListener = {
        messages: () => note('messages'),
        rows: () => note('rows'),
        error: () => note('error'),
        end: () => note('end'),
        connection(status) {
          note('connection');
          statuses.push(status);
        },
      };
      const source = create();
      source.seek(source.offset());
      source.open(listener);
      isOpening = false;
      await pollUntil(() => statuses.at(-1)?.state === (sample.hasPeer ? -1 : 1));
      if (sample.hasPeer) expect(statuses.at(-1)!.message).toContain('ECONNREFUSED');
      await closesQuickly(() => source.close());
      const before = calls.length;
      await new Promise(resolve => setTimeout(resolve, 300));
      expect(calls.length).toBe(before);
    });

    it('closes without having been opened, and right after', async () => {
      await closesQuickly(() => create().close());
      const source = create();
      source.open({messages() {}, rows() {}, connection() {}, error() {}, end() {}});
      await closesQuickly(() => source.close());
    });
  });
}

for (const connector of sinkConnectors) {
  const sample = sinkSamples[connector.name]!;
  const create = (settings = sample.settings) =>
    connector.create(readSettings(connector.settings, settings, `${connector.name} sink`).values, {...connectorEnvironment(), ruleId: 'r'});
  const message = () => (connector.accepts === 'bytes' ? sinkMessage('{"a":1}', {a: 1}) : {payload: undefined, data: {a: 1}});

  describe(`the sink ${connector.name}`, () => {
    describeSettings(connector);

    it('is found by its name', () => expect(findSink(connector.name)).toBe(connector));

    it('refuses what cannot work, by name', () => {
      for (const {settings, names} of sample.refused ?? []) expect(() => create(settings), names).toThrow(names);
    });

    it(sample.hasPeer ? 'fails for now without its peer, and closes twice' : 'takes messages, and closes twice', async () => {
      const statuses: ConnectionStatus[] = [];
      const sink = create();
      sink.open({connection: status => void statuses.push(status)});
      if (sample.hasPeer) await pollUntil(() => statuses.length > 0);
      let failure: unknown;
      try {
        await sink.write([message(), message()]);
      } catch (thrown) {
        failure = thrown instanceof PartialDelivery ? thrown.cause : thrown;
      }
      if (sample.hasPeer) {
        expect(failure).toBeInstanceOf(ConnectorError);
        expect(failure).toMatchObject({retry: true});
        await pollUntil(() => statuses.at(-1)?.state === -1);
      } else {
        expect(failure).toBeUndefined();
        expect(statuses.every(({state}) => state === 1)).toBe(true);
      }
      await closesQuickly(() => sink.close());
    });

    it('closes without having been opened', () => closesQuickly(() => create().close()));
  });
}
