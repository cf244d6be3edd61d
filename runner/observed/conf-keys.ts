import {parseJson} from '#runner/base/json-text.ts';
import type {EngineView} from './engine-view.ts';

/**
 * The conf keys of connectors (`sources/mqtt`) in the engine's own texts, by `<category>/<connector>/<key>`: one request a connector. Rejects
 * with RequestFailure or ObservationError.
 */
export async function readConfKeys(view: EngineView, connectors: Iterable<string>): Promise<ReadonlyMap<string, string>> {
  const paths = [...new Set(connectors)].map(connector => [connector, `/metadata/${connector.replace('/', '/yaml/')}`] as const);
  const found = new Map<string, string>();
  for (const [connector, text] of await view.findAll(new Map(paths))) {
    const node = parseJson(text);
    if (node.kind !== 'object') continue;
    for (const [key, {value}] of node.members) found.set(`${connector}/${key}`, text.slice(value.start, value.end));
  }
  return found;
}
