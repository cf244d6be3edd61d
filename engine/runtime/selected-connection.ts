import {ArrokothError, errorCode} from '#engine/base/errors.ts';
import type {Catalog} from '#engine/catalog/catalog.ts';

type Properties = Readonly<Record<string, unknown>>;

/** Properties of the connection that `connectionSelector` names; none without it. Throws an ArrokothError for a name nobody declared. */
export function selectedConnection(catalog: Catalog, type: string, properties: Properties, where: string): Properties {
  const selector = Object.entries(properties).find(([name]) => name.toLowerCase() === 'connectionselector')?.[1];
  if (typeof selector !== 'string' || selector === '') return {};
  const connection = catalog.connection(type, selector);
  if (connection) return connection;
  throw new ArrokothError(`${where}: connectionSelector: connection "${selector}" is not declared`, {
    code: errorCode.executor,
    hint: `Declare it in etc/connections/connection.yaml or with PUT /metadata/connections/${type}/confKeys/${selector}.`,
  });
}
