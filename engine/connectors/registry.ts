import type {LookupConnector, SinkConnector, SourceConnector} from './connector.ts';
import {fileSink} from './file/file-sink.ts';
import {restSink} from './http/rest-sink.ts';
import {logSink} from './log/log-sink.ts';
import {memoryLookup} from './memory/memory-lookup.ts';
import {memorySink} from './memory/memory-sink.ts';
import {memorySource} from './memory/memory-source.ts';
import {mqttSink} from './mqtt/mqtt-sink.ts';
import {mqttSource} from './mqtt/mqtt-source.ts';
import {nopSink} from './nop/nop-sink.ts';
import {simulatorSource} from './simulator/simulator-source.ts';

export const sourceConnectors: readonly SourceConnector[] = [memorySource, mqttSource, simulatorSource];

export const sinkConnectors: readonly SinkConnector[] = [fileSink, logSink, memorySink, mqttSink, nopSink, restSink];

export const lookupConnectors: readonly LookupConnector[] = [memoryLookup];

/** The source of a TYPE, in lower case. */
export function findSource(name: string): SourceConnector | undefined {
  return sourceConnectors.find(connector => connector.name === name);
}

/** The sink of an action's key. */
export function findSink(name: string): SinkConnector | undefined {
  return sinkConnectors.find(connector => connector.name === name);
}
