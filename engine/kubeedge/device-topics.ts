import type {DeviceInstance, DeviceModel} from './device-model.ts';
import type {DeviceRegistry, KnownDevice} from './device-registry.ts';
import {unshared} from './topic-layouts.ts';
import type {TopicTemplate} from './topic-template.ts';

/** The device of one topic. */
export interface TopicDevice {
  /** As the topic calls it; undefined when it names none. */
  readonly device: string | undefined;
  readonly namespace: string | undefined;
  /** undefined when no model file has it. */
  readonly known: KnownDevice | undefined;
}

const nobody: TopicDevice = {device: undefined, namespace: undefined, known: undefined};

/** Finds the device of a topic, and the devices of a topic filter. Immutable. */
export class DeviceTopics {
  readonly #registry: DeviceRegistry;
  readonly #templates: readonly TopicTemplate[];
  /** Topics that a Device object names outright, unless two devices share one. */
  readonly #own: ReadonlyMap<string, DeviceInstance>;
  readonly #pushed: ReadonlyMap<string, {readonly instance: DeviceInstance; readonly property: string}>;

  constructor(registry: DeviceRegistry, templates: readonly TopicTemplate[]) {
    this.#registry = registry;
    this.#templates = templates;
    const instances = registry.instances();
    this.#pushed = unshadowed(
      instances.flatMap(instance => instance.pushTopics.map(({topic, property}) => [topic, {instance, property}] as const)),
    );
    this.#own = unshadowed(
      instances.flatMap(instance => {
        const topics = [...new Set(instance.pushTopics.map(one => one.topic))];
        return [...topics, ...(instance.dataTopic ? [instance.dataTopic] : [])].map(topic => [topic, instance] as const);
      }),
    );
  }

  /** The first template under which the topic names a known device decides; failing that, the first that fits. */
  locate(topic: string): TopicDevice {
    const own = this.#own.get(topic);
    if (own) return {device: own.name, namespace: own.namespace, known: this.#registry.known(own)};
    const segments = topic.split('/');
    let unknown: TopicDevice | undefined;
    for (const template of this.#templates) {
      const place = template.match(segments);
      if (!place) continue;
      const known = this.#registry.find(place.device, place.namespace);
      if (known) return {device: place.device, namespace: place.namespace ?? known.instance?.namespace, known};
      if (!template.isGuess) unknown ??= {...place, known: undefined};
    }
    return unknown ?? nobody;
  }

  /** The property that `pushMethod.mqtt` of one device publishes to this topic. */
  pushed(topic: string): {readonly instance: DeviceInstance; readonly property: string} | undefined {
    return this.#pushed.get(topic);
  }

  known(instance: DeviceInstance): KnownDevice {
    return this.#registry.known(instance);
  }

  /** Models of the devices whose messages a topic filter lets through; of a pushed topic only the property. */
  reached(topicFilter: string): ReadonlySet<DeviceModel> {
    const models = new Set<DeviceModel>();
    const filter = unshared(topicFilter.trim()).split('/');
    for (const template of this.#templates) {
      const pattern = template.reach(filter);
      if (pattern) for (const model of this.#registry.reached(pattern)) models.add(model);
    }
    for (const [topic, instance] of this.#own) {
      const {model} = this.#registry.known(instance);
      if (!model || models.has(model) || !matches(filter, topic.split('/'))) continue;
      const pushed = this.#pushed.get(topic);
      models.add(pushed ? {...model, properties: model.properties.filter(one => sameName(one.name, pushed.property))} : model);
    }
    return models;
  }
}

/** MQTT 3.1.1 §4.7. */
function matches(filter: readonly string[], topic: readonly string[]): boolean {
  if (topic[0]!.startsWith('$') && (filter[0] === '+' || filter[0] === '#')) return false;
  for (const [i, part] of filter.entries()) {
    if (part === '#') return true;
    if (topic[i] === undefined || (part !== '+' && part !== topic[i])) return false;
  }
  return filter.length === topic.length;
}

/** A map without the keys that stand for several values. */
function unshadowed<T>(entries: readonly (readonly [string, T])[]): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  const twice = new Set<string>();
  for (const [key, value] of entries) {
    if (map.has(key)) twice.add(key);
    map.set(key, value);
  }
  for (const key of twice) map.delete(key);
  return map;
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
