import type {SelectStatement} from '#engine/language/ast/statement.ts';
import {type JsonObject, member, parseJson, textMember} from '#runner/base/json-text.ts';
import type {FileCommand} from '#runner/desired/command-file.ts';
import {CommandError, checkId, dataObject, type Effect} from '#runner/desired/command-route.ts';
import {type ObjectKey, objectKey} from '#runner/desired/declared.ts';
import type {EngineView} from '#runner/observed/engine-view.ts';
import type {ResourceKind} from './resource-kind.ts';
import {isSameRule, ruleComparison} from './rule-comparison.ts';
import {scopeOf, withScope} from './scope-tag.ts';
import {jsonShape} from './shape.ts';
import {calledFunctions, readStatement} from './statement.ts';

const path = '/rules';
const temporaryRule = '{"temp":true}';

/** Rules. Whether a rule runs is not part of its definition: it is declared, compared and changed on its own. */
export const rule: ResourceKind = {
  kind: 'rule',
  level: 'rule',
  routes: [
    {method: 'POST', path, read: command => readRule(command, undefined)},
    {method: 'PUT', path: `${path}/{id}`, read: (command, {id}) => readRule(command, id)},
    {method: 'DELETE', path: `${path}/{id}`, read: (_, {id = ''}) => ({effect: 'remove', kind: 'rule', name: checkId('rule id', id)})},
    {method: 'POST', path: `${path}/{id}/start`, read: (_, {id = ''}) => ({effect: 'run', rule: checkId('rule id', id), running: true})},
    {method: 'POST', path: `${path}/{id}/stop`, read: (_, {id = ''}) => ({effect: 'run', rule: checkId('rule id', id), running: false})},
  ],
  showsContent: true,
  read: readRules,
  readOne: (view, name) => view.find(`${path}/${encodeURIComponent(name)}`),
  isSame: ({name, content}, observed) => isSameRule(name, content, observed),
  // A body without an id is one of a PUT, which creates as well.
  create: declared => (textMember(parseJson(declared.body), 'id') ? {method: 'POST', path, body: declared.body} : rule.update(declared)),
  update: ({name, body}) => ({method: 'PUT', path: `${path}/${encodeURIComponent(name)}`, body}),
  remove: name => ({method: 'DELETE', path: `${path}/${encodeURIComponent(name)}`}),
  scopeOf,
  withScope,
  shapeOf: (name, content) => jsonShape(content, ruleComparison(name)),
};

/** A temporary rule is listed and not exported: the engine does not show its content. */
async function readRules(view: EngineView, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const {rules} = await view.ruleset();
  if (names.length === 0) return rules;
  const all = new Map(rules);
  for (const id of (await view.ruleStates()).keys()) if (!all.has(id)) all.set(id, temporaryRule);
  return all;
}

function readRule(command: FileCommand, pathId: string | undefined): Effect {
  const data = dataObject(command);
  const idNode = data.members.get('id')?.value;
  if (idNode && idNode.kind !== 'string') throw new CommandError('"id" must be a string', idNode);
  const id = idNode?.value || pathId;
  if (id === undefined) throw new CommandError('a rule needs an "id"', data);
  if (pathId !== undefined && id !== pathId) throw new CommandError(`the rule's id is "${id}", but the URL says "${pathId}"`, idNode);
  checkId('rule id', id, idNode);

  const sql = data.members.get('sql')?.value;
  const graph = data.members.get('graph')?.value;
  if (sql && sql.kind !== 'string') throw new CommandError('"sql" must be a string', sql);
  if (!sql?.value && !graph) throw new CommandError(`rule "${id}" has neither "sql" nor "graph"`, data);
  const triggered = data.members.get('triggered')?.value;
  const {statement, fault} = sql?.value ? readStatement(sql) : {statement: undefined, fault: undefined};
  if (statement && statement.kind !== 'select') throw new CommandError(`the sql of rule "${id}" must be a SELECT`, sql);
  checkActions(id, data);
  return {
    effect: 'declare',
    kind: 'rule',
    name: id,
    body: command.body!,
    content: command.body!,
    needs: [...(statement ? needsOfQuery(statement) : []), ...needsOfActions(data)],
    startsRunning: !(triggered?.kind === 'word' && triggered.value === false),
    statementFault: fault,
  };
}

function checkActions(id: string, data: JsonObject): void {
  const actions = data.members.get('actions')?.value;
  if (data.members.has('graph') && actions === undefined) return;
  if (actions?.kind !== 'array' || actions.items.length === 0) {
    throw new CommandError(`rule "${id}" needs "actions", a list such as [{"mqtt": {…}}]`, actions ?? data);
  }
  for (const action of actions.items) {
    if (action.kind !== 'object') throw new CommandError(`each action of rule "${id}" must be an object such as {"mqtt": {…}}`, action);
  }
}

/** Streams, tables and functions by name: which of them a name means is known only with all files read, so every possibility counts. */
function needsOfQuery(statement: SelectStatement): ObjectKey[] {
  const sources = [statement.from, ...statement.joins.map(({source}) => source)].map(({name}) => name);
  return [
    ...sources.flatMap(name => [objectKey('stream', name), objectKey('table', name)]),
    ...[...calledFunctions(statement)].map(name => objectKey('script', name)),
  ];
}

function needsOfActions(data: JsonObject): ObjectKey[] {
  const actions = data.members.get('actions')?.value;
  if (actions?.kind !== 'array') return [];
  return actions.items.flatMap(action => {
    if (action.kind !== 'object') return [];
    return [...action.members].flatMap(([type, {value}]) => {
      const resource = textMember(value, 'resourceId');
      const connection = textMember(value, 'connectionSelector');
      const schema = textMember(value, 'schemaId')?.split('.')[0];
      const format = member(value, 'format');
      return [
        ...(resource ? [objectKey('confKey', `sinks/${type}/${resource}`)] : []),
        ...(connection ? [objectKey('connection', connection)] : []),
        ...(schema ? [objectKey('schema', `${format?.kind === 'string' ? format.value.toLowerCase() : 'protobuf'}/${schema}`)] : []),
      ];
    });
  });
}
