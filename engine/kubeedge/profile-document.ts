import type {DeviceInstance, DeviceModel, DeviceProperty} from './device-model.ts';
import type {ModelFields} from './model-fields.ts';
import {readProperty, unknownType} from './property-facts.ts';

/** A deviceProfile.json of KubeEdge v0.3–v1.14, or Kuiper's own model file, which is its `deviceModels` alone. */
export function readProfile(
  profile: ModelFields,
  warn: (text: string) => void,
): {readonly models: readonly DeviceModel[]; readonly instances: readonly DeviceInstance[]} {
  return {
    models: profile.list('deviceModels').map(model => readProfileModel(model, warn)),
    instances: profile.list('deviceInstances').map(readInstance),
  };
}

/** One element of `deviceModels`. */
export function readProfileModel(model: ModelFields, warn: (text: string) => void): DeviceModel {
  const name = model.requiredText('name', 'a device model');
  const namespace = model.text('namespace');
  const properties: DeviceProperty[] = [];
  for (const property of model.list('properties')) {
    const propertyName = property.requiredText('name', `a property of model "${name}"`);
    const word = property.requiredText('dataType', `property "${propertyName}" of model "${name}"`);
    const read = readProperty(
      propertyName,
      word,
      property.text('description'),
      property,
      () => property.fault('dataType', unknownType(propertyName, word)),
      text => warn(`model "${name}": ${text}`),
    );
    if (read) properties.push(read);
  }
  return {name, ...(namespace ? {namespace} : {}), properties};
}

function readInstance(instance: ModelFields): DeviceInstance {
  const id = instance.text('id') || instance.requiredText('name', 'a device instance');
  const name = instance.text('name') || id;
  const namespace = instance.text('namespace');
  // v1.4–v1.8 have dataTopic on the instance, v1.9–v1.14 under `data`.
  const dataTopic = instance.text('dataTopic') || instance.object('data')?.text('dataTopic');
  return {
    id,
    name,
    ...(namespace ? {namespace} : {}),
    model: instance.requiredText('model', `device instance "${id}"`),
    pushTopics: [],
    ...(dataTopic ? {dataTopic} : {}),
  };
}
