import {prefixed, sendJson, sendJsonText, sendText} from '../answers.ts';
import {goJson, sorted} from '../go-text.ts';
import type {Route, ServerParts} from '../route.ts';
import {ruleId} from './rules.ts';

/** Rules as they run: start, stop, restart, status, plan. The texts differ in their full stops, as eKuiper's do. */
export function ruleStateRoutes({rules}: ServerParts): readonly Route[] {
  const action = (verb: 'start' | 'stop' | 'restart', done: string): Route => ({
    method: 'POST',
    path: `/rules/:id/${verb}`,
    async answer(request, reply) {
      const id = ruleId(request);
      await prefixed(`${verb} rule error`, () => rules[verb](id));
      return sendText(reply, `Rule ${id} was ${done}`);
    },
  });
  return [
    action('start', 'started'),
    action('stop', 'stopped.'),
    action('restart', 'restarted'),
    {
      method: 'GET',
      path: '/rules/:id/status',
      async answer(request, reply) {
        const id = ruleId(request);
        const status = await prefixed('get rule status error', () => rules.status(id));
        return sendJsonText(reply, goJson(status, 2));
      },
    },
    {
      method: 'GET',
      path: '/v2/rules/:id/status',
      async answer(request, reply) {
        const id = ruleId(request);
        const status = await prefixed('get rule status error', () => rules.status(id));
        return sendText(reply, goJson(sorted(status)));
      },
    },
    {method: 'GET', path: '/rules/status/all', answer: (_request, reply) => sendJson(reply, sorted(rules.statusAll()))},
    {method: 'GET', path: '/rules/usage/cpu', answer: (_request, reply) => sendText(reply, 'cpu usage not enabled')},
    {
      method: 'GET',
      path: '/rules/:id/topo',
      async answer(request, reply) {
        const id = ruleId(request);
        const {sources, edges} = await prefixed('get rule topo error', () => rules.topology(id));
        return sendJson(reply, {sources, edges: sorted(edges)});
      },
    },
    {
      method: 'GET',
      path: '/rules/:id/explain',
      async answer(request, reply) {
        const id = ruleId(request);
        return sendText(reply, await prefixed('explain rules error', () => rules.explain(id)));
      },
    },
    {
      method: 'GET',
      path: '/rules/:id/schema',
      async answer(request, reply) {
        const id = ruleId(request);
        return sendJson(reply, sorted(await prefixed('get rule schema error', () => rules.schema(id))));
      },
    },
  ];
}
