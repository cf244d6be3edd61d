import type {NodeMetrics} from '#engine/compiler/pipeline.ts';
import type {ConnectionLog} from './connection-log.ts';
import type {SharedSource, Subscription} from './shared-source.ts';
import type {SinkTask} from './sink-task.ts';
import type {Topology} from './topology.ts';

/** The counters of one node under the names of the status answer (spec rest §2.5). */
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
  for (const {node, subscription} of decoders(topology)) nodes.push({node, counters: counters(decoderCounts(subscription))});
  const withheld = topology.sources[0]?.subscription.withheld ?? 0;
  for (const [i, operator] of topology.operators.entries()) {
    nodes.push({
      node: operatorNode(topology, i),
      counters: counters(withWithheld(operator.metrics, operator.countsWithheld ? withheld : 0)),
    });
  }
  for (const sink of topology.sinks) nodes.push(...sinkStatuses(sink));
  return nodes;
}

/** Node names and what each feeds (spec rest §1.3, topo). */
export function topologyEdges(topology: Topology): {
  readonly sources: readonly string[];
  readonly edges: Readonly<Record<string, readonly string[]>>;
} {
  const edges: Record<string, string[]> = {};
  const connect = (from: string, to: readonly string[]) => {
    edges[from] = [...(edges[from] ?? []), ...to];
  };
  const heads = topology.sinks.map(sink => `op_${sink.name}_0_transform`);
  const decoderOf = new Map(decoders(topology).map(({node, subscription}) => [subscription, node]));
  for (const {stream, subscription, position} of topology.sources) {
    const at = topology.pipeline.inputs[position]?.entry ?? 0;
    const entry = topology.operators.length > 0 ? [operatorNode(topology, at)] : heads;
    const decoder = decoderOf.get(subscription);
    connect(`source_${stream}`, decoder === undefined ? entry : [decoder]);
    if (decoder !== undefined) connect(decoder, entry);
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

/**
 * Plan indexes count from the leaves, one source after the other: source 1, its decoder 2, the next source 3 … then the operators. The decoder
 * of a SHARED stream bears the stream's name.
 */
function decoders(topology: Topology): readonly {readonly node: string; readonly subscription: Subscription}[] {
  let index = 0;
  return topology.sources.flatMap(({stream, subscription, shared}) => {
    index++;
    return subscription.source.decodes ? [{node: `op_${shared ? `${stream}_` : ''}${++index}_decoder`, subscription}] : [];
  });
}

function operatorNode(topology: Topology, i: number): string {
  const below = topology.sources.reduce((count, {subscription}) => count + (subscription.source.decodes ? 2 : 1), 0);
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
