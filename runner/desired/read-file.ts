import {describeNode, type JsonNode, type JsonObject, JsonSyntaxError, parseJson} from '#runner/base/json-text.ts';
import {parseYamlTrees, YamlSyntaxError} from '#runner/base/yaml-tree.ts';
import {type FileCommand, readCommands} from './command-file.ts';
import {isDataExportKey, readExport} from './export-document.ts';
import {readObjects} from './objects-document.ts';
import {sections} from './objects-schema.ts';
import type {SourceText} from './source-text.ts';
import type {ValueView} from './values.ts';

/** What a document is, by its content. */
type Form = 'commands' | 'objects' | 'export';

/**
 * Reads a file of any form as commands: JSON, or YAML of one or more documents; each a list of commands, objects in our declarative form,
 * or an engine's export. Every fault is reported to `source`; nothing is thrown.
 */
export function readFile(source: SourceText, view: ValueView): readonly FileCommand[] {
  const commands: FileCommand[] = [];
  const isJson = !/\.ya?ml$/i.test(source.file);
  for (const root of parse(source, isJson)) {
    const first = commands.length;
    if (root.kind !== 'object' || root.members.size === 0) {
      source.report(
        root.start,
        `expected "commands", or some of ${Object.keys(sections).join(', ')}; found ${root.kind === 'object' ? 'an empty object' : describeNode(root)}`,
      );
      continue;
    }
    switch (formOf(root)) {
      case 'commands':
        commands.push(...readCommands(root, source, {isJson, first}));
        break;
      case 'export':
        commands.push(...readExport(root, source, first));
        break;
      case 'objects':
        commands.push(...readObjects(root, source, view, first));
    }
  }
  return commands;
}

function formOf({members}: JsonObject): Form {
  if (members.has('commands')) return 'commands';
  const keys = [...members.keys()];
  if (keys.some(isDataExportKey)) return 'export';
  // A rule set: streams, tables and rules, all of them, and each rule its JSON as text.
  const rules = members.get('rules')?.value;
  const isRuleset =
    keys.length === 3 && members.has('streams') && members.has('tables') && rules?.kind === 'object' && rules.members.size > 0;
  return isRuleset && [...rules.members.values()].every(({value}) => value.kind === 'string') ? 'export' : 'objects';
}

function parse(source: SourceText, isJson: boolean): readonly JsonNode[] {
  const {text} = source;
  if (text.trim() === '') {
    source.report(0, `the file is empty; expected ${isJson ? '{"commands": […]}' : 'streams, rules …'}`);
    return [];
  }
  try {
    return isJson ? [parseJson(text)] : parseYamlTrees(text);
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError) && !(thrown instanceof YamlSyntaxError)) throw thrown;
    source.report(thrown.offset, thrown.message);
    return [];
  }
}
