import {type CommandRoute, checkId, dataObject} from '#runner/desired/command-route.ts';
import {type ObjectKey, objectKey} from '#runner/desired/declared.ts';
import {readConfKeys} from '#runner/observed/conf-keys.ts';
import {propertyComparison} from './property-comparison.ts';
import type {ResourceKind} from './resource-kind.ts';
import {isSameJson, jsonShape} from './shape.ts';

const categories = ['sources', 'sinks', 'connections'] as const;

/** Configuration keys. The name is `<category>/<type>/<key>`, as in their path. */
export const confKey: ResourceKind = {
  kind: 'confKey',
  level: 'foundation',
  routes: categories.flatMap(category => routesOf(category)),
  showsContent: true,
  read: (view, names) => readConfKeys(view, names.map(connectorOf)),
  readOne: async (view, name) => (await readConfKeys(view, [connectorOf(name)])).get(name),
  isSame: ({content}, observed) => isSameJson(content, observed, propertyComparison),
  create: ({name, body}) => ({method: 'PUT', path: pathOf(name), body}),
  update: ({name, body}) => ({method: 'PUT', path: pathOf(name), body}),
  remove: name => ({method: 'DELETE', path: pathOf(name)}),
  shapeOf: (_, content) => jsonShape(content, propertyComparison),
};

function routesOf(category: string): CommandRoute[] {
  const path = `/metadata/${category}/{type}/confKeys/{key}`;
  const nameOf = ({type = '', key = ''}: Readonly<Record<string, string>>) =>
    `${category}/${checkId('type', type)}/${checkId('confKey', key)}`;
  return [
    {
      method: 'PUT',
      path,
      read: (command, parameters) => {
        const data = dataObject(command);
        const selector = data.members.get('connectionSelector')?.value;
        const needs: ObjectKey[] = selector?.kind === 'string' && selector.value !== '' ? [objectKey('connection', selector.value)] : [];
        return {effect: 'declare', kind: 'confKey', name: nameOf(parameters), body: command.body!, content: command.body!, needs};
      },
    },
    {method: 'DELETE', path, read: (_, parameters) => ({effect: 'remove', kind: 'confKey', name: nameOf(parameters)})},
  ];
}

function connectorOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/'));
}

function pathOf(name: string): string {
  const [category, type, key] = name.split('/');
  return `/metadata/${category}/${type}/confKeys/${key}`;
}
