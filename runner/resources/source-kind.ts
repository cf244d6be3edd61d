import type {CreateStatement, SourceKind} from '#engine/language/ast/statement.ts';
import type {FileCommand} from '#runner/desired/command-file.ts';
import {CommandError, type CommandRoute, checkId, type Effect, requiredText} from '#runner/desired/command-route.ts';
import {type ObjectKey, objectKey} from '#runner/desired/declared.ts';
import {describeToSql} from './describe-to-sql.ts';
import type {ResourceKind} from './resource-kind.ts';
import {isSameSql} from './same-sql.ts';
import {readStatement} from './statement.ts';

/**
 * Streams and tables: one language, one REST shape, two paths. `POST /streams` takes any stream or table statement, so both kinds of path
 * can declare both kinds of source.
 */
export function sourceKind(kind: SourceKind): ResourceKind {
  const path = `/${kind}s`;
  const routes: CommandRoute[] = [
    {method: 'POST', path, read: readStatementCommand},
    {
      method: 'PUT',
      path: `${path}/{name}`,
      read: (command, {name = ''}) => {
        const effect = readStatementCommand(command);
        if (effect.effect !== 'declare')
          throw new CommandError(`PUT ${command.url} needs a CREATE statement`, requiredText(command, 'sql'));
        if (effect.kind !== kind)
          throw new CommandError(`the statement makes a ${effect.kind} and not a ${kind}`, requiredText(command, 'sql'));
        if (effect.name !== name)
          throw new CommandError(`the statement makes "${effect.name}" and not "${name}"`, requiredText(command, 'sql'));
        return effect;
      },
    },
    {method: 'DELETE', path: `${path}/{name}`, read: (_, {name = ''}) => ({effect: 'remove', kind, name: checkId(`${kind} name`, name)})},
  ];
  return {
    kind,
    level: 'source',
    routes,
    showsContent: true,
    read: async view => (await view.ruleset())[kind === 'stream' ? 'streams' : 'tables'],
    readOne: async (view, name) => (await view.ruleset())[kind === 'stream' ? 'streams' : 'tables'].get(name),
    isSame: ({content}, observed) => isSameSql(content, sqlOf(observed)),
    create: ({body}) => ({method: 'POST', path, body}),
    update: ({name, body}) => ({method: 'PUT', path: `${path}/${encodeURIComponent(name)}`, body}),
    remove: name => ({method: 'DELETE', path: `${path}/${encodeURIComponent(name)}`}),
    isFixed: ({status, text}) => status === 400 && /do not support to change|cannot replace with temp option/.test(text),
    bodyOf: observed => JSON.stringify({sql: sqlOf(observed)}),
    shapeOf: (_, content) => ({form: 'sql', text: sqlOf(content)}),
  };
}

/** Engines without `/ruleset/export` describe a source in JSON. */
function sqlOf(content: string): string {
  return content.startsWith('{') ? describeToSql(content) : content.trim();
}

function readStatementCommand(command: FileCommand): Effect {
  const sql = requiredText(command, 'sql');
  const {statement, fault} = readStatement(sql);
  if (statement?.kind === 'drop') return {effect: 'remove', kind: statement.sourceKind, name: statement.name};
  if (statement && statement.kind !== 'create') {
    if (statement.kind === 'select') throw new CommandError('expected a CREATE statement, found a SELECT; a query belongs in a rule', sql);
    return {effect: 'ask'};
  }
  const named = statement ?? guessName(sql.value);
  if (!named) throw new CommandError(fault?.message ?? 'expected a CREATE STREAM or CREATE TABLE statement', sql, fault?.offset);
  return {
    effect: 'declare',
    kind: named.sourceKind,
    name: checkId(`${named.sourceKind} name`, named.name, sql),
    body: command.body!,
    content: sql.value,
    needs: statement ? needsOf(statement) : [],
    statementFault: fault,
  };
}

/** The name of a statement that this program cannot parse; another engine may be able to. */
function guessName(sql: string): {readonly sourceKind: SourceKind; readonly name: string} | undefined {
  const match = /^\s*create\s+(stream|table)\s+(?:`([^`]+)`|([\w-]+))/i.exec(sql);
  return match ? {sourceKind: match[1]!.toLowerCase() as SourceKind, name: match[2] ?? match[3]!} : undefined;
}

function needsOf({options}: CreateStatement): ObjectKey[] {
  const option = (key: string) => options.find(entry => entry.key === key)?.value;
  const type = option('TYPE') ?? 'mqtt';
  const confKey = option('CONF_KEY') ?? 'default';
  const schema = option('SCHEMAID')?.split('.')[0];
  return [
    objectKey('confKey', `sources/${type}/${confKey}`),
    ...(schema ? [objectKey('schema', `${(option('FORMAT') ?? 'protobuf').toLowerCase()}/${schema}`)] : []),
  ];
}
