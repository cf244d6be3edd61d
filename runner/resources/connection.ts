import {textMember} from '#runner/base/json-text.ts';
import type {FileCommand} from '#runner/desired/command-file.ts';
import {CommandError, checkId, dataObject, type Effect, requiredText} from '#runner/desired/command-route.ts';
import type {Comparison} from './content-comparison.ts';
import {parseObject, propertyComparison} from './property-comparison.ts';
import type {ResourceKind} from './resource-kind.ts';
import {isSameJson, jsonShape} from './shape.ts';

const path = '/connections';

/** The engine adds its status to what it was given. */
const comparison: Comparison = {
  ...propertyComparison,
  isLeftAside: ([key = '', ...rest]) => rest.length === 0 && key !== 'typ' && key !== 'props',
};

/** Named connections. */
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
  isSame: ({content}, observed) => isSameJson(content, observed, comparison),
  create: declared =>
    textMember(parseObject(declared.body), 'id') ? {method: 'POST', path, body: declared.body} : connection.update(declared),
  update: ({name, body}) => ({method: 'PUT', path: `${path}/${name}`, body}),
  remove: name => ({method: 'DELETE', path: `${path}/${name}`}),
  shapeOf: (_, content) => jsonShape(content, comparison),
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
