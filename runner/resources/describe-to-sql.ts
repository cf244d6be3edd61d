/** `Options` of a describe answer in the words of the CREATE statement. */
const optionWords: Readonly<Record<string, string>> = {
  datasource: 'DATASOURCE',
  key: 'KEY',
  format: 'FORMAT',
  confKey: 'CONF_KEY',
  type: 'TYPE',
  strictValidation: 'STRICT_VALIDATION',
  timestamp: 'TIMESTAMP',
  timestampFormat: 'TIMESTAMP_FORMAT',
  shared: 'SHARED',
  schemaid: 'SCHEMAID',
  schemaId: 'SCHEMAID',
  version: 'VERSION',
  extra: 'EXTRA',
  temp: 'TEMP',
  retainSize: 'RETAIN_SIZE',
  kind: 'KIND',
  delimiter: 'DELIMITER',
};

interface Described {
  readonly Name: string;
  readonly StreamType?: number;
  readonly StreamFields?: readonly DescribedField[] | null;
  readonly Options?: Readonly<Record<string, unknown>> | null;
}
interface DescribedField {
  readonly Name: string;
  readonly FieldType: DescribedType;
  readonly DefaultClause?: unknown;
}
type DescribedType = string | {readonly Type: string; readonly ElementType?: DescribedType; readonly Fields?: readonly DescribedField[]};

/**
 * The CREATE statement behind `GET /streams/{name}`, for engines without `/ruleset/export`. Option values are quoted, as in every
 * statement; an option with its default (`false`) is left out by the engine and so is missing here.
 */
export function describeToSql(describe: string): string {
  const {Name, StreamType, StreamFields, Options} = JSON.parse(describe) as Described;
  const columns = (StreamFields ?? []).map(column).join(', ');
  const options = Object.entries(Options ?? {}).map(
    ([key, value]) => `${optionWords[key] ?? key.toUpperCase()}=${JSON.stringify(String(value))}`,
  );
  return `CREATE ${StreamType === 1 ? 'TABLE' : 'STREAM'} \`${Name}\` (${columns}) WITH (${options.join(', ')})`;
}

function column({Name, FieldType, DefaultClause}: DescribedField): string {
  const fallback = DefaultClause === undefined || DefaultClause === null ? '' : ` DEFAULT ${literal(DefaultClause, FieldType)}`;
  return `\`${Name}\` ${typeText(FieldType)}${fallback}`;
}

function literal(value: unknown, type: DescribedType): string {
  return type === 'string' || type === 'datetime' ? JSON.stringify(String(value)) : String(value);
}

function typeText(type: DescribedType): string {
  if (typeof type === 'string') return type.toUpperCase();
  if (type.Type === 'array') return `ARRAY(${typeText(type.ElementType ?? 'string')})`;
  if (type.Type === 'struct') return `STRUCT(${(type.Fields ?? []).map(column).join(', ')})`;
  return type.Type.toUpperCase();
}
