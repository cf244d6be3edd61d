import {sendText} from '../answers.ts';
import {metricsText} from '../metrics-text.ts';
import type {Route, ServerParts} from '../route.ts';

/** Metrics for Prometheus, beside the API when both have one port. */
export function metricsRoutes({settings: {basic}, rules}: ServerParts): readonly Route[] {
  const dump: Route = {
    method: 'GET',
    path: '/metrics/dump/check',
    summary: 'Whether metrics are kept in files; always `disabled`.',
    answer: (_request, reply) => sendText(reply, 'disabled'),
  };
  if (!basic.prometheus || basic.prometheusPort !== basic.restPort) return [dump];
  return [
    dump,
    {
      method: 'GET',
      path: '/metrics',
      summary:
        'Metrics in Prometheus’ text form; here when `basic.prometheus` is on and both ports are the same, otherwise on the port of its own.',
      async answer(_request, reply) {
        const {type, text} = await metricsText(rules);
        return reply.header('content-type', type).send(text);
      },
    },
  ];
}
