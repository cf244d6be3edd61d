import {join} from 'node:path';
import {ArrokothError, EvaluationError, errorCode, messageOf} from '#engine/base/errors.ts';
import type {Logger} from '#engine/base/logger.ts';
import {readSettings} from '#engine/base/settings.ts';
import {watchPaths} from '#engine/base/watch-paths.ts';
import type {StreamSchema} from '#engine/values/stream-schema.ts';
import type {Metadata, Row} from '#engine/values/value.ts';
import {DeviceModels} from './device-models.ts';
import type {DeviceReport, DeviceTyping, TypingScope} from './device-typing.ts';
import {FaultCounts} from './fault-counts.ts';
import {type KubeedgeSettings, kubeedgeSettings} from './kubeedge-settings.ts';
import {readKubeedgeVersion} from './kubeedge-version.ts';
import {type ModelDirectories, type ModelFile, modelPaths, readCatalogue, readModelFiles} from './model-files.ts';
import {bothLayouts} from './topic-layouts.ts';

/** What a reload changed. */
export interface TypingChange {
  /** Some column's name, type or place may differ: compare `schema` of each stream. Otherwise only limits, descriptions or handling of values do. */
  readonly columns: boolean;
}

/** Device typing that follows its model files. */
export interface ReloadableTyping extends DeviceTyping {
  /** Whether any state of the files was good so far; `rows` throws an EvaluationError until then. */
  readonly isLoaded: boolean;
  /**
   * Uses other properties of the conf key from the next message on. Resolves when their files are read. Faulty ones leave everything as it
   * is and show in the report.
   */
  reconfigure(settings: Readonly<Record<string, unknown>>): Promise<void>;
  /** Reads the files again, whatever the watcher says. */
  reload(): Promise<void>;
  close(): Promise<void>;
}

export interface DeviceTypingParts {
  readonly etcDirectory: string;
  /** What the paths of model files are relative to: etc/sources when left out. */
  readonly sourcesDirectory?: string | undefined;
  /** Properties of the conf key; those that are not about KubeEdge are left alone. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly logger: Logger;
  /** Called after each change that took effect, never before `openDeviceTyping` has resolved. */
  readonly onChange?: (change: TypingChange) => void;
  /** Waits for good files rather than rejecting: `isLoaded` tells. */
  readonly tolerant?: boolean;
}

/** Reads the device models of a conf key and follows them. Rejects with an ArrokothError that names file, line and column. */
export async function openDeviceTyping(parts: DeviceTypingParts): Promise<ReloadableTyping> {
  const typing = new FileTyping(parts);
  await typing.reload();
  const {fault} = typing.report();
  if (fault !== undefined && !parts.tolerant) {
    await typing.close();
    throw typing.failure;
  }
  typing.announce();
  return typing;
}

class FileTyping implements ReloadableTyping {
  readonly #directories: ModelDirectories;
  readonly #logger: Logger;
  readonly #onChange: ((change: TypingChange) => void) | undefined;
  readonly #faults: FaultCounts;
  readonly #conflicts = new Set<string>();
  #raw: Readonly<Record<string, unknown>>;
  #settings: KubeedgeSettings | undefined;
  #models: DeviceModels | undefined;
  /** The files and settings the models were made of. */
  #content: string | undefined;
  #fault: ArrokothError | undefined;
  #pending: Promise<void> = Promise.resolve();
  #watched: readonly string[] = [];
  #watcher: {close(): Promise<void>} | undefined;
  #isAnnounced = false;
  #isClosed = false;

  constructor({etcDirectory, sourcesDirectory = join(etcDirectory, 'sources'), settings, logger, onChange}: DeviceTypingParts) {
    this.#directories = {sources: sourcesDirectory, etc: etcDirectory};
    this.#raw = settings;
    this.#logger = logger;
    this.#onChange = onChange;
    this.#faults = new FaultCounts(logger);
  }

  get isLoaded(): boolean {
    return this.#models !== undefined;
  }

  get failure(): ArrokothError {
    return this.#fault ?? new ArrokothError('device models are not loaded', {code: errorCode.configuration});
  }

  schema(topicFilter: string): StreamSchema {
    if (!this.#models) return {columns: [], open: true};
    const {columns, conflicts} = this.#models.columns(topicFilter);
    for (const conflict of conflicts) {
      if (this.#conflicts.has(conflict)) continue;
      this.#conflicts.add(conflict);
      this.#logger.warn('device models disagree', {topicFilter, conflict});
    }
    return {columns, open: true, hidden: this.hiddenColumns()};
  }

  topicFilters(topicFilter: string): readonly string[] {
    return this.#settings?.kubeedgeTopics === 'exact' ? [topicFilter] : bothLayouts(topicFilter);
  }

  rows(
    payload: Uint8Array,
    topic: string,
    metadata: Metadata,
    decode: (payload: Uint8Array) => readonly Row[],
    scope?: TypingScope,
  ): readonly Row[] {
    if (!this.#models) throw new EvaluationError(this.failure.message);
    return this.#models.typer(scope).rows(payload, topic, metadata, decode);
  }

  hiddenColumns(): readonly string[] {
    return this.#models?.hiddenColumns() ?? [];
  }

  report(): DeviceReport {
    return {
      ...this.#faults.report(),
      warnings: [...(this.#models?.warnings ?? []), ...this.#conflicts],
      fault: this.#fault?.message,
    };
  }

  reconfigure(settings: Readonly<Record<string, unknown>>): Promise<void> {
    this.#raw = settings;
    return this.reload();
  }

  reload(): Promise<void> {
    const load = () => this.#load();
    this.#pending = this.#pending.then(load, load);
    return this.#pending;
  }

  /** Tells of changes from here on. */
  announce(): void {
    this.#isAnnounced = true;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#watcher?.close();
    await this.#pending.catch(() => {});
  }

  async #load(): Promise<void> {
    if (this.#isClosed) return;
    let settings: KubeedgeSettings;
    let files: readonly ModelFile[];
    let made: DeviceModels;
    try {
      settings = readSettings(kubeedgeSettings, this.#raw, 'device models').values;
      if (!this.#models) this.#settings = settings;
      const version = readKubeedgeVersion(settings.kubeedgeVersion);
      const paths = modelPaths(this.#directories, settings.kubeedgeModelFile ?? []);
      // Before reading, so that a change meanwhile is not missed.
      this.#watch(paths);
      files = await readModelFiles(this.#directories, paths);
      const content = JSON.stringify([settings, files]);
      if (content === this.#content) {
        this.#recovered();
        return;
      }
      made = new DeviceModels(readCatalogue(files, version), settings, this.#faults);
      this.#content = content;
    } catch (thrown) {
      this.#refuse(thrown);
      return;
    }
    const before = this.#models;
    this.#settings = settings;
    this.#models = made;
    this.#conflicts.clear();
    this.#recovered();
    for (const warning of made.warnings) if (!before?.warnings.includes(warning)) this.#logger.warn('device model warning', {warning});
    this.#logger.info('device models loaded', {files: files.map(file => file.name)});
    if (this.#isAnnounced && !this.#isClosed) this.#onChange?.({columns: made.signature !== before?.signature});
  }

  /** The last good state stays in force. */
  #refuse(thrown: unknown): void {
    const fault =
      thrown instanceof ArrokothError ? thrown : new ArrokothError(messageOf(thrown), {code: errorCode.configuration, cause: thrown});
    if (this.#fault?.message !== fault.message) {
      this.#logger.error(this.#models ? 'device models are faulty, the last good ones stay' : 'device models are faulty', {
        reason: fault.message,
      });
    }
    this.#fault = fault;
  }

  #recovered(): void {
    if (this.#fault) this.#logger.info('device models are good again');
    this.#fault = undefined;
  }

  /** Another conf key may name other paths. */
  #watch(paths: readonly string[]): void {
    if (this.#isClosed || (this.#watcher && JSON.stringify(paths) === JSON.stringify(this.#watched))) return;
    const previous = this.#watcher;
    this.#watched = paths;
    this.#watcher = watchPaths(paths, () => void this.reload());
    void previous?.close();
  }
}
