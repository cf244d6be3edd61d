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
  // A PUT does not create.
  create: ({name, body}) => ({method: 'POST', path, body: withId(name, body)}),
  update: ({name, body}) => ({method: 'PUT', path: `${path}/${name}`, body}),
  isHeldByRules: ({status, text}) => status === 400 && text.includes('due to rule references'),
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

/** The body with its id; everything else byte for byte. */
function withId(id: string, body: string): string {
  const node = parseObject(body);
  if (!node || node.members.has('id')) return body;
  return `{"id":${JSON.stringify(id)}${node.members.size > 0 ? ',' : ''}${body.trimStart().slice(1)}`;
}
