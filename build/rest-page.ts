// The reference page of the REST API, from the route tables of the server.
import type {Route, ServerParts} from '#engine/server/route.ts';
import {apiRoutes} from '#engine/server/server.ts';
import {code, page, table} from './markdown.ts';

/** Routes as an engine whose metrics share the REST port has them; none is called. */
export function everyRoute(): readonly Route[] {
  const basic = {prometheus: true, prometheusPort: 9081, restPort: 9081};
  const parts = {settings: {basic}, version: '', clock: {now: () => 0}} as unknown as ServerParts;
  return apiRoutes(parts, {inject: () => {}} as never);
}

export function restPage(): string {
  const groups = new Map<string, Route[]>();
  for (const route of everyRoute()) {
    const group = groupOf(route.path);
    groups.set(group, [...(groups.get(group) ?? []), route]);
  }
  return page('REST API', [
    'The paths, status codes and success texts are eKuiper’s. Bodies are JSON whatever their content type says; a `:name` is one segment. A refused request is answered `{"error":<code>,"message":"<reason>"}`: see [Errors](errors.md). What is missing stands under [Not yet](../compatibility.md#not-yet).',
    ...[...groups].flatMap(([group, routes]) => [
      `## ${group}`,
      table(
        ['Request', 'What it does'],
        routes.map(({method, path, summary}) => [code(`${method} ${path}`), summary]),
      ),
    ]),
  ]);
}

function groupOf(path: string): string {
  if (path.startsWith('/streams') || path === '/streamdetails') return 'Streams';
  if (path.startsWith('/tables') || path === '/tabledetails') return 'Tables';
  if (/^(\/v2)?\/rules(\/|$)/.test(path)) return 'Rules';
  if (path.startsWith('/ruleset')) return 'Rule sets';
  if (path.startsWith('/metadata')) return 'Conf keys';
  const first = path.split('/')[1] ?? '';
  return ['', 'ping', 'stop', 'configs', 'metrics', 'batch'].includes(first) ? 'Server' : capitalised(first);
}

function capitalised(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
