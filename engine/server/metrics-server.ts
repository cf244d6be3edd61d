import {fastify} from 'fastify';
import {ArrokothError, errorCode, messageOf} from '#engine/base/errors.ts';
import {metricsText} from './metrics-text.ts';
import type {ServerParts} from './route.ts';

/** Serves /metrics on its own port; undefined when metrics are off or share the port of the API. */
export async function startMetricsServer({settings: {basic}, rules}: ServerParts): Promise<{close(): Promise<void>} | undefined> {
  if (!basic.prometheus || basic.prometheusPort === basic.restPort) return undefined;
  const app = fastify({logger: false});
  app.get('/metrics', async (_request, reply) => {
    const {type, text} = await metricsText(rules);
    return reply.header('content-type', type).send(text);
  });
  try {
    await app.listen({host: basic.restIp, port: basic.prometheusPort});
  } catch (thrown) {
    throw new ArrokothError(`could not listen for Prometheus on ${basic.restIp}:${basic.prometheusPort}: ${messageOf(thrown)}`, {
      code: errorCode.io,
      hint: 'Set prometheusPort in the section basic of etc/kuiper.yaml.',
      cause: thrown,
    });
  }
  return app;
}
