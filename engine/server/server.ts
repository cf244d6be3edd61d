import {readFileSync} from 'node:fs';
import type {AddressInfo} from 'node:net';
import {type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify, type HTTPMethods} from 'fastify';
import {ArrokothError, errorCode, messageOf} from '#engine/base/errors.ts';
import {sendError, sendErrorForm, sendRefusal} from './answers.ts';
import {cleanPath} from './clean-path.ts';
import {answerCors} from './cors.ts';
import {startMetricsServer} from './metrics-server.ts';
import type {ApiRequest, Route, ServerParts, ServerSettings} from './route.ts';
import {batchRoutes} from './routes/batch.ts';
import {confKeyRoutes} from './routes/conf-keys.ts';
import {configRoutes} from './routes/configs.ts';
import {metricsRoutes} from './routes/metrics.ts';
import {rootRoutes} from './routes/root.ts';
import {ruleStateRoutes} from './routes/rule-states.ts';
import {ruleTagRoutes} from './routes/rule-tags.ts';
import {ruleRoutes} from './routes/rules.ts';
import {rulesetRoutes} from './routes/ruleset.ts';
import {sourceRoutes} from './routes/sources.ts';

export interface Server {
  /** `http://host:port`. */
  readonly address: string;
  /** Stops listening and resolves when the requests under way are answered, or when their time is up. */
  close(): Promise<void>;
}

const everyMethod = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'] as const;
/** A rule set of many thousand rules is imported in one body. */
const maxBodyBytes = 128 * 1024 * 1024;

/**
 * Serves the REST API of eKuiper. Rejects with an ArrokothError that names the setting when the address cannot be taken.
 */
export async function startServer(parts: ServerParts): Promise<Server> {
  const {settings, logger} = parts;
  const app = createApp(settings);
  installGroundRules(app, parts);
  addRoutes(app, apiRoutes(parts, app));
  const {restIp, restPort} = settings.basic;
  try {
    await app.listen({host: restIp, port: restPort});
  } catch (thrown) {
    throw new ArrokothError(`could not listen on ${restIp}:${restPort}: ${messageOf(thrown)}`, {
      code: errorCode.io,
      hint: 'Set restIp and restPort in the section basic of etc/kuiper.yaml, or KUIPER__BASIC__RESTPORT.',
      cause: thrown,
    });
  }
  const metrics = await startMetricsServer(parts);
  const {port} = app.server.address() as AddressInfo;
  const host = restIp === '0.0.0.0' || restIp === '::' ? '127.0.0.1' : restIp;
  return {
    address: `${settings.basic.restTls.certfile === '' ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    async close() {
      const late = setTimeout(() => app.server.closeAllConnections(), settings.basic.gracefulShutdownTimeout);
      await Promise.all([app.close(), metrics?.close()]);
      clearTimeout(late);
      logger.debug('server closed');
    },
  };
}

/** Every route of the API; `app` runs the requests of a batch. */
export function apiRoutes(parts: ServerParts, app: Pick<FastifyInstance, 'inject'>): readonly Route[] {
  return [
    ...rootRoutes(parts),
    ...configRoutes(parts),
    ...metricsRoutes(parts),
    ...sourceRoutes(parts, 'stream'),
    ...sourceRoutes(parts, 'table'),
    ...ruleRoutes(parts),
    ...ruleStateRoutes(parts),
    ...ruleTagRoutes(parts),
    ...rulesetRoutes(parts),
    ...confKeyRoutes(parts),
    ...batchRoutes(app),
  ];
}

function createApp({basic}: ServerSettings): FastifyInstance {
  const {certfile, keyfile} = basic.restTls;
  const options = {
    logger: false,
    exposeHeadRoutes: false,
    bodyLimit: maxBodyBytes,
    routerOptions: {maxParamLength: 4096},
    requestTimeout: 300_000,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    frameworkErrors: (_error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => sendRefusal(reply, 400, '400 Bad Request'),
  } as const;
  if (certfile === '') return fastify(options);
  return fastify({
    ...options,
    https: {cert: readPem('certfile', certfile), key: readPem('keyfile', keyfile), minVersion: 'TLSv1.2'},
  }) as unknown as FastifyInstance;
}

function readPem(setting: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (thrown) {
    throw new ArrokothError(`basic.restTls.${setting}: could not read "${file}": ${messageOf(thrown)}`, {
      code: errorCode.io,
      cause: thrown,
    });
  }
}

/** What holds for every path. */
function installGroundRules(app: FastifyInstance, {settings, logger}: ServerParts): void {
  // Clients send JSON under any type, an empty body under a JSON type, and bodies with GET: routes read the text themselves.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', {parseAs: 'string'}, (_request, body, done) => done(null, body));
  app.addHttpMethod('GET', {hasBody: true, overrideExisting: true});

  app.addHook('onRequest', (request, reply, next) => {
    delete request.raw.headers['content-type'];
    const clean = cleanPath(request.raw.url ?? '/');
    if (clean !== undefined) reply.code(301).header('location', clean).send();
    else if (!answerCors(request, reply)) next();
  });
  if (settings.basic.enableRestAuditLog) {
    app.addHook('onResponse', (request, reply, next) => {
      logger.info('request', {method: request.method, path: request.url, status: reply.statusCode, from: request.ip});
      next();
    });
  }

  app.setNotFoundHandler((_request, reply) => sendUnknownPath(reply));
  app.setErrorHandler((thrown, request, reply) => {
    if (thrown instanceof ArrokothError) return sendError(reply, thrown);
    const status = (thrown as FastifyError).statusCode;
    if (status !== undefined && status < 500) return sendErrorForm(reply, status, errorCode.undefined, messageOf(thrown));
    logger.error('request failed by a defect', {
      method: request.method,
      path: request.url,
      error: thrown instanceof Error ? thrown.stack : thrown,
    });
    return sendErrorForm(reply, 500, errorCode.undefined, 'the engine failed to answer; its log says why');
  });
}

/** Registers the routes, and 405 for the methods that a path does not know. */
function addRoutes(app: FastifyInstance, routes: readonly Route[]): void {
  const known = new Map<string, Set<string>>();
  for (const {method, path, isSpecialCase, answer} of routes) {
    app.route({method, url: path, handler: guarded(path, (request, reply) => answer(request as ApiRequest, reply))});
    if (isSpecialCase) continue;
    const methods = known.get(path) ?? new Set();
    known.set(path, methods.add(method));
  }
  for (const [url, methods] of known) {
    const others = everyMethod.filter(method => !methods.has(method)) as HTTPMethods[];
    app.route({method: others, url, handler: guarded(url, (_request, reply) => reply.code(405).send())});
  }
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** `/streams/` is no stream without a name but an unknown path. */
function guarded(path: string, handler: Handler): Handler {
  const name = /:(\w+)$/.exec(path)?.[1];
  if (name === undefined) return handler;
  return (request, reply) => ((request.params as Record<string, string>)[name] === '' ? sendUnknownPath(reply) : handler(request, reply));
}

function sendUnknownPath(reply: FastifyReply): FastifyReply {
  return sendRefusal(reply, 404, '404 page not found');
}
