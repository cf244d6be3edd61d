import {textMember} from '#runner/base/json-text.ts';
import type {FileCommand} from '#runner/desired/command-file.ts';
import {CommandError, checkId, dataObject, type Effect, requiredText} from '#runner/desired/command-route.ts';
import type {KindName} from '#runner/desired/declared.ts';
import type {Comparison} from './content-comparison.ts';
import {parseObject, propertyComparison} from './property-comparison.ts';
import type {Level, ResourceKind} from './resource-kind.ts';
import {isSameJson, jsonShape} from './shape.ts';

/** Engines show more members than they were given. */
const comparison: Comparison = {...propertyComparison, isLeftAside: (path, _, side) => side === 'observed' && path.length === 1};

/**
 * A kind with the usual REST shape: `POST <path>` with its name in the body, `GET`, `PUT` and `DELETE <path>/<name>`. `path` may hold
 * one parameter in braces, which then begins the object's name (`protobuf/orders`).
 */
export function namedKind(
  kind: KindName,
  {path, nameKey, showsContent, level = 'foundation'}: {path: string; nameKey: string; showsContent: boolean; level?: Level},
): ResourceKind {
  const parameter = /\{(\w+)\}/.exec(path)?.[1];
  const prefixOf = (parameters: Readonly<Record<string, string>>) =>
    parameter ? `${checkId(parameter, parameters[parameter] ?? '')}/` : '';
  const collectionOf = (name: string) => (parameter ? path.replace(`{${parameter}}`, name.split('/')[0]!) : path);
  const pathOf = (name: string) => `${collectionOf(name)}/${parameter ? name.split('/')[1] : name}`;

  const readDeclaration = (command: FileCommand, prefix: string, pathName: string | undefined): Effect => {
    const data = dataObject(command);
    const given = data.members.get(nameKey)?.value;
    const name = pathName ?? requiredText(command, nameKey).value;
    if (given && (given.kind !== 'string' || given.value !== name))
      throw new CommandError(`"${nameKey}" must be "${name}", as the URL says`, given);
    return {
      effect: 'declare',
      kind,
      name: prefix + checkId(`${kind} name`, name, given),
      body: command.body!,
      content: command.body!,
      needs: [],
    };
  };

  return {
    kind,
    level,
    routes: [
      {method: 'POST', path, read: (command, parameters) => readDeclaration(command, prefixOf(parameters), undefined)},
      {
        method: 'PUT',
        path: `${path}/{name}`,
        read: (command, parameters) => readDeclaration(command, prefixOf(parameters), parameters['name']),
      },
      {
        method: 'DELETE',
        path: `${path}/{name}`,
        read: (_, parameters) => ({effect: 'remove', kind, name: prefixOf(parameters) + checkId(`${kind} name`, parameters['name'] ?? '')}),
      },
    ],
    showsContent,
    read: (view, names) => view.findAll(new Map(names.map(name => [name, pathOf(name)]))),
    readOne: (view, name) => view.find(pathOf(name)),
    isSame: ({content}, observed) => isSameJson(content, observed, comparison),
    // A body without its name is one of a PUT, which creates as well.
    create: ({name, body}) =>
      textMember(parseObject(body), nameKey) ? {method: 'POST', path: collectionOf(name), body} : {method: 'PUT', path: pathOf(name), body},
    update: ({name, body}) => ({method: 'PUT', path: pathOf(name), body}),
    remove: name => ({method: 'DELETE', path: pathOf(name)}),
    shapeOf: (_, content) => jsonShape(content, comparison),
  };
}
