// The reference page of declarative files, from the runner's definition of them.
import {code, page, table} from './markdown.ts';
import {objectsJsonSchema, type SchemaNode} from './objects-schema.ts';

export function objectsPage(): string {
  const {properties = {}, $defs = {}} = objectsJsonSchema();
  const sections = Object.entries(properties).filter(([, node]) => node.type === 'object');
  return page('Declarative files', [
    'Every key of a document. The guide [Declarative files](../guides/declarative-files.md) shows them at work; the same as a [JSON Schema](../schema/arrokoth-objects.schema.json) is for editors. A key that is not here is refused with its place. A number or boolean may also be a variable with a type: `${PORT:int}`, `${SHARE:number}`, `${DEBUG:bool}`.',
    '## Head of a document',
    table(
      ['Key', 'Value', 'Meaning'],
      [
        ['`$schema`', 'text', 'Where editors find the schema; not read.'],
        ['`when`', 'mapping', $defs['when']!.description ?? ''],
        ...Object.entries($defs['when']!.properties ?? {}).map(([name, node]) => [code(`when.${name}`), typeOf(node), meaningOf(node)]),
      ],
    ),
    ...sections.flatMap(([name, section]) => [`## ${name}`, ...sectionParts(name, section)]),
  ]);
}

function sectionParts(name: string, section: SchemaNode): string[] {
  let path = name;
  let entry: SchemaNode = section;
  for (const level of levelsOf(section)) {
    path += level.path;
    entry = level.below;
  }
  const object = entry.anyOf?.find(({type}) => type === 'object') ?? entry;
  const isText = entry.anyOf?.some(({type}) => type === 'string') === true;
  const isOpen = object.additionalProperties !== false;
  const notes = [
    `${section.description} An object is \`${path}\`.`,
    ...(isText ? ['It is the statement alone, or a mapping.'] : []),
    ...(isOpen ? ['Every other key is a setting of the connector.'] : []),
  ];
  return [notes.join(' '), table(['Key', 'Value', 'Meaning'], rows(object.properties ?? {}, '', object.required ?? []))];
}

interface Level {
  readonly path: string;
  readonly below: SchemaNode;
}

/** From the section to one of its objects: closed sets of words, then free names. */
function* levelsOf(section: SchemaNode): Generator<Level> {
  let node = section;
  for (;;) {
    const words = Object.keys(node.properties ?? {});
    if (node.additionalProperties === false && !isEntry(node)) {
      node = node.properties![words[0]!]!;
      yield {path: `.{${words.join(', ')}}`, below: node};
    } else if (node['propertyNames'] && typeof node.additionalProperties === 'object') {
      node = node.additionalProperties;
      yield {path: '.NAME', below: node};
    } else return;
  }
}

function isEntry({properties = {}}: SchemaNode): boolean {
  return 'protected' in properties;
}

function rows(fields: Record<string, SchemaNode>, prefix: string, required: readonly string[]): string[][] {
  return Object.entries(fields).flatMap(([name, node]) => {
    const row = [code(prefix + name) + (required.includes(name) ? ' (required)' : ''), typeOf(node), meaningOf(node)];
    const isNested = node.type === 'object' && node.additionalProperties === false;
    return isNested ? [row, ...rows(node.properties ?? {}, `${prefix}${name}.`, [])] : [row];
  });
}

function meaningOf({description, $ref}: SchemaNode): string {
  return description ?? ($ref === '#/$defs/when' ? 'As at the head of a document, for this object.' : '');
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true, false',
  integer: 'whole number',
  number: 'number',
  array: 'list',
  object: 'mapping',
};

function typeOf(node: SchemaNode): string {
  if (node.$ref) return 'mapping';
  if (node.anyOf)
    return node.anyOf
      .filter(({$ref}) => $ref === undefined)
      .map(typeOf)
      .join(' or ');
  if (node.enum) return node.enum.map(value => code(String(value))).join(', ');
  return typeWords[node.type ?? ''] ?? 'anything';
}
