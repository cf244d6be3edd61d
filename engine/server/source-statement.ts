import {ArrokothError, errorCode} from '#engine/base/errors.ts';
import type {Catalog, SourceDefinition} from '#engine/catalog/catalog.ts';
import type {SourceKind} from '#engine/language/ast/statement.ts';
import {parseStatement} from '#engine/language/parse.ts';
import type {Rules} from '#engine/runtime/rules.ts';
import {ddlTypeName} from '#engine/values/data-type.ts';

/** Options that DESCRIBE prints, in its order. */
const describedOptions = [
  'CONF_KEY',
  'DATASOURCE',
  'FORMAT',
  'KEY',
  'RETAIN_SIZE',
  'SCHEMAID',
  'SHARED',
  'STRICT_VALIDATION',
  'TIMESTAMP',
  'TIMESTAMP_FORMAT',
  'TYPE',
];

/** Runs any statement but SELECT (POST /streams, /tables) and returns what it has to say. */
export async function runStatement({catalog, rules}: {catalog: Catalog; rules: Rules}, sql: string): Promise<string> {
  const statement = parseStatement(sql);
  switch (statement.kind) {
    case 'create':
      await catalog.createSource(statement, sql);
      return `${title(statement.sourceKind)} ${statement.name} is created.`;
    case 'show': {
      const names = catalog.sources(statement.sourceKind).map(({name}) => name);
      return names.length === 0 ? `No ${statement.sourceKind} definitions are found.` : names.join('\n');
    }
    case 'describe':
      return describe(catalog, declared(catalog, 'Describe', statement.sourceKind, statement.name));
    case 'explain':
      declared(catalog, 'Explain', statement.sourceKind, statement.name);
      return 'TO BE SUPPORTED';
    case 'drop':
      await drop(catalog, rules, statement.sourceKind, statement.name);
      return `${title(statement.sourceKind)} ${statement.name} is dropped.`;
    case 'select':
      throw new ArrokothError(`Invalid stream statement: ${sql}`);
  }
}

async function drop(catalog: Catalog, rules: Rules, kind: SourceKind, name: string): Promise<void> {
  if (!catalog.source(name, kind)) throw new ArrokothError(`Drop ${kind} fails: ${kind} ${name} is not found.`);
  const users = rules.usersOf(name);
  if (users.length > 0) {
    throw new ArrokothError(`Drop ${kind} fails: ${kind} ${name} has been referenced by other rules: ${users.slice(0, 5).join(', ')}.`);
  }
  await catalog.dropSource(name, kind);
}

function declared(catalog: Catalog, verb: string, kind: SourceKind, name: string): SourceDefinition {
  const definition = catalog.source(name, kind);
  if (definition) return definition;
  throw new ArrokothError(`${verb} ${kind} fails, ${name} is not found.`, {code: errorCode.streamProcessor});
}

function describe(catalog: Catalog, definition: SourceDefinition): string {
  const columns = catalog.schema(definition).columns.map(({name, type}) => `${name}\t${ddlTypeName(type)}\n`);
  const options = describedOptions
    .map(key => [key, definition.options.get(key) ?? ''] as const)
    .filter(([, value]) => value !== '' && value !== 'false')
    .map(([key, value]) => `${key}: ${value}\n`);
  return `Fields\n${'-'.repeat(80)}\n${columns.join('')}\n${options.join('')}`;
}

function title(kind: SourceKind): string {
  return kind === 'stream' ? 'Stream' : 'Table';
}
