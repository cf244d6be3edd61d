import type {DeviceCatalogue, DeviceInstance, DeviceModel} from './device-model.ts';
import {commonModel} from './merge-models.ts';
import type {DevicePattern} from './topic-template.ts';

export interface KnownDevice {
  /** As reports call it: the instance's id behind its namespace, a name that instances share, or the model's name. */
  readonly name: string;
  /** undefined for a device known only by its model's name, and for a name that several instances share. */
  readonly instance: DeviceInstance | undefined;
  /** undefined when the instance names a model that no file holds. */
  readonly model: DeviceModel | undefined;
}

/** Finds devices by what topics call them, in any case. Immutable. */
export class DeviceRegistry {
  readonly #byId: ReadonlyMap<string, readonly DeviceInstance[]>;
  readonly #byName: ReadonlyMap<string, readonly DeviceInstance[]>;
  readonly #models: ReadonlyMap<string, readonly DeviceModel[]>;
  /** Models without instances: their own name is the device's, as in Kuiper's model files. */
  readonly #alone: readonly DeviceModel[];
  readonly #instances: readonly DeviceInstance[];
  readonly warnings: readonly string[];

  constructor(catalogue: DeviceCatalogue) {
    const warnings = [...catalogue.warnings];
    const models = grouped(catalogue.models, model => model.name);
    for (const same of models.values()) {
      const [first] = same;
      for (const other of same.slice(1)) {
        const isRepeated = other.namespace === first!.namespace && JSON.stringify(other) !== JSON.stringify(first);
        if (isRepeated) warnings.push(`model "${other.name}" is defined more than once: the first definition counts`);
      }
    }
    this.#models = models;
    this.#instances = catalogue.instances;
    this.#byId = grouped(catalogue.instances, instance => instance.id);
    this.#byName = grouped(catalogue.instances, instance => instance.name);
    const used = new Set<DeviceModel>();
    for (const instance of catalogue.instances) {
      const model = this.#modelOf(instance);
      if (model) used.add(model);
      else warnings.push(`device "${instance.id}" is of model "${instance.model}", which no model file holds: its values stay untyped`);
    }
    this.#alone = catalogue.models.filter(model => !used.has(model));
    this.warnings = [...new Set(warnings)];
  }

  /** By instance id, then instance name, then model name. */
  find(device: string, namespace: string | undefined): KnownDevice | undefined {
    const name = device.toLowerCase();
    const qualified = namespace === undefined ? undefined : this.#byId.get(`${namespace.toLowerCase()}/${name}`);
    const instances = qualified ?? nonEmpty(within(this.#byId.get(name), namespace)) ?? nonEmpty(within(this.#byName.get(name), namespace));
    if (instances) return this.#known(instances);
    const models = nonEmpty(within(this.#models.get(name), namespace));
    return models && {name: models[0]!.name, instance: undefined, model: models[0]};
  }

  /** Models of all devices that fit the pattern. */
  reached(pattern: DevicePattern): readonly DeviceModel[] {
    if (pattern.device !== undefined) {
      const model = this.find(pattern.device, pattern.namespace)?.model;
      return model ? [model] : [];
    }
    const instances = possible(this.#instances, pattern.namespace).flatMap(instance => this.#modelOf(instance) ?? []);
    return [...instances, ...possible(this.#alone, pattern.namespace)];
  }

  instances(): readonly DeviceInstance[] {
    return this.#instances;
  }

  known(instance: DeviceInstance): KnownDevice {
    return {name: qualified(instance), instance, model: this.#modelOf(instance)};
  }

  #known(instances: readonly DeviceInstance[]): KnownDevice {
    const [first] = instances;
    if (instances.length === 1) return this.known(first!);
    const models = [...new Set(instances.flatMap(instance => this.#modelOf(instance) ?? []))];
    const model = models.length > 1 ? commonModel(models) : models[0];
    return {name: first!.name, instance: undefined, model};
  }

  #modelOf(instance: DeviceInstance): DeviceModel | undefined {
    const same = this.#models.get(instance.model.toLowerCase());
    return nonEmpty(within(same, instance.namespace))?.[0] ?? same?.[0];
  }
}

/** Those of the namespace, else those that name none, as files of hand do; all when the topic names none. */
function within<T extends {readonly namespace?: string}>(items: readonly T[] | undefined, namespace: string | undefined): readonly T[] {
  if (items === undefined) return [];
  if (namespace === undefined) return items;
  const wanted = namespace.toLowerCase();
  return nonEmpty(items.filter(item => item.namespace?.toLowerCase() === wanted)) ?? items.filter(item => item.namespace === undefined);
}

/** Those a topic of the namespace may mean. */
function possible<T extends {readonly namespace?: string}>(items: readonly T[], namespace: string | undefined): readonly T[] {
  const wanted = namespace?.toLowerCase();
  return wanted === undefined ? items : items.filter(item => item.namespace === undefined || item.namespace.toLowerCase() === wanted);
}

function nonEmpty<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length > 0 ? items : undefined;
}

function grouped<T>(items: readonly T[], nameOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = nameOf(item).toLowerCase();
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}

function qualified({id, namespace}: DeviceInstance): string {
  return namespace === undefined || id.includes('/') ? id : `${namespace}/${id}`;
}
