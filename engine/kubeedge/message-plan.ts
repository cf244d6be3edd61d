import type {DataType} from '#engine/values/data-type.ts';
import type {Column} from '#engine/values/stream-schema.ts';
import {BadValue, type Converter, converters, untyped, widened, withinLimits} from './convert-value.ts';
import type {DeviceModel, DeviceProperty} from './device-model.ts';

/** What becomes of one property's readings. */
export interface Target {
  readonly property: string;
  readonly column: string;
  readonly convert: Converter;
  /** For values inside an object, which are slots without static type. */
  readonly convertUntyped: Converter;
}

export interface PlanOptions {
  readonly checkRange: boolean;
  /** Columns of the stream's DDL: they keep their type, and their name's spelling. */
  readonly declared: readonly Column[];
  /** Type of each column in the stream, where devices of several models share it. */
  readonly columnTypes: ReadonlyMap<string, DataType>;
}

/** Longer names match only as they are written. */
const maxFoldedLength = 256;
/** Unknown names remembered; messages can make up any number. */
const maxStrangers = 500;

/** How the messages of one device become typed: made once for each device and stream. Names match in any case. */
export class MessagePlan {
  /** The device's id, as faults are counted under. */
  readonly device: string;
  readonly #exact = new Map<string, Target>();
  readonly #folded = new Map<string, Target>();
  readonly #strangers = new Set<string>();

  constructor(device: string, model: DeviceModel, {checkRange, declared, columnTypes}: PlanOptions) {
    this.device = device;
    for (const property of model.properties) {
      const folded = property.name.toLowerCase();
      const column = declared.find(one => one.name === property.name) ?? declared.find(one => one.name.toLowerCase() === folded);
      const type = column?.type ?? columnTypes.get(property.name);
      const convert = column ? declaredConverter(column.type) : converters[property.type];
      const limited = checkRange ? withinLimits(convert, property) : convert;
      const target: Target = {
        property: property.name,
        column: column?.name ?? property.name,
        convert: inSlot(limited, property, type),
        convertUntyped: untyped(property.type, converters[property.type]),
      };
      if (!this.#exact.has(property.name)) this.#exact.set(property.name, target);
      if (!this.#folded.has(folded)) this.#folded.set(folded, target);
    }
  }

  find(name: string): Target | undefined {
    const target = this.#exact.get(name);
    if (target !== undefined || this.#strangers.has(name) || name.length > maxFoldedLength) return target;
    return this.#folded.get(name.toLowerCase());
  }

  /** Whether `name`, which `find` does not find, is asked about for the first time, as far as that is remembered. */
  meetsStranger(name: string): boolean {
    if (this.#strangers.has(name) || this.#strangers.size >= maxStrangers || name.length > maxFoldedLength) return false;
    this.#strangers.add(name);
    return true;
  }
}

/** The typed form depends on the column: one that several models type differently is a slot without static type. */
function inSlot(convert: Converter, property: DeviceProperty, type: DataType | undefined): Converter {
  if (property.type !== 'int') return convert;
  if (type?.kind === 'any') return untyped('int', convert);
  return type?.kind === 'float' ? widened(convert) : convert;
}

const notFitting = new BadValue('expected what the column is declared as');

/** By the type of the DDL. The decoder has converted flat members already; converting again changes nothing. */
function declaredConverter(type: DataType): Converter {
  switch (type.kind) {
    case 'int':
    case 'float':
    case 'string':
    case 'boolean':
    case 'bytea':
      return converters[type.kind];
    case 'array':
    case 'struct':
      return value => (value !== null && typeof value === 'object' ? value : notFitting);
    default:
      return value => value;
  }
}
