import type {DataType} from '#engine/values/data-type.ts';
import type {DeviceCatalogue} from './device-model.ts';
import {DeviceRegistry} from './device-registry.ts';
import {DeviceTopics} from './device-topics.ts';
import type {TypingScope} from './device-typing.ts';
import type {FaultCounts} from './fault-counts.ts';
import type {KubeedgeSettings} from './kubeedge-settings.ts';
import {type KubeedgeVersion, readKubeedgeVersion} from './kubeedge-version.ts';
import {type MergedColumns, mergeModels} from './merge-models.ts';
import {envelopeColumns} from './message-shape.ts';
import {StreamTyper, type TypingRules} from './stream-typer.ts';
import {topicTemplates} from './topic-layouts.ts';

/** Columns of this many topic filters are remembered. */
const maxSchemas = 1000;

/** What one state of the model files and settings makes of messages. Immutable but for its caches; a reload makes another. */
export class DeviceModels {
  readonly warnings: readonly string[];
  readonly #topics: DeviceTopics;
  readonly #rules: TypingRules;
  readonly #faults: FaultCounts;
  readonly #schemas = new Map<string, MergedColumns>();
  readonly #typers = new WeakMap<TypingScope, StreamTyper>();
  readonly #plain: StreamTyper;
  readonly #hidden: readonly string[];
  /** Each device's typed properties: equal for two states between which no column's type can differ. */
  readonly signature: string;

  constructor(catalogue: DeviceCatalogue, settings: KubeedgeSettings, faults: FaultCounts) {
    const version: KubeedgeVersion = readKubeedgeVersion(settings.kubeedgeVersion);
    const registry = new DeviceRegistry(catalogue);
    const templates = topicTemplates(settings.kubeedgeTopicTemplates, version.namespaced === true, catalogue.instances);
    this.warnings = registry.warnings;
    this.#topics = new DeviceTopics(registry, templates);
    this.#faults = faults;
    this.#rules = {
      flatten: settings.kubeedgeFlatten,
      side: settings.kubeedgeExpected ? 'expected' : 'actual',
      checkRange: settings.kubeedgeCheckRange,
      onBadValue: settings.onBadValue,
    };
    this.#plain = new StreamTyper(this.#topics, this.#rules, faults, [], new Map());
    const properties = new Set(catalogue.models.flatMap(model => model.properties.map(property => property.name)));
    this.#hidden = settings.kubeedgeFlatten ? envelopeColumns.filter(name => !properties.has(name)) : [];
    this.signature = JSON.stringify([
      settings.kubeedgeTopics,
      templates.map(template => template.text),
      this.#hidden,
      catalogue.instances,
      catalogue.models.map(({name, namespace, properties}) => [name, namespace, properties.map(one => [one.name, one.type])]),
    ]);
  }

  /** `topicFilter` may be a list of filters, as a DATASOURCE may. */
  columns(topicFilter: string): MergedColumns {
    const made = this.#schemas.get(topicFilter);
    if (made) return made;
    const models = new Set(topicFilter.split(',').flatMap(filter => [...this.#topics.reached(filter)]));
    const merged = mergeModels(models);
    if (this.#schemas.size >= maxSchemas) this.#schemas.clear();
    this.#schemas.set(topicFilter, merged);
    return merged;
  }

  hiddenColumns(): readonly string[] {
    return this.#hidden;
  }

  typer(scope: TypingScope | undefined): StreamTyper {
    if (scope === undefined) return this.#plain;
    const made = this.#typers.get(scope);
    if (made) return made;
    const types = new Map<string, DataType>(this.columns(scope.topicFilter).columns.map(column => [column.name, column.type]));
    const typer = new StreamTyper(this.#topics, this.#rules, this.#faults, scope.declared, types);
    this.#typers.set(scope, typer);
    return typer;
  }
}
