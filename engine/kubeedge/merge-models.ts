import {any, type DataType, float} from '#engine/values/data-type.ts';
import type {Column} from '#engine/values/stream-schema.ts';
import type {DeviceModel, DeviceProperty} from './device-model.ts';

export interface MergedColumns {
  readonly columns: readonly Column[];
  /** Columns left untyped because models type them differently, as sentences. */
  readonly conflicts: readonly string[];
}

/**
 * The columns of devices of several models: what all type alike keeps that type, int and float meet as float, any other conflict leaves
 * the column untyped. Unit, access mode and limits stay where all agree.
 */
export function mergeModels(models: Iterable<DeviceModel>): MergedColumns {
  const byName = new Map<string, {model: DeviceModel; property: DeviceProperty}[]>();
  for (const model of models) {
    for (const property of model.properties) {
      const same = byName.get(property.name);
      if (same) same.push({model, property});
      else byName.set(property.name, [{model, property}]);
    }
  }
  const conflicts: string[] = [];
  const columns = [...byName].map(([name, uses]): Column => {
    const [first, ...others] = uses.map(use => use.property);
    let type: DataType = {kind: first!.type};
    for (const other of others) if (other.type !== type.kind) type = isNumber(type.kind) && isNumber(other.type) ? float : any;
    if (type.kind === 'any') {
      const typed = [...new Map(uses.map(use => [use.property.type, use.model.name]))].map(
        ([word, model]) => `${word} in model "${model}"`,
      );
      conflicts.push(`column "${name}" is ${typed.join(' and ')}: it stays untyped`);
    }
    const all = [first!, ...others];
    return {
      name,
      type,
      ...(first!.description === undefined ? {} : {description: first!.description}),
      ...agreed(all, 'unit'),
      ...agreed(all, 'accessMode'),
      ...agreed(all, 'minimum'),
      ...agreed(all, 'maximum'),
    };
  });
  return {columns, conflicts};
}

function isNumber(kind: DataType['kind']): boolean {
  return kind === 'int' || kind === 'float';
}

function agreed<K extends 'unit' | 'accessMode' | 'minimum' | 'maximum'>(
  properties: readonly DeviceProperty[],
  fact: K,
): {readonly [F in K]?: NonNullable<DeviceProperty[F]>} {
  const value = properties[0]![fact];
  if (value === undefined || properties.some(property => property[fact] !== value)) return {};
  return {[fact]: value} as {readonly [F in K]?: NonNullable<DeviceProperty[F]>};
}

/** What can be said of a device whose name fits several models: the properties that all of them have and type alike. */
export function commonModel(models: readonly DeviceModel[]): DeviceModel {
  const [first, ...others] = models;
  const properties = first!.properties.flatMap(property => {
    const same = others.map(model => model.properties.find(one => one.name === property.name));
    if (same.some(one => one?.type !== property.type)) return [];
    const {minimum: _, maximum: __, ...unlimited} = property;
    return [same.every(one => one!.minimum === property.minimum && one!.maximum === property.maximum) ? property : unlimited];
  });
  return {name: first!.name, properties};
}
