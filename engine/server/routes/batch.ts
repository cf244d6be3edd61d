import type {FastifyInstance} from 'fastify';
import {ArrokothError, messageOf} from '#engine/base/errors.ts';
import {sendJson} from '../answers.ts';
import type {BatchAnswer, BatchRequest} from '../contract/server-answers.ts';
import type {Route} from '../route.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Several requests in one, run in order; each sees what those before it did. */
export function batchRoutes(app: Pick<FastifyInstance, 'inject'>): readonly Route[] {
  const run = async (request: BatchRequest, headers: Readonly<Record<string, string>>): Promise<BatchAnswer> => {
    const method = methods.find(one => one === request.method.toUpperCase());
    if (!method) return {code: 400, error: `unknown method "${request.method}"`};
    const {statusCode, payload} = await app.inject({method, url: request.path, headers, payload: request.body ?? ''});
    return {code: statusCode, ...(payload === '' ? {} : {response: payload})};
  };
  return [
    {
      method: 'POST',
      path: '/batch/req',
      summary: 'Runs several requests in order and answers each.',
      async answer(request, reply) {
        const headers = request.headers.authorization === undefined ? {} : {authorization: request.headers.authorization};
        const answers: BatchAnswer[] = [];
        for (const one of readRequests(request.body)) answers.push(await run(one, headers));
        return sendJson(reply, answers);
      },
    },
  ];
}

function readRequests(body: unknown): readonly BatchRequest[] {
  let requests: unknown;
  try {
    requests = JSON.parse(typeof body === 'string' ? body : '');
  } catch (thrown) {
    throw new ArrokothError(`Invalid body: ${messageOf(thrown)}`);
  }
  if (!Array.isArray(requests)) throw new ArrokothError('Invalid body: expected an array of requests {"method", "path", "body"}');
  return requests.map((one: unknown, i) => {
    const {method, path, body: text} = (one ?? {}) as Record<string, unknown>;
    const isRequest = typeof method === 'string' && typeof path === 'string' && path.startsWith('/');
    if (!isRequest || (text !== undefined && typeof text !== 'string')) {
      throw new ArrokothError(`Invalid body: request ${i}: expected a method, a path that begins with "/", and a body that is a string`);
    }
    // A batch within a batch would grow without bound.
    if (/^\/+batch\//.test(path)) throw new ArrokothError(`Invalid body: request ${i}: a batch cannot hold another`);
    return {method, path, ...(text === undefined ? {} : {body: text})};
  });
}
