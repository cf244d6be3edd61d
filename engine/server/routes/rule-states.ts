import {prefixed, sendJson, sendJsonText, sendText} from '../answers.ts';
import {goJson, sorted} from '../go-text.ts';
import type {Route, ServerParts} from '../route.ts';
import {ruleId} from './rules.ts';

/** Rules as they run: start, stop, restart, status, plan. The texts differ in their full stops, as eKuiper's do. */
export function ruleStateRoutes({rules}: ServerParts): readonly Route[] {
  const action = (verb: 'start' | 'stop' | 'restart', done: string, summary: string): Route => ({
    method: 'POST',
    path: `/rules/:id/${verb}`,
    summary,
    async answer(request, reply) {
      const id = ruleId(request);
      await prefixed(`${verb} rule error`, () => rules[verb](id));
      return sendText(reply, `Rule ${id} was ${done}`);
    },
  });
  return [
    action('start', 'started', 'Starts a rule; it starts again with the engine.'),
    action('stop', 'stopped.', 'Stops a rule; it stays stopped when the engine restarts.'),
    action('restart', 'restarted', 'Stops and starts a rule.'),
    {
      method: 'GET',
      path: '/rules/:id/status',
      summary: 'State and metrics of a rule and of each of its nodes.',
      async answer(request, reply) {
        const id = ruleId(request);
        const status = await prefixed('get rule status error', () => rules.status(id));
        return sendJsonText(reply, goJson(status, 2));
      },
    },
    {
      method: 'GET',
      path: '/v2/rules/:id/status',
      summary: 'The same on one line, keys sorted.',
      async answer(request, reply) {
        const id = ruleId(request);
        const status = await prefixed('get rule status error', () => rules.status(id));
        return sendText(reply, goJson(sorted(status)));
      },
    },
    {
      method: 'GET',
      path: '/rules/status/all',
      summary: 'State and failures of every rule.',
      answer: (_request, reply) => sendJson(reply, sorted(rules.statusAll())),
    },
    {
      method: 'GET',
      path: '/rules/usage/cpu',
      summary: 'CPU time of rules; says that it is not measured.',
      answer: (_request, reply) => sendText(reply, 'cpu usage not enabled'),
    },
    {
      method: 'GET',
      path: '/rules/:id/topo',
      summary: 'Nodes of a running rule and their edges.',
      async answer(request, reply) {
        const id = ruleId(request);
        const {sources, edges} = await prefixed('get rule topo error', () => rules.topology(id));
        return sendJson(reply, {sources, edges: sorted(edges)});
      },
    },
    {
      method: 'GET',
      path: '/rules/:id/explain',
      summary: 'The plan of a rule, one line a node.',
      async answer(request, reply) {
        const id = ruleId(request);
        return sendText(reply, await prefixed('explain rules error', () => rules.explain(id)));
      },
    },
    {
      method: 'GET',
      path: '/rules/:id/schema',
      summary: 'Columns of a running rule’s result.',
      async answer(request, reply) {
        const id = ruleId(request);
        return sendJson(reply, sorted(await prefixed('get rule schema error', () => rules.schema(id))));
      },
    },
  ];
}
