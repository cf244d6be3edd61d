import type {DeviceInstance, DeviceModel, DeviceProperty} from './device-model.ts';
import {isObject, type ModelFields} from './model-fields.ts';
import {readProperty, unknownType} from './property-facts.ts';

/** A DeviceModel object of any served version: `type` is a word in v1beta1 and an object with one member before. */
export function readDeviceModel(object: ModelFields, warn: (text: string) => void): DeviceModel {
  const metadata = object.object('metadata');
  const name = metadata?.text('name') || (metadata ?? object).requiredText('name', 'a DeviceModel');
  const namespace = metadata?.text('namespace');
  const properties: DeviceProperty[] = [];
  for (const property of object.object('spec')?.list('properties') ?? []) {
    const read = readCrdProperty(property, name, text => warn(`model "${name}": ${text}`));
    if (read) properties.push(read);
  }
  return {name, ...(namespace ? {namespace} : {}), properties};
}

/** A property of `spec.properties`. */
export function readCrdProperty(property: ModelFields, model: string, warn: (text: string) => void): DeviceProperty | undefined {
  const name = property.requiredText('name', `a property of model "${model}"`);
  const description = property.text('description');
  const type = property.value('type');
  if (!isObject(type)) {
    const word = property.requiredText('type', `property "${name}" of model "${model}"`);
    return readProperty(name, word, description, property, () => property.fault('type', unknownType(name, word)), warn);
  }
  const nested = property.object('type')!;
  const words = nested.keys().filter(key => nested.value(key) !== undefined || nested.keys().length === 1);
  const [word] = words;
  if (word === undefined || words.length > 1) {
    throw property.fault('type', `expected type of property "${name}" to have one member such as "int", got ${words.length}`);
  }
  // `bytes:` without members is null in YAML.
  const facts = nested.object(word) ?? nested;
  return readProperty(name, word, description, facts, () => nested.fault(word, unknownType(name, word)), warn);
}

/** A Device object of any served version; undefined for one that names no model (v1beta1 allows that). */
export function readDevice(object: ModelFields, warn: (text: string) => void): DeviceInstance | undefined {
  const metadata = object.object('metadata');
  const name = metadata?.text('name') || (metadata ?? object).requiredText('name', 'a Device');
  const namespace = metadata?.text('namespace');
  const spec = object.object('spec');
  const model = spec?.object('deviceModelRef')?.text('name');
  if (!model) {
    warn(`device "${name}" names no deviceModelRef: its values stay untyped`);
    return undefined;
  }
  const pushTopics = (spec?.list('properties') ?? []).flatMap(property => {
    const topic = property.object('pushMethod')?.object('mqtt')?.text('topic');
    const of = property.text('name');
    return topic && of ? [{topic, property: of}] : [];
  });
  const dataTopic = spec?.object('data')?.text('dataTopic');
  return {id: name, name, ...(namespace ? {namespace} : {}), model, pushTopics, ...(dataTopic ? {dataTopic} : {})};
}
