import type {NodeMetrics} from '#engine/compiler/pipeline.ts';
import type {ConnectionLog} from './connection-log.ts';
import type {SharedSource} from './shared-source.ts';
import type {SinkTask} from './sink-task.ts';
import type {Subscription} from './subscription.ts';
import type {Topology} from './topology.ts';

/** The counters of one node under the names of the status answer. */
export interface NodeStatus {
  /** `source_demo`, `op_3_filter`, `sink_mqtt_0`. */
  readonly node: string;
  readonly counters: Readonly<Record<string, number | string>>;
}

interface Counted {
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly messagesProcessed: number;
  readonly latencyUs: number;
  readonly lastInvocationAt: number;
  readonly exceptions: number;
  readonly lastException: string;
  readonly lastExceptionAt: number;
}

/** Every node of a topology: sources, operators, then each sink's steps, in the order clients expect. */
export function nodeStatuses(topology: Topology): readonly NodeStatus[] {
  const nodes: NodeStatus[] = [];
  for (const {stream, subscription} of topology.sources) {
    nodes.push({
      node: `source_${stream}`,
      counters: {...counters(sourceCounts(subscription)), ...connection(subscription.source.connectionLog)},
    });
  }
  for (const {node, counts} of sourceSteps(topology).flat()) nodes.push({node, counters: counters(counts)});
  const withheld = topology.sources[0]?.subscription.withheld ?? 0;
  for (const [i, operator] of topology.operators.entries()) {
    nodes.push({
      node: operatorNode(topology, i),
      counters: counters(withWithheld(operator.metrics, operator.countsWithheld ? withheld : 0)),
    });
  }
  // eKuiper has no such node: it is there once the table was out of reach.
  for (const [table, log] of topology.lookupConnections) {
    if (log.lastDisconnectedAt > 0) nodes.push({node: `source_${table}`, counters: connection(log)});
  }
  for (const sink of topology.sinks) nodes.push(...sinkStatuses(sink));
  return nodes;
}

/** The node that failed last, without the names and texts of all others: asked for thousands of rules at once. Undefined when none did. */
export function latestFailure(topology: Topology): {readonly text: string; readonly total: number} | undefined {
  let latest: Counted | undefined;
  const weigh = (counts: Counted) => {
    if (counts.lastExceptionAt > (latest?.lastExceptionAt ?? 0)) latest = counts;
  };
  for (const {subscription} of topology.sources) {
    // What a source and its steps count are its subscription's failures.
    if (subscription.failures > 0) weigh(subscription.source.decodes ? decoderCounts(subscription) : sourceCounts(subscription));
  }
  for (const {metrics} of topology.operators) weigh(metrics);
  for (const {transformMetrics, encodeMetrics, metrics} of topology.sinks)
    for (const one of [transformMetrics, encodeMetrics, metrics]) weigh(one);
  return latest && {text: latest.lastException, total: latest.exceptions};
}

/** Node names and what each feeds (the answer of `/topo`). */
export function topologyEdges(topology: Topology): {
  readonly sources: readonly string[];
  readonly edges: Readonly<Record<string, readonly string[]>>;
} {
  const edges: Record<string, string[]> = {};
  const connect = (from: string, to: readonly string[]) => {
    edges[from] = [...(edges[from] ?? []), ...to];
  };
  const heads = topology.sinks.map(sink => `op_${sink.name}_0_transform`);
  const steps = sourceSteps(topology);
  for (const [i, {stream, position}] of topology.sources.entries()) {
    const at = topology.pipeline.inputs[position]?.entry ?? 0;
    const entry = topology.operators.length > 0 ? [operatorNode(topology, at)] : heads;
    let from = `source_${stream}`;
    for (const {node} of steps[i]!) {
      connect(from, [node]);
      from = node;
    }
    connect(from, entry);
  }
  for (const [i, {downstream}] of topology.operators.entries()) {
    connect(operatorNode(topology, i), downstream.length === 0 ? heads : downstream.map(at => operatorNode(topology, at)));
  }
  for (const sink of topology.sinks) {
    const steps = [`op_${sink.name}_0_transform`, ...(sink.encodes ? [`op_${sink.name}_1_encode`] : []), `sink_${sink.name}`];
    for (let i = 1; i < steps.length; i++) connect(steps[i - 1]!, [steps[i]!]);
  }
  return {sources: topology.sources.map(({stream}) => `source_${stream}`), edges};
}

/** The status members of one node: `<node>_0_<metric>`. */
export function statusMembers({node, counters}: NodeStatus): readonly (readonly [string, number | string])[] {
  return Object.entries(counters).map(([metric, value]) => [`${node}_0_${metric}`, value]);
}

/** What follows a source before the rule's own operators. */
interface SourceStep {
  readonly node: string;
  readonly counts: Counted;
}

/**
 * The steps of each source. Plan indexes count from the leaves, one source after the other: source 1, its decoder 2, its preprocessor 3, the
 * next source 4 … then the operators. The decoder of a SHARED stream bears the stream's name.
 */
function sourceSteps(topology: Topology): readonly (readonly SourceStep[])[] {
  let index = 0;
  return topology.sources.map(({stream, subscription, shared, preprocesses}) => {
    index++;
    const prefix = shared ? `op_${stream}_` : 'op_';
    const steps: SourceStep[] = [];
    if (subscription.source.decodes) steps.push({node: `${prefix}${++index}_decoder`, counts: decoderCounts(subscription)});
    if (preprocesses) steps.push({node: `${prefix}${++index}_preprocessor`, counts: passedOn(subscription)});
    return steps;
  });
}

function operatorNode(topology: Topology, i: number): string {
  const below = topology.sources.reduce(
    (count, {subscription, preprocesses}) => count + 1 + Number(subscription.source.decodes) + Number(preprocesses),
    0,
  );
  return `op_${below + i + 1}_${topology.operators[i]!.name}`;
}

function counters(from: Counted, bufferLength = 0): Record<string, number | string> {
  return {
    records_in_total: from.recordsIn,
    records_out_total: from.recordsOut,
    messages_processed_total: from.messagesProcessed,
    process_latency_us: from.latencyUs,
    buffer_length: bufferLength,
    last_invocation: from.lastInvocationAt,
    exceptions_total: from.exceptions,
    last_exception: from.lastException,
    last_exception_time: from.lastExceptionAt,
  };
}

function connection(log: ConnectionLog): Record<string, number | string> {
  return {
    connection_status: log.state,
    connection_last_connected_time: log.lastConnectedAt,
    connection_last_disconnected_time: log.lastDisconnectedAt,
    connection_last_disconnected_message: log.lastDisconnectedMessage,
    connection_last_try_time: log.lastTriedAt,
  };
}

function sourceCounts(subscription: Subscription): Counted {
  const {messagesIn, source} = subscription;
  return {
    recordsIn: messagesIn,
    recordsOut: messagesIn,
    messagesProcessed: messagesIn,
    latencyUs: 0,
    lastInvocationAt: messagesIn === 0 ? 0 : source.lastInvocationAt,
    exceptions: source.decodes ? 0 : subscription.failures,
    ...lastFailure(source, source.decodes ? 0 : subscription.failures),
  };
}

function decoderCounts(subscription: Subscription): Counted {
  const {messagesIn, rowsIn, failures, source} = subscription;
  return {
    recordsIn: messagesIn,
    recordsOut: rowsIn,
    messagesProcessed: messagesIn,
    latencyUs: source.latencyUs,
    lastInvocationAt: messagesIn === 0 ? 0 : source.lastInvocationAt,
    exceptions: failures,
    ...lastFailure(source, failures),
  };
}

/** The preprocessor is part of reading here: what it refuses counts as a failure of the decoder. */
function passedOn({rowsIn, source}: Subscription): Counted {
  return {
    recordsIn: rowsIn,
    recordsOut: rowsIn,
    messagesProcessed: rowsIn,
    latencyUs: 0,
    lastInvocationAt: rowsIn === 0 ? 0 : source.lastInvocationAt,
    exceptions: 0,
    lastException: '',
    lastExceptionAt: 0,
  };
}

function lastFailure(source: SharedSource, failures: number): {lastException: string; lastExceptionAt: number} {
  return failures === 0
    ? {lastException: '', lastExceptionAt: 0}
    : {lastException: source.lastFailure, lastExceptionAt: source.lastFailureAt};
}

function withWithheld(metrics: NodeMetrics, withheld: number): Counted {
  return withheld === 0
    ? metrics
    : {...metrics, recordsIn: metrics.recordsIn + withheld, messagesProcessed: metrics.messagesProcessed + withheld};
}

function sinkStatuses(sink: SinkTask): readonly NodeStatus[] {
  return [
    {node: `op_${sink.name}_0_transform`, counters: counters(sink.transformMetrics)},
    ...(sink.encodes ? [{node: `op_${sink.name}_1_encode`, counters: counters(sink.encodeMetrics)}] : []),
    {node: `sink_${sink.name}`, counters: {...counters(sink.metrics, sink.bufferLength), ...connection(sink.connectionLog)}},
  ];
}
