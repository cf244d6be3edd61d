// The JSON Schema of declarative files, for editors: the runner's own definition, and what the connectors say of their settings.
import {toJsonSchema} from '@valibot/to-json-schema';
import type {Setting, Settings} from '#engine/base/settings.ts';
import {sinkConnectors, sourceConnectors} from '#engine/connectors/registry.ts';
import {sinkSettings} from '#engine/connectors/sink-settings.ts';
import {objectsSchema, when} from '#runner/desired/objects-schema.ts';

/** A node of a JSON Schema, as far as it is looked into here. */
export interface SchemaNode {
  $ref?: string;
  type?: string;
  description?: string;
  enum?: readonly unknown[];
  anyOf?: SchemaNode[];
  properties?: Record<string, SchemaNode>;
  required?: readonly string[];
  items?: SchemaNode;
  additionalProperties?: SchemaNode | boolean;
  $defs?: Record<string, SchemaNode>;
  [keyword: string]: unknown;
}

/** Draft 7, which every editor reads. */
export function objectsJsonSchema(): SchemaNode {
  const made = toJsonSchema(objectsSchema, {target: 'draft-07', definitions: {when}}) as object as SchemaNode;
  const {$defs = {}, $schema, ...root} = made;
  describeConnectors(root);
  return {
    $schema,
    title: 'Arrokoth objects',
    description: 'Streams, tables, rules and what they use, as the runner keeps them in an engine.',
    ...withVariables(root),
    $defs: {
      ...mapValues($defs, withVariables),
      variable: {
        type: 'string',
        pattern: '^\\$\\{[A-Za-z_][A-Za-z0-9_]*:(int|number|bool)(:-[^}]*)?\\}$',
        description: 'A variable with a type: `${NAME:int}`, `:number` or `:bool`, with `:-default` behind it.',
      },
    },
  };
}

/** Settings of known sinks and sources as hints. They stay open: plugins and other engines have others. */
function describeConnectors(root: SchemaNode): void {
  const action = (root.properties!['rules']!.additionalProperties as SchemaNode).properties!['actions']!.items!;
  action.properties = Object.fromEntries(
    sinkConnectors.map(({name, summary, settings}) => [name, hints(summary, {...settings, ...sinkSettings})]),
  );
  const confKeys = root.properties!['confKeys']!.properties!;
  for (const [category, connectors] of [
    ['sources', sourceConnectors],
    ['sinks', sinkConnectors],
  ] as const) {
    const entry = (confKeys[category]!.additionalProperties as SchemaNode).additionalProperties as SchemaNode;
    confKeys[category]!.properties = Object.fromEntries(
      connectors.map(({name, summary, settings}) => [
        name,
        {
          type: 'object',
          description: summary,
          additionalProperties: {...entry, properties: {...hints(summary, settings).properties, ...entry.properties}},
        },
      ]),
    );
  }
}

function hints(description: string, settings: Settings): SchemaNode {
  const properties = Object.entries(settings).map(([name, setting]) => [name, {description: hint(setting)}] as const);
  return {type: 'object', description, properties: Object.fromEntries(properties)};
}

function hint({summary, default: value}: Setting<unknown>): string {
  return value === undefined || value === '' ? summary : `${summary} Default: ${JSON.stringify(value)}.`;
}

/** Wherever a number or a boolean may stand, a variable with a type may. */
function withVariables(node: SchemaNode): SchemaNode {
  const made = {...node};
  if (made.properties) made.properties = mapValues(made.properties, withVariables);
  if (made.items) made.items = withVariables(made.items);
  if (made.anyOf) made.anyOf = made.anyOf.map(withVariables);
  if (typeof made.additionalProperties === 'object') made.additionalProperties = withVariables(made.additionalProperties);
  if (made.type !== 'integer' && made.type !== 'number' && made.type !== 'boolean') return made;
  const {description, ...value} = made;
  return {...(description === undefined ? {} : {description}), anyOf: [value, {$ref: '#/$defs/variable'}]};
}

function mapValues(nodes: Record<string, SchemaNode>, map: (node: SchemaNode) => SchemaNode): Record<string, SchemaNode> {
  return Object.fromEntries(Object.entries(nodes).map(([name, node]) => [name, map(node)]));
}
