import type {Registry} from 'prom-client';
import type {Rules} from '#engine/runtime/rules.ts';

/** Metrics of a rule's status that Prometheus gets; the others are texts or times. */
const exported = [
  'records_in_total',
  'records_out_total',
  'messages_processed_total',
  'exceptions_total',
  'process_latency_us',
  'buffer_length',
  'connection_status',
];

const statusKey = new RegExp(`^(source|op|sink)_(.+)_(\\d+)_(${exported.join('|')})$`);

/** Made at the first scrape: an engine that nobody scrapes does without the package. */
let registry: Promise<Registry> | undefined;

/** The process and every rule in Prometheus' text form, under eKuiper's names. Counters are read now, not kept twice. */
export async function metricsText(rules: Rules): Promise<{readonly type: string; readonly text: string}> {
  registry ??= processMetrics();
  const ofProcess = await registry;
  const lines = new Map<string, string[]>();
  const add = (name: string, labels: string, value: number) => {
    const present = lines.get(name);
    const line = `${name}{${labels}} ${value}`;
    if (present) present.push(line);
    else lines.set(name, [`# TYPE ${name} gauge`, line]);
  };
  let running = 0;
  const summaries = rules.list();
  for (const {id} of summaries) {
    const rule = label(id);
    const status = rules.status(id);
    if (status['status'] === 'running') running++;
    add('kuiper_rule_status', `rule="${rule}"`, status['status'] === 'running' ? 1 : status['status'] === 'stopped by error' ? -1 : 0);
    for (const [key, value] of Object.entries(status)) {
      const match = typeof value === 'number' ? statusKey.exec(key) : null;
      if (!match) continue;
      const [, type, node, instance, metric] = match;
      add(`kuiper_${type}_${metric}`, `op="${label(node!)}",op_instance="${instance}",rule="${rule}",type="${type}"`, value as number);
    }
  }
  add('kuiper_rule_count', 'status="running"', running);
  add('kuiper_rule_count', 'status="stop"', summaries.length - running);
  const text = [...lines.values()].map(group => group.join('\n')).join('\n');
  return {type: ofProcess.contentType, text: `${await ofProcess.metrics()}\n${text}\n`};
}

async function processMetrics(): Promise<Registry> {
  const {collectDefaultMetrics, Registry} = await import('prom-client');
  const metrics = new Registry();
  collectDefaultMetrics({register: metrics});
  return metrics;
}

function label(text: string): string {
  return text.replace(/[\\"\n]/g, character => (character === '\n' ? '\\n' : `\\${character}`));
}
