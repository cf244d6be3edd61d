import type {DeviceTyping} from '#engine/kubeedge/device-typing.ts';
import type {StreamSchema} from '#engine/values/stream-schema.ts';
import type {SourceDefinition} from './catalog.ts';
import type {Properties} from './merge-properties.ts';

/** A device typing as the kubeedge folder opens it: it follows its model files until closed. */
export type OpenTyping = DeviceTyping & {close(): Promise<void>};

export interface DeviceTypingsParts {
  /** Undefined when the properties name no model. `onChange` is called after the model files changed the typing. */
  readonly open: (properties: Properties, onChange: () => void) => OpenTyping | undefined;
  readonly properties: (type: string, confKey: string | undefined) => Properties;
}

interface Entry {
  readonly fingerprint: string;
  readonly typing: OpenTyping | undefined;
}

/** One device typing per conf key, opened when a stream first asks and opened anew when the key's kubeedge properties change. */
export class DeviceTypings {
  readonly #parts: DeviceTypingsParts;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();

  constructor(parts: DeviceTypingsParts) {
    this.#parts = parts;
  }

  /** Calls `listener` after the models of any key changed. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** Throws an ArrokothError when the model cannot be read and never could. */
  get(definition: SourceDefinition): OpenTyping | undefined {
    if (definition.kind === 'table') return undefined;
    const type = sourceType(definition);
    const confKey = definition.options.get('CONF_KEY');
    const properties = this.#parts.properties(type, confKey);
    const name = `${type}/${confKey ?? ''}`;
    const fingerprint = kubeedgeProperties(properties);
    const known = this.#entries.get(name);
    if (known?.fingerprint === fingerprint) return known.typing;
    void known?.typing?.close();
    this.#entries.delete(name);
    const typing = fingerprint === '' ? undefined : this.#parts.open(properties, () => this.#changed());
    this.#entries.set(name, {fingerprint, typing});
    return typing;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({typing}) => typing?.close()));
    this.#entries.clear();
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** TYPE, or what is meant without it. */
export function sourceType(definition: SourceDefinition): string {
  return (definition.options.get('TYPE') ?? (definition.kind === 'stream' ? 'mqtt' : 'file')).toLowerCase();
}

/** Declared columns win over the model's; with a model the stream is open, as the payload's own members stay readable. */
export function mergedSchema(declared: StreamSchema, typed: StreamSchema | undefined): StreamSchema {
  if (!typed) return declared;
  const names = new Set(declared.columns.map(({name}) => name.toLowerCase()));
  return {columns: [...declared.columns, ...typed.columns.filter(({name}) => !names.has(name.toLowerCase()))], open: true};
}

/** What a typing depends on, as text; empty when the properties name no model. */
function kubeedgeProperties(properties: Properties): string {
  const relevant = Object.entries(properties).filter(([name]) => /^(kubeedge|onbadvalue)/i.test(name));
  const model = relevant.find(([name]) => name.toLowerCase() === 'kubeedgemodelfile')?.[1];
  if (model === undefined || model === null || model === '' || (Array.isArray(model) && model.length === 0)) return '';
  return JSON.stringify(relevant.sort(([a], [b]) => (a < b ? -1 : 1)));
}
