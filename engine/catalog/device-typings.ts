import type {Logger} from '#engine/base/logger.ts';
import {namesDeviceModels} from '#engine/kubeedge/kubeedge-settings.ts';
import {openDeviceTyping, type ReloadableTyping} from '#engine/kubeedge/open-device-typing.ts';
import type {StreamSchema} from '#engine/values/stream-schema.ts';
import type {SourceDefinition} from './catalog.ts';
import type {Properties} from './merge-properties.ts';

export interface DeviceTypingsParts {
  readonly etcDirectory: string;
  readonly sourcesDirectory: string;
  readonly logger: Logger;
  readonly properties: (type: string, confKey: string | undefined) => Properties;
  /** Called after the models of any key gave streams other columns. */
  readonly onColumns: () => void;
}

/** What a typing belongs to: a source type and one of its conf keys. */
interface ConfKey {
  readonly type: string;
  readonly confKey: string | undefined;
}

/**
 * One device typing per conf key that names models, shared by its streams. Opened when a stream is declared, so that `get` need not wait. A model
 * that cannot be read yet leaves the columns open until it can.
 */
export class DeviceTypings {
  readonly #parts: DeviceTypingsParts;
  readonly #open = new Map<
    string,
    {readonly of: ConfKey; readonly typing: Promise<ReloadableTyping>; ready: ReloadableTyping | undefined}
  >();

  constructor(parts: DeviceTypingsParts) {
    this.#parts = parts;
  }

  get(definition: SourceDefinition): ReloadableTyping | undefined {
    return this.#open.get(nameOf(confKeyOf(definition)))?.ready;
  }

  /** Opens the typing of a stream's conf key unless it is open or not asked for. */
  async prepare(definition: SourceDefinition): Promise<void> {
    if (definition.kind === 'stream') await this.#prepare(confKeyOf(definition));
  }

  /** Follows changed properties: opens, reconfigures and closes what they ask for. `inUse` are all declared streams. */
  async refresh(inUse: Iterable<SourceDefinition>): Promise<void> {
    for (const [name, {of, typing}] of [...this.#open]) {
      const properties = this.#parts.properties(of.type, of.confKey);
      if (namesDeviceModels(properties)) await (await typing).reconfigure(properties);
      else {
        this.#open.delete(name);
        await (await typing).close();
      }
    }
    for (const definition of inUse) await this.prepare(definition);
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(open.map(async ({typing}) => (await typing).close()));
  }

  async #prepare(of: ConfKey): Promise<void> {
    const name = nameOf(of);
    const known = this.#open.get(name);
    if (known) {
      await known.typing;
      return;
    }
    const {etcDirectory, sourcesDirectory, properties, logger, onColumns} = this.#parts;
    const settings = properties(of.type, of.confKey);
    if (!namesDeviceModels(settings)) return;
    const entry = {
      of,
      typing: openDeviceTyping({
        etcDirectory,
        sourcesDirectory,
        settings,
        logger: logger.child({confKey: of.confKey ?? 'default'}),
        tolerant: true,
        onChange: ({columns}) => {
          if (columns) onColumns();
        },
      }),
      ready: undefined as ReloadableTyping | undefined,
    };
    this.#open.set(name, entry);
    try {
      entry.ready = await entry.typing;
    } catch (thrown) {
      this.#open.delete(name);
      throw thrown;
    }
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
  return {
    columns: [...declared.columns, ...typed.columns.filter(({name}) => !names.has(name.toLowerCase()))],
    open: true,
    hidden: (typed.hidden ?? []).filter(name => !names.has(name.toLowerCase())),
  };
}

function confKeyOf(definition: SourceDefinition): ConfKey {
  return {type: sourceType(definition), confKey: definition.options.get('CONF_KEY')};
}

function nameOf({type, confKey}: ConfKey): string {
  return `${type}/${confKey ?? ''}`;
}
