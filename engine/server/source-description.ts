import type {Catalog, SourceDefinition} from '#engine/catalog/catalog.ts';
import {type DataType, ddlTypeName} from '#engine/values/data-type.ts';
import type {Column, StreamSchema} from '#engine/values/stream-schema.ts';
import type {FieldDescription, FieldType, SchemaField, SourceDescription} from './contract/source-answers.ts';

/** Options in the order and with the names of the answer. Those that are false or empty are left out. */
const optionNames: readonly (readonly [key: string, name: string, type: 'text' | 'flag' | 'number'])[] = [
  ['DATASOURCE', 'datasource', 'text'],
  ['KEY', 'key', 'text'],
  ['FORMAT', 'format', 'text'],
  ['CONF_KEY', 'confKey', 'text'],
  ['TYPE', 'type', 'text'],
  ['STRICT_VALIDATION', 'strictValidation', 'flag'],
  ['TIMESTAMP', 'timestamp', 'text'],
  ['TIMESTAMP_FORMAT', 'timestampFormat', 'text'],
  ['SHARED', 'shared', 'flag'],
  ['SCHEMAID', 'schemaid', 'text'],
  ['VERSION', 'version', 'text'],
  ['EXTRA', 'extra', 'text'],
  ['TEMP', 'temp', 'flag'],
  ['RETAIN_SIZE', 'retainSize', 'number'],
  ['KIND', 'kind', 'text'],
  ['DELIMITER', 'delimiter', 'text'],
];

/** What GET /streams/{name} tells: declared columns, then those of the device model. */
export function describeSource(catalog: Catalog, definition: SourceDefinition): SourceDescription {
  const {columns} = catalog.schema(definition);
  return {
    Name: definition.name,
    StreamFields: columns.length === 0 ? null : columns.map(describeColumn),
    Options: describeOptions(definition.options),
    StreamType: definition.kind === 'stream' ? 0 : 1,
    Statement: null,
  };
}

/** What GET /streams/{name}/schema tells, columns sorted by name. */
export function schemaAnswer({columns}: StreamSchema): Readonly<Record<string, SchemaField>> {
  const fields = columns.map(column => [column.name, {...schemaField(column.type), ...modelFacts(column)}] as const);
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function describeOptions(options: ReadonlyMap<string, string>): SourceDescription['Options'] {
  const described: Record<string, string | number | boolean> = {};
  for (const [key, name, type] of optionNames) {
    const value = options.get(key);
    if (value === undefined || value === '') continue;
    if (type === 'text') described[name] = value;
    else if (type === 'flag' && value === 'true') described[name] = true;
    else if (type === 'number' && Number(value) !== 0) described[name] = Number(value);
  }
  return described;
}

function describeColumn(column: Column): FieldDescription {
  const {name, type, defaultValue, description, unit, accessMode, minimum, maximum} = column;
  return {
    FieldType: fieldType(type),
    Name: name,
    ...(defaultValue === undefined ? {} : {DefaultClause: String(defaultValue)}),
    ...(description === undefined ? {} : {Description: description}),
    ...(unit === undefined ? {} : {Unit: unit}),
    ...(accessMode === undefined ? {} : {AccessMode: accessMode}),
    ...(minimum === undefined ? {} : {Minimum: minimum}),
    ...(maximum === undefined ? {} : {Maximum: maximum}),
  };
}

function fieldType(type: DataType): FieldType {
  switch (type.kind) {
    case 'array':
      return {Type: 'array', ElementType: fieldType(type.element)};
    case 'struct':
      return {Type: 'struct', Fields: (type.fields ?? []).map(({name, type: member}) => ({FieldType: fieldType(member), Name: name}))};
    default:
      return ddlTypeName(type);
  }
}

function schemaField(type: DataType): SchemaField {
  switch (type.kind) {
    case 'any':
      return {index: 0};
    case 'array':
      return {type: 'array', items: schemaField(type.element), index: 0};
    case 'struct': {
      const properties = Object.fromEntries((type.fields ?? []).map(({name, type: member}) => [name, schemaField(member)]));
      return {type: 'struct', properties, index: 0};
    }
    default:
      return {type: ddlTypeName(type), index: 0};
  }
}

function modelFacts({description, unit, accessMode, minimum, maximum}: Column): Partial<SchemaField> {
  return {
    ...(description === undefined ? {} : {description}),
    ...(unit === undefined ? {} : {unit}),
    ...(accessMode === undefined ? {} : {accessMode}),
    ...(minimum === undefined ? {} : {minimum}),
    ...(maximum === undefined ? {} : {maximum}),
  };
}
