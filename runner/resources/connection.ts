import {type JsonObject, textMember} from '#runner/base/json-text.ts';
import {maskedJson} from '#runner/base/mask.ts';
import type {FileCommand} from '#runner/desired/command-file.ts';
import {CommandError, checkId, dataObject, type Effect, requiredText} from '#runner/desired/command-route.ts';
import {isSameProperty, parseObject} from './property-comparison.ts';
import type {ResourceKind} from './resource-kind.ts';

const path = '/connections';

/** Named connections. The engine adds its status to what it was given, so only type and properties are compared. */
export const connection: ResourceKind = {
  kind: 'connection',
  level: 'foundation',
  routes: [
    {method: 'POST', path, read: command => readConnection(command, requiredText(command, 'id').value)},
    {method: 'PUT', path: `${path}/{id}`, read: (command, {id = ''}) => readConnection(command, id)},
    {
      method: 'DELETE',
      path: `${path}/{id}`,
      read: (_, {id = ''}) => ({effect: 'remove', kind: 'connection', name: checkId('connection id', id)}),
    },
  ],
  showsContent: true,
  read: (view, names) => view.findAll(new Map(names.map(name => [name, `${path}/${name}`]))),
  readOne: (view, name) => view.find(`${path}/${name}`),
  isSame: ({content}, observed) => {
    const [declared, held] = [parseObject(content), parseObject(observed)];
    return declared !== undefined && held !== undefined && ['typ', 'props'].every(key => isSameMember(declared, held, key));
  },
  create: declared =>
    textMember(parseObject(declared.body), 'id') ? {method: 'POST', path, body: declared.body} : connection.update(declared),
  update: ({name, body}) => ({method: 'PUT', path: `${path}/${name}`, body}),
  remove: name => ({method: 'DELETE', path: `${path}/${name}`}),
  show: content => maskedJson(withoutStatus(content)),
};

function readConnection(command: FileCommand, id: string): Effect {
  const data = dataObject(command);
  requiredText(command, 'typ');
  const given = data.members.get('id')?.value;
  if (given && (given.kind !== 'string' || given.value !== id))
    throw new CommandError(`the connection's id must be "${id}", as the URL says`, given);
  return {
    effect: 'declare',
    kind: 'connection',
    name: checkId('connection id', id, given),
    body: command.body!,
    content: command.body!,
    needs: [],
  };
}

function isSameMember(a: JsonObject, b: JsonObject, key: string): boolean {
  const [left, right] = [a.members.get(key)?.value, b.members.get(key)?.value];
  return left === undefined || right === undefined ? left === right : isSameProperty(left, right);
}

function withoutStatus(content: string): string {
  const node = parseObject(content);
  if (!node) return content;
  const kept = ['id', 'typ', 'props'].flatMap(key => {
    const value = node.members.get(key)?.value;
    return value ? [`${JSON.stringify(key)}:${content.slice(value.start, value.end)}`] : [];
  });
  return `{${kept.join(',')}}`;
}
