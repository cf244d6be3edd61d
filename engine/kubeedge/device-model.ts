/** What a property's values are in SQL. */
export type PropertyType = 'int' | 'float' | 'string' | 'boolean' | 'bytea';

/** One property of a device model. Limits are inclusive; an absent one is unlimited. */
export interface DeviceProperty {
  readonly name: string;
  readonly type: PropertyType;
  readonly description?: string;
  readonly unit?: string;
  /** `ReadWrite`, `ReadOnly`, or whatever else the file says. */
  readonly accessMode?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface DeviceModel {
  readonly name: string;
  readonly namespace?: string;
  readonly properties: readonly DeviceProperty[];
}

/** A device: what topics call it, and the model it is an instance of. */
export interface DeviceInstance {
  /** The segment of the topic. Equal to `name` in everything CloudCore writes; hand-made files differ. */
  readonly id: string;
  readonly name: string;
  readonly namespace?: string;
  /** Name of its DeviceModel. */
  readonly model: string;
  /** Topics to which mapper-framework publishes one property as a text line (`pushMethod.mqtt`). */
  readonly pushTopics: readonly {readonly topic: string; readonly property: string}[];
  /** Topic of the device's edge-only data; may hold a `+` where the device stands. */
  readonly dataTopic?: string;
}

/** Everything some model files say. */
export interface DeviceCatalogue {
  readonly models: readonly DeviceModel[];
  readonly instances: readonly DeviceInstance[];
  /** What was read but cannot be used, for people. */
  readonly warnings: readonly string[];
}

const types: Readonly<Record<string, PropertyType | 'stream'>> = {
  int: 'int',
  integer: 'int',
  float: 'float',
  double: 'float',
  string: 'string',
  boolean: 'boolean',
  bool: 'boolean',
  bytes: 'bytea',
  stream: 'stream',
};

/** The type a word of any KubeEdge version stands for; undefined when it is none. */
export function propertyType(word: string): PropertyType | 'stream' | undefined {
  const folded = word.trim().toLowerCase();
  return Object.hasOwn(types, folded) ? types[folded] : undefined;
}
