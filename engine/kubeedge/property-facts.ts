import type {DeviceProperty, PropertyType} from './device-model.ts';
import {propertyType} from './device-model.ts';
import type {ModelFields} from './model-fields.ts';

const accessModes: Readonly<Record<string, string>> = {
  readwrite: 'ReadWrite',
  rw: 'ReadWrite',
  readonly: 'ReadOnly',
  ro: 'ReadOnly',
  r: 'ReadOnly',
};

/**
 * The property called `name` of the type `word`, its limits and descriptions read from `facts`. Undefined for a STREAM, which never
 * carries data on MQTT (`warn` says so).
 */
export function readProperty(
  name: string,
  word: string,
  description: string | undefined,
  facts: ModelFields,
  fault: () => Error,
  warn: (text: string) => void,
): DeviceProperty | undefined {
  const type = propertyType(word);
  if (type === undefined) throw fault();
  if (type === 'stream') {
    warn(`property "${name}" is a STREAM, which never arrives over MQTT: it gives no column`);
    return undefined;
  }
  const unit = facts.text('unit');
  const accessMode = facts.text('accessMode');
  return {
    name,
    type,
    ...(description ? {description} : {}),
    ...(unit ? {unit} : {}),
    ...(accessMode ? {accessMode: accessModes[accessMode.trim().toLowerCase()] ?? accessMode.trim()} : {}),
    ...limits(name, type, facts, warn),
  };
}

/** The message for a type word that no KubeEdge version has. */
export function unknownType(name: string, word: string): string {
  return `property "${name}" has the unknown type "${word}", expected int, float, double, string, boolean, bytes or STREAM`;
}

/**
 * Limits of a number. Serialised objects write an unset limit as 0 (profiles since v1.4), so equal zeros are none, and so is a zero on
 * the wrong side of the other limit.
 */
function limits(name: string, type: PropertyType, facts: ModelFields, warn: (text: string) => void): {minimum?: number; maximum?: number} {
  if (type !== 'int' && type !== 'float') return {};
  let minimum = limit('minimum');
  let maximum = limit('maximum');
  if (minimum === 0 && maximum === 0) return {};
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    if (maximum === 0) maximum = undefined;
    else if (minimum === 0) minimum = undefined;
    else {
      warn(`property "${name}" has a minimum of ${minimum} above its maximum of ${maximum}: both are ignored`);
      return {};
    }
  }
  return {...(minimum === undefined ? {} : {minimum}), ...(maximum === undefined ? {} : {maximum})};

  function limit(side: 'minimum' | 'maximum'): number | undefined {
    const written = facts.text(side)?.trim();
    if (written === undefined || written === '') return undefined;
    const value = Number(written);
    if (Number.isFinite(value)) return value;
    warn(`property "${name}" has the ${side} "${written}", which is no number: it is ignored`);
    return undefined;
  }
}
