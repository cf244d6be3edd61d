// The reference page of etc/kuiper.yaml, from the settings record of the engine.
import type {Setting} from '#engine/base/settings.ts';
import {kuiperSettings, withoutEffect} from '#engine/kuiper-settings.ts';
import {ruleOptions} from '#engine/runtime/rule-options.ts';
import {code, page, settingCells, table} from './markdown.ts';

export function engineSettingsPage(): string {
  return page('Settings of the engine', [
    'The keys of `etc/kuiper.yaml`. Each is also an environment variable, which goes first: `KUIPER__BASIC__RESTPORT=9091` sets `basic.restPort`, in any case. Durations are written `500ms`, `10s`, `1m30s`; a bare number counts milliseconds. An unknown key is a warning with the nearest known one; a bad value ends the program with file, line and column.',
    'A key marked *no effect* is read and checked, so that a file of eKuiper’s is taken as it is; given another value than its default, the log says at the start that it changes nothing.',
    ...Object.entries(kuiperSettings).flatMap(([section, settings]) => [`## ${section}`, sectionTable(section, settings)]),
    '## Options of a rule',
    'Members of `options` in a rule’s JSON. What the section `rule` of the file sets is their default.',
    table(
      ['Option', 'Type', 'Default', 'Meaning'],
      Object.entries(ruleOptions).map(([name, setting]) => [code(name), ...settingCells(setting)]),
    ),
  ]);
}

function sectionTable(section: string, settings: object): string {
  return table(
    ['Key', 'Type', 'Default', 'Meaning'],
    leaves(section, settings).map(([name, setting]) => {
      const [type = '', value = '', meaning = ''] = settingCells(setting);
      return [code(name.slice(section.length + 1)), type, value, isIdle(name) ? `${meaning} *No effect.*` : meaning];
    }),
  );
}

function leaves(path: string, node: object): (readonly [string, Setting<unknown>])[] {
  if ('read' in node) return [[path, node as Setting<unknown>]];
  return Object.entries(node).flatMap(([name, child]) => leaves(`${path}.${name}`, child));
}

function isIdle(name: string): boolean {
  return withoutEffect.some(one => name === one || name.startsWith(`${one}.`));
}
