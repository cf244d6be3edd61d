// Writes the reference pages of docs/reference from the registries: `npx tsx build/reference.ts`. A test compares them.
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Settings} from '#engine/base/settings.ts';
import {sinkConnectors, sourceConnectors} from '#engine/connectors/registry.ts';
import {sinkSettings} from '#engine/connectors/sink-settings.ts';
import type {Example, FunctionDefinition, FunctionFamily, NullRule} from '#engine/functions/function.ts';
import {functionFamilies} from '#engine/functions/registry.ts';
import {ddlTypeName} from '#engine/values/data-type.ts';
import {toGoJson} from '#engine/values/json-text.ts';
import type {Value} from '#engine/values/value.ts';
import {compatibilityPage} from './compatibility-page.ts';
import {page, settingCells, table} from './markdown.ts';
import {objectsPage} from './objects-page.ts';
import {objectsJsonSchema} from './objects-schema.ts';
import {restPage} from './rest-page.ts';
import {engineSettingsPage} from './settings-page.ts';
import {templatesPage} from './templates-page.ts';

/** Path from the project's root and text of every generated page. */
export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ['docs/reference/functions.md', functionsPage(functionFamilies)],
    ['docs/reference/sources.md', sourcesPage()],
    ['docs/reference/sinks.md', sinksPage()],
    ['docs/reference/templates.md', templatesPage()],
    ['docs/reference/settings.md', engineSettingsPage()],
    ['docs/reference/rest.md', restPage()],
    ['docs/reference/objects.md', objectsPage()],
    ['docs/schema/arrokoth-objects.schema.json', `${JSON.stringify(objectsJsonSchema(), null, 2)}\n`],
    ['docs/compatibility.md', compatibilityPage()],
  ]);
}

// ── Functions ───────────────────────────────────────────────────────────────

function functionsPage(families: readonly FunctionFamily[]): string {
  const all = families.flatMap(({title, functions}) => functions.map(one => ({title, one})));
  const index = all
    .flatMap(({title, one}) => [one.name, ...one.aliases].map(name => ({name, title, one})))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({name, title, one}) => [`[\`${name}\`](#${one.name})`, title.replace(' functions', ''), one.summary]);
  return page('Functions', [
    'Names are written in any case. An example shows a call and its result, then the columns it names: for an aggregate, the values in the window.',
    table(['Function', 'Family', 'What it gives'], index),
    ...families.flatMap(({title, functions}) => [`## ${title}`, ...functions.map(functionSection)]),
  ]);
}

function functionSection(one: FunctionDefinition): string {
  const notes = [one.summary];
  if (one.aliases.length > 0) notes.push(`Also written ${one.aliases.map(alias => `\`${alias}\``).join(', ')}.`);
  const type = one.returns([]);
  if (type.kind !== 'any') notes.push(`Result: ${ddlTypeName(type)}.`);
  if (one.kind !== 'aggregate' && one.params.length > 0) notes.push(nullRules[one.nullRule]);
  return [
    `### ${one.name}`,
    `\`${signature(one)}\``,
    notes.join(' ').trim(),
    ...(one.params.length > 0
      ? [
          table(
            ['Parameter', 'Type', 'Meaning'],
            one.params.map(({name, type, summary}) => [`\`${name}\``, type, summary]),
          ),
        ]
      : []),
    one.examples.map(exampleLine).join('\n'),
  ].join('\n\n');
}

const nullRules: Readonly<Record<NullRule, string>> = {
  null: 'Null when an argument is null or an empty array or object.',
  false: 'False when an argument is null or an empty array or object.',
  zero: '0 when an argument is null or an empty array or object.',
  seen: '',
};

function signature({name, params}: FunctionDefinition): string {
  const list = params.map((parameter, i) => {
    const text = `${i > 0 ? ', ' : ''}${parameter.name}${parameter.repeated ? ', …' : ''}`;
    return parameter.optional ? `[${text}]` : text;
  });
  return `${name}(${list.join('')})`;
}

function exampleLine([expression, result, row]: Example): string {
  const columns = Object.entries(row ?? {}).map(([name, value]) => `${name} = ${valueText(value)}`);
  return `- \`${expression}\` → \`${valueText(result)}\`${columns.length > 0 ? ` with \`${columns.join(', ')}\`` : ''}`;
}

/** A float with a point, so that it differs from an int. */
function valueText(value: unknown): string {
  if (typeof value === 'number' && Number.isInteger(value)) return `${value}.0`;
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  return toGoJson(value as Value);
}

// ── Connectors ──────────────────────────────────────────────────────────────

function sourcesPage(): string {
  return page('Sources', [
    'TYPE of a stream names one of these; its settings stand under a conf key in `etc/sources/<type>.yaml` (`etc/mqtt_source.yaml` for mqtt), which CONF_KEY names.',
    ...sourceConnectors.flatMap(({name, summary, settings}) => [`## ${name}`, summary, settingsTable(settings)]),
  ]);
}

function sinksPage(): string {
  return page('Sinks', [
    'An action of a rule is `{"<sink>": {<properties>}}`. Every sink has the common properties and its own.',
    '## Common properties',
    settingsTable(sinkSettings),
    ...sinkConnectors.flatMap(({name, summary, settings}) => [`## ${name}`, summary, settingsTable(settings)]),
  ]);
}

function settingsTable(settings: Settings): string {
  const entries = Object.entries(settings);
  if (entries.length === 0) return 'It has no settings.';
  return table(
    ['Setting', 'Type', 'Default', 'Meaning'],
    entries.map(([name, setting]) => [`\`${name}\``, ...settingCells(setting)]),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
  for (const [file, text] of referencePages()) {
    mkdirSync(path.dirname(path.join(root, file)), {recursive: true});
    writeFileSync(path.join(root, file), text);
  }
}
