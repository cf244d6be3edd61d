import {ArrokothError, errorCode} from '#engine/base/errors.ts';
import type {ConfCategory} from '#engine/catalog/catalog.ts';
import {checkIdentifier} from '#engine/catalog/identifier.ts';
import {sinkConnectors, sourceConnectors} from '#engine/connectors/registry.ts';
import {prefixed, sendJson} from '../answers.ts';
import {sorted} from '../go-text.ts';
import {readObject} from '../request-body.ts';
import type {Route, ServerParts} from '../route.ts';

const categories: readonly ConfCategory[] = ['sources', 'sinks', 'connections'];

/** Configuration keys of sources, sinks and connections. Secrets are shown as stored: consoles edit them. */
export function confKeyRoutes({catalog}: ServerParts): readonly Route[] {
  return categories.flatMap((category): Route[] => [
    {
      method: 'GET',
      path: `/metadata/${category}/yaml/:type`,
      summary: `Settings of every conf key of a type of ${category}.`,
      answer(request, reply) {
        const {type} = request.params;
        const keys = catalog.confKeys(category, type!);
        if (Object.keys(keys).length === 0 && !isInstalled(category, type!)) {
          throw new ArrokothError(`This plugin was not found:${category}.${type}`, {code: errorCode.configuration});
        }
        return sendJson(reply, sorted(keys));
      },
    },
    {
      method: 'PUT',
      path: `/metadata/${category}/:type/confKeys/:key`,
      summary: `Writes a conf key of ${category}.`,
      async answer(request, reply) {
        const {type, key} = request.params;
        await prefixed('Invalid confKey', () => checkIdentifier(key!));
        await prefixed('Invalid plugin name', () => checkIdentifier(type!));
        const properties = readObject(request.body, 'Error decoding json');
        await catalog.putConfKey(category, type!, key!, properties);
        return reply.send();
      },
    },
    {
      method: 'DELETE',
      path: `/metadata/${category}/:type/confKeys/:key`,
      summary: `Removes a conf key of ${category} that was written over REST.`,
      async answer(request, reply) {
        const {type, key} = request.params;
        await prefixed('Invalid confKey', () => checkIdentifier(key!));
        await catalog.dropConfKey(category, type!, key!);
        return reply.send();
      },
    },
  ]);
}

function isInstalled(category: ConfCategory, type: string): boolean {
  const isSource = sourceConnectors.some(({name}) => name === type);
  const isSink = sinkConnectors.some(({name}) => name === type);
  return category === 'sources' ? isSource : category === 'sinks' ? isSink : isSource || isSink;
}
