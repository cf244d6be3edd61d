// The section "Not yet" of docs/compatibility.md, from the code that refuses: what gets implemented leaves the page by itself.
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Settings} from '#engine/base/settings.ts';
import {sinkConnectors, sourceConnectors} from '#engine/connectors/registry.ts';
import {sinkSettings} from '#engine/connectors/sink-settings.ts';
import {sourceSettings} from '#engine/connectors/source-settings.ts';
import {formats} from '#engine/formats/registry.ts';
import {functionFamilies} from '#engine/functions/registry.ts';
import {languageFunctions, unsupportedFeatures} from '#engine/planner/unsupported.ts';
import {unsupportedOptions} from '#engine/runtime/rule-options.ts';
import {kuiperFormats, kuiperRoutes, kuiperSinks, kuiperSources} from './kuiper-surface.ts';
import {code} from './markdown.ts';
import {everyRoute} from './rest-page.ts';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Refusals that no list holds: what is missing, and the words of the code that says so. */
const refusals: readonly (readonly [what: string, file: string, words: string])[] = [
  ['rules as graphs', 'engine/runtime/rule-definition.ts', 'is a graph rule, which is not supported yet'],
  ['`qos` above 0: state and messages are kept in memory', 'engine/runtime/rule-options.ts', 'are kept in memory only'],
  ['`POST /ruleset/import` of a file', 'engine/server/routes/ruleset.ts', 'importing a file is not supported yet'],
  [
    'the time zone in `PATCH /configs`',
    'engine/server/routes/configs.ts',
    'changing the time zone of a running engine is not supported yet',
  ],
  ['`basic.authentication`', 'engine/kuiper-settings.ts', 'authentication is not supported yet'],
];

export function notYetSection(): string {
  const known = new Set(functionFamilies.flatMap(({functions}) => functions.flatMap(({name, aliases}) => [name, ...aliases])));
  const routes = new Set(everyRoute().map(({method, path: route}) => shape(`${method} ${route}`)));
  const statements = Object.entries(unsupportedFeatures)
    .filter(([feature]) => feature !== 'function')
    .map(([, reason]) => reason.replace(/ (is|are) not supported yet$/, ''));
  const lines: readonly (readonly [string, readonly string[]])[] = [
    ['Statements', statements],
    ['Functions', coded(missing(languageFunctions, known))],
    ['Sources', coded(missing(kuiperSources, new Set(sourceConnectors.map(({name}) => name))))],
    ['Sinks', coded(missing(kuiperSinks, new Set(sinkConnectors.map(({name}) => name))))],
    ['Formats', coded(missing(kuiperFormats, new Set(formats.map(({name}) => name))))],
    ['Options of rules', coded(unsupportedOptions)],
    ['Properties of sources', coded([...refused(sourceSettings), ...ownRefused(sourceConnectors, sourceSettings)])],
    ['Properties of sinks', coded([...refused(sinkSettings), ...ownRefused(sinkConnectors, sinkSettings)])],
    ['Besides', refusals.filter(([, file, words]) => readFileSync(path.join(root, file), 'utf8').includes(words)).map(([what]) => what)],
    ['REST', coded(byPath(kuiperRoutes.filter(route => !routes.has(shape(route)))))],
  ];
  return lines
    .filter(([, items]) => items.length > 0)
    .map(([what, items]) => `- **${what}**: ${items.join(', ')}.`)
    .join('\n');
}

/** Settings whose summary says so; using one is an error. */
function refused(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, {summary}]) => (/not supported yet/.test(summary) ? [name] : []));
}

/** The same of single connectors, as `file.rollingSize`. */
function ownRefused(connectors: readonly {readonly name: string; readonly settings: Settings}[], common: Settings): string[] {
  return connectors.flatMap(({name, settings}) =>
    refused(settings)
      .filter(setting => !(setting in common))
      .map(setting => `${name}.${setting}`),
  );
}

function missing(wanted: Iterable<string>, present: ReadonlySet<string>): string[] {
  return [...wanted].filter(name => !present.has(name)).sort();
}

/** `GET POST /connections`: one item a path. */
function byPath(routes: readonly string[]): string[] {
  const methods = new Map<string, string>();
  for (const route of routes) {
    const [method = '', target = ''] = route.split(' ');
    methods.set(target, methods.has(target) ? `${methods.get(target)} ${method}` : method);
  }
  return [...methods].map(([target, verbs]) => `${verbs} ${target}`);
}

function coded(names: readonly string[]): string[] {
  return names.map(code);
}

/** A route whatever its parameters are called. */
function shape(route: string): string {
  return route.replace(/:\w+/g, ':');
}
