import {EvaluationError} from '#engine/base/errors.ts';
import type {DataType} from '#engine/values/data-type.ts';
import {defineMember} from '#engine/values/member.ts';
import type {Column} from '#engine/values/stream-schema.ts';
import type {Metadata, Row, Value} from '#engine/values/value.ts';
import {BadValue, type Converter} from './convert-value.ts';
import type {DeviceModel} from './device-model.ts';
import type {KnownDevice} from './device-registry.ts';
import type {DeviceTopics} from './device-topics.ts';
import {type FaultCounts, shown} from './fault-counts.ts';
import {MessagePlan} from './message-plan.ts';
import {expectationOf, isCarrier, isEnvelope, isNested, readEnvelope, readingOf} from './message-shape.ts';
import {readTextLine, type TextLine, valueOfLine} from './text-line.ts';
import {TopicCache} from './topic-cache.ts';

export interface TypingRules {
  readonly flatten: boolean;
  /** Which half of a twin the columns show. */
  readonly side: 'actual' | 'expected';
  readonly checkRange: boolean;
  readonly onBadValue: 'drop' | 'null' | 'error';
}

/** What is known of a topic. */
interface TopicMeaning {
  readonly device: string | undefined;
  readonly namespace: string | undefined;
  /** The instance's id where the topic calls it differently. */
  readonly instance: string | undefined;
  readonly plan: MessagePlan | undefined;
}

/**
 * Turns the messages of one stream into typed rows. What a topic means is worked out once and remembered; what a property becomes is worked
 * out once for each device.
 */
export class StreamTyper {
  readonly #topics: DeviceTopics;
  readonly #rules: TypingRules;
  readonly #faults: FaultCounts;
  readonly #declared: readonly Column[];
  readonly #columnTypes: ReadonlyMap<string, DataType>;
  readonly #meanings = new TopicCache<TopicMeaning>();
  readonly #plans = new Map<string, {readonly model: DeviceModel; readonly plan: MessagePlan}>();
  readonly #locate = (topic: string): TopicMeaning => this.#meaningOf(topic);

  constructor(
    topics: DeviceTopics,
    rules: TypingRules,
    faults: FaultCounts,
    declared: readonly Column[],
    columnTypes: ReadonlyMap<string, DataType>,
  ) {
    this.#topics = topics;
    this.#rules = rules;
    this.#faults = faults;
    this.#declared = declared;
    this.#columnTypes = columnTypes;
  }

  rows(payload: Uint8Array, topic: string, metadata: Metadata, decode: (payload: Uint8Array) => readonly Row[]): readonly Row[] {
    const line = readTextLine(payload);
    if (line) return this.#lineRows(line, topic, metadata);
    const rows = decode(payload);
    const {device, namespace, instance, plan} = this.#meanings.get(topic, this.#locate);
    if (device !== undefined) metadata['device'] = device;
    if (namespace !== undefined) metadata['namespace'] = namespace;
    if (instance !== undefined) metadata['instance'] = instance;
    if (plan === undefined) {
      this.#faults.unknownDevice(device ?? topic, topic);
      for (const row of rows) this.#describe(row, undefined, metadata);
      return rows;
    }
    if (rows.length === 1) return [this.#typed(rows[0]!, plan, metadata)];
    return rows.map(row => this.#typed(row, plan, metadata));
  }

  #typed(row: Row, plan: MessagePlan, metadata: Metadata): Row {
    const nested = isNested(row);
    const out: Row = {};
    for (const name in row) {
      const value = row[name]!;
      // Members of an envelope stay; a property of the same name takes their place below, except that of the readings themselves.
      if (nested && isEnvelope(name)) {
        if (isCarrier(name, value) || plan.find(name) === undefined) out[name] = value;
        continue;
      }
      const target = plan.find(name);
      if (target !== undefined && (target.column === name || !Object.hasOwn(row, target.column))) {
        this.#put(out, target.column, target.convert, value, plan.device, target.property);
        continue;
      }
      defineMember(out, name, value);
      if (target === undefined && !nested && !isEnvelope(name)) this.#unknown(plan, name);
    }
    this.#describe(row, plan, metadata);
    if (nested && this.#rules.flatten) {
      this.#flatten(row['twin'], 'twin', out, plan);
      this.#flatten(row['data'], 'data', out, plan);
    }
    return out;
  }

  #flatten(readings: Value | undefined, carrier: string, out: Row, plan: MessagePlan): void {
    if (readings === undefined || !isCarrier(carrier, readings)) return;
    for (const name in readings) {
      const target = plan.find(name);
      if (target === undefined) {
        this.#unknown(plan, name);
        continue;
      }
      const value = readingOf(readings[name]!, this.#rules.side);
      if (value === undefined || value === null) continue;
      const {column} = target;
      // `twin` and `data` keep the original message, also for a property of that name.
      if (isCarrier(column, out[column] ?? null)) continue;
      this.#put(out, column, target.convert, value, plan.device, target.property);
    }
  }

  #unknown(plan: MessagePlan, name: string): void {
    this.#faults.unknownProperties++;
    if (plan.meetsStranger(name)) this.#faults.tellUnknownProperty(plan.device, name);
  }

  #put(out: Row, column: string, convert: Converter, value: Value, device: string, property: string): void {
    const {onBadValue} = this.#rules;
    if (value === null) {
      if (onBadValue === 'null') defineMember(out, column, null);
      return;
    }
    const typed = convert(value);
    if (!(typed instanceof BadValue)) {
      defineMember(out, column, typed);
      return;
    }
    this.#faults.badValue(device, property, typed.reason, value);
    if (onBadValue === 'null') defineMember(out, column, null);
    else if (onBadValue === 'error') {
      throw new EvaluationError(`device "${device}": property "${shown(property)}": ${typed.reason}, got "${shown(value)}"`);
    }
  }

  /** event_id, timestamp, and what the cloud expects, by property: in the model's type where it fits, else as it came. */
  #describe(row: Row, plan: MessagePlan | undefined, metadata: Metadata): void {
    readEnvelope(row, metadata);
    const twin = row['twin'];
    if (twin === undefined || !isCarrier('twin', twin)) return;
    let expected: Row | undefined;
    for (const name in twin) {
      const value = expectationOf(twin[name]!);
      if (value === undefined) continue;
      expected ??= {};
      const target = plan?.find(name);
      const typed = target === undefined || value === null ? value : target.convertUntyped(value);
      defineMember(expected, target?.property ?? name, typed instanceof BadValue ? value : typed);
    }
    if (expected !== undefined) metadata['expected'] = expected;
  }

  /** The line belongs to the topic it names, which is the one it came on unless a bridge renamed that. */
  #lineRows(line: TextLine, topic: string, metadata: Metadata): readonly Row[] {
    let pushed = this.#topics.pushed(topic);
    let value = pushed && valueOfLine(line, topic);
    for (let at = line.rest.indexOf(': '); value === undefined && at >= 0; at = line.rest.indexOf(': ', at + 1)) {
      if (at > 1000) break;
      pushed = this.#topics.pushed(line.rest.slice(0, at));
      if (pushed) value = line.rest.slice(at + 2);
    }
    const known = pushed && this.#topics.known(pushed.instance);
    const plan = known?.model && this.#planFor(known, known.model);
    const target = plan?.find(pushed!.property);
    if (value === undefined || pushed === undefined || plan === undefined || target === undefined) {
      this.#faults.unresolvedLine(topic);
      return [];
    }
    const {id, name, namespace} = pushed.instance;
    metadata['device'] = name;
    if (namespace !== undefined) metadata['namespace'] = namespace;
    if (id !== name) metadata['instance'] = id;
    metadata['timestamp'] = line.atEpochMs;
    const out: Row = {};
    this.#put(out, target.column, target.convert, value, plan.device, target.property);
    return [out];
  }

  #meaningOf(topic: string): TopicMeaning {
    const {device, namespace, known} = this.#topics.locate(topic);
    const id = known?.instance?.id;
    return {
      device,
      namespace,
      instance: id === device ? undefined : id,
      plan: known?.model && this.#planFor(known, known.model),
    };
  }

  /** Plans are as many as the model files have devices: hostile topics make none. */
  #planFor({name}: KnownDevice, model: DeviceModel): MessagePlan {
    const made = this.#plans.get(name);
    if (made?.model === model) return made.plan;
    const plan = new MessagePlan(name, model, {
      checkRange: this.#rules.checkRange,
      declared: this.#declared,
      columnTypes: this.#columnTypes,
    });
    this.#plans.set(name, {model, plan});
    return plan;
  }
}
