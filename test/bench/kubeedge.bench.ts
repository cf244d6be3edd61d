import {cpSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {silentLogger} from '#engine/base/logger.ts';
import {openDeviceTyping} from '#engine/kubeedge/open-device-typing.ts';
import type {Row} from '#engine/values/value.ts';

/**
 * Cost of typing one message, JSON.parse not counted: `npx tsx test/bench/kubeedge.bench.ts`.
 * 1,000 devices' topics take turns, as on a real broker.
 */
const topics = 1000;
const messages = 2_000_000;

const etcDirectory = mkdtempSync(join(tmpdir(), 'arrokoth-bench-'));
mkdirSync(join(etcDirectory, 'sources'));
cpSync(join(dirname(fileURLToPath(import.meta.url)), '../kubeedge/samples'), join(etcDirectory, 'sources/models'), {recursive: true});
const typing = await openDeviceTyping({etcDirectory, settings: {kubeedgeModelFile: 'models'}, logger: silentLogger});
const scope = {topicFilter: '$hw/events/device/+/twin/update', declared: []};

const twin = (value: string) => ({actual: {value, metadata: {timestamp: 1597213444129}}, optional: true, metadata: {type: 'string'}});
const stamp = {event_id: '', timestamp: 1597213444123};
const cases: readonly (readonly [name: string, suffix: string, message: object])[] = [
  ['twin update, 1 property', 'twin/update', {...stamp, twin: {'temperature-switch': twin('1')}}],
  ['twin result, 2 properties', 'twin/update/result', {...stamp, twin: {temperature: twin('25.5'), 'temperature-switch': twin('1')}}],
  ['document, 1 property', 'twin/update/document', {...stamp, twin: {temperature: {last: twin('25.4'), current: twin('25.5')}}}],
  ['data update, 1 property', 'data/update', {...stamp, data: {temperature: {value: '25.5', metadata: {type: 'float'}}}}],
  ['flat, 2 properties', 'data/update', {temperature: '25.5', 'temperature-switch': 1}],
  [
    'flat, 2 of 12 members known',
    'data/update',
    {temperature: '25.5', 'temperature-switch': 1, ...Object.fromEntries([...'abcdefghij'].map(name => [name, name]))},
  ],
];

for (const [name, suffix, message] of cases) {
  const payload = new TextEncoder().encode(JSON.stringify(message));
  // Namespaces are open to devices whose file names none: many topics of one device.
  const addresses = Array.from({length: topics}, (_, i) => `$hw/events/device/plant-${i}/temperature-instance/${suffix}`);
  const decoded = Array.from({length: 64}, () => [JSON.parse(JSON.stringify(message)) as Row]);
  let next = 0;
  const decode = () => decoded[next++ & 63]!;
  const run = (count: number): number => {
    const started = performance.now();
    for (let i = 0; i < count; i++) typing.rows(payload, addresses[i % topics]!, {topic: '', qos: 1}, decode, scope);
    return ((performance.now() - started) * 1000) / count;
  };
  run(messages / 10);
  const microseconds = Math.min(run(messages), run(messages), run(messages));
  const parse = performance.now();
  const text = JSON.stringify(message);
  for (let i = 0; i < messages / 10; i++) JSON.parse(text);
  const parseMicroseconds = ((performance.now() - parse) * 1000) / (messages / 10);
  process.stdout.write(`${name.padEnd(30)} ${microseconds.toFixed(2)} µs   (JSON.parse ${parseMicroseconds.toFixed(2)} µs)\n`);
}

await typing.close();
rmSync(etcDirectory, {recursive: true});
