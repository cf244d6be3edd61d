import {ArrokothError, errorCode} from '#engine/base/errors.ts';
import {type FilePosition, parseYamlPositions} from '#engine/base/yaml.ts';
import {readCrdProperty, readDevice, readDeviceModel} from './crd-document.ts';
import type {DeviceCatalogue, DeviceInstance, DeviceModel} from './device-model.ts';
import type {KubeedgeVersion} from './kubeedge-version.ts';
import {isObject, ModelFault, ModelFields} from './model-fields.ts';
import {readProfile, readProfileModel} from './profile-document.ts';

/** Of objects within lists; kubectl writes two. */
const maxDepth = 20;

interface ModelDocument {
  readonly value: unknown;
  position(path: readonly (string | number)[]): FilePosition | undefined;
}

interface Found {
  readonly models: DeviceModel[];
  readonly instances: DeviceInstance[];
  readonly warnings: string[];
}

/**
 * Reads one model file of any form: Kuiper's own, deviceProfile.json, DeviceModel and Device objects (YAML or JSON, several documents, a
 * List, or the ConfigMap that CloudCore writes). A fault is an ArrokothError `file:line:column: reason`.
 */
export function readModelText(text: string, file: string, version: KubeedgeVersion): DeviceCatalogue {
  const found: Found = {models: [], instances: [], warnings: []};
  for (const document of documents(text, file)) {
    try {
      readValue(document.value, [], file, version, found);
    } catch (thrown) {
      if (!(thrown instanceof ModelFault)) throw thrown;
      const at = document.position(thrown.path);
      throw new ArrokothError(`${file}:${at?.line ?? 1}:${at?.column ?? 1}: ${thrown.message}`, {code: errorCode.configuration});
    }
  }
  return found;
}

/** JSON is read as such first, many times faster than as YAML; the positions of a fault come from the YAML reader either way. */
function documents(text: string, file: string): readonly ModelDocument[] {
  const bare = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (/^\s*[{[]/.test(bare)) {
    try {
      const value: unknown = JSON.parse(bare);
      return [{value, position: path => parseYamlPositions(bare, file)[0]?.position(path)}];
    } catch {
      // Not JSON: flow-style YAML, or a fault whose position the YAML reader tells.
    }
  }
  return parseYamlPositions(bare, file);
}

function readValue(value: unknown, path: readonly (string | number)[], file: string, version: KubeedgeVersion, found: Found): void {
  if (value === null || value === undefined) return;
  if (path.length > maxDepth) throw new ModelFault(path, `lists lie within lists more than ${maxDepth} deep`);
  if (Array.isArray(value)) {
    value.forEach((item, i) => void readValue(item, [...path, i], file, version, found));
    return;
  }
  if (!isObject(value)) throw new ModelFault(path, `expected a device model, got ${JSON.stringify(value).slice(0, 60)}`);
  const object = new ModelFields(value, path);
  const warn = (text: string) => void found.warnings.push(`${file}: ${text}`);
  if (object.has('deviceModels') || object.has('deviceInstances')) {
    const profile = readProfile(object, warn);
    found.models.push(...profile.models);
    found.instances.push(...profile.instances);
    return;
  }
  switch (kindOf(object, version)) {
    case 'list':
      for (const [i, item] of (object.value('items') as unknown[]).entries()) {
        readValue(item, [...path, object.key('items')!, i], file, version, found);
      }
      return;
    case 'devicemodel':
      found.models.push(readDeviceModel(object, warn));
      return;
    case 'device': {
      const device = readDevice(object, warn);
      if (device) found.instances.push(device);
      return;
    }
    case 'configmap':
      readConfigMap(object, file, version, found);
      return;
    case 'bare':
      found.models.push(readBareModel(object, version, warn));
      return;
    case 'devicestatus':
      return;
    default:
      warn(`an object of kind "${object.text('kind')}" is ignored`);
  }
}

function kindOf(object: ModelFields, version: KubeedgeVersion): string {
  const kind = object.text('kind')?.toLowerCase();
  if (Array.isArray(object.value('items')) && (kind === undefined || kind.endsWith('list'))) return 'list';
  if (kind !== undefined) return kind;
  const spec = object.object('spec');
  if (spec?.has('deviceModelRef')) return 'device';
  if (spec?.has('properties')) return 'devicemodel';
  if (object.has('properties') && version.form !== undefined) return 'bare';
  throw object.fault(
    undefined,
    object.has('properties')
      ? 'a model without "deviceModels" or "kind" around it can be of any version, set kubeedgeVersion to profile, v1beta1, v1alpha2 or v1alpha1'
      : 'expected a device model: "deviceModels" (deviceProfile.json), or an object of kind DeviceModel or Device',
  );
}

/** A model with nothing around it: `kubeedgeVersion` says whose spelling it has. */
function readBareModel(object: ModelFields, version: KubeedgeVersion, warn: (text: string) => void): DeviceModel {
  if (version.form === 'profile') return readProfileModel(object, warn);
  const name = object.requiredText('name', 'a device model');
  const properties = object.list('properties').flatMap(property => {
    const read = readCrdProperty(property, name, text => warn(`model "${name}": ${text}`));
    return read ? [read] : [];
  });
  return {name, properties};
}

/** `kubectl get configmap device-profile-config-<node> -o yaml`: the profile is text inside `data`, devices live in the map's namespace. */
function readConfigMap(map: ModelFields, file: string, version: KubeedgeVersion, found: Found): void {
  const namespace = map.object('metadata')?.text('namespace');
  const data = map.object('data');
  for (const key of data?.keys() ?? []) {
    const text = data!.text(key);
    if (text === undefined || !/\.(json|ya?ml)$/i.test(key)) continue;
    const inner = readModelText(text, `${file}#${key}`, version);
    found.models.push(...inner.models);
    found.instances.push(...inner.instances.map(one => (namespace && one.namespace === undefined ? {...one, namespace} : one)));
    found.warnings.push(...inner.warnings);
  }
}
