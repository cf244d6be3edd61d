import {parseJson} from '#runner/base/json-text.ts';
import {type CommandRoute, checkId, dataObject} from '#runner/desired/command-route.ts';
import {type ObjectKey, objectKey} from '#runner/desired/declared.ts';
import type {EngineView} from '#runner/observed/engine-view.ts';
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
  read: readConfKeys,
  readOne: async (view, name) => (await readConfKeys(view, [name])).get(name),
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

/** One request for each type that is asked about. */
async function readConfKeys(view: EngineView, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const types = new Set(names.map(name => name.slice(0, name.lastIndexOf('/'))));
  const answers = await view.findAll(new Map([...types].map(type => [type, `/metadata/${type.replace('/', '/yaml/')}`])));
  const found = new Map<string, string>();
  for (const [type, text] of answers) {
    const node = parseJson(text);
    if (node.kind !== 'object') continue;
    for (const [key, {value}] of node.members) found.set(`${type}/${key}`, text.slice(value.start, value.end));
  }
  return found;
}

function pathOf(name: string): string {
  const [category, type, key] = name.split('/');
  return `/metadata/${category}/${type}/confKeys/${key}`;
}
