import type {FastifyReply, FastifyRequest} from 'fastify';

/** Methods and headers that a page of another origin may use. PATCH is not among them, as in eKuiper. */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];
const simpleMethods = ['GET', 'HEAD', 'POST'];
const headers = ['accept', 'accept-language', 'content-language', 'content-type', 'origin', 'authorization'];
const simpleHeaders = ['accept', 'accept-language', 'content-language', 'origin'];

/**
 * Lets pages of any origin call the API. Answers OPTIONS itself (as eKuiper does, also without an origin) and returns true then; otherwise only
 * adds the header.
 */
export function answerCors(request: FastifyRequest, reply: FastifyReply): boolean {
  const {origin} = request.headers;
  if (request.method !== 'OPTIONS') {
    if (origin !== undefined) reply.header('access-control-allow-origin', '*');
    return false;
  }
  if (origin !== undefined) preflight(request, reply);
  reply.send();
  return true;
}

function preflight(request: FastifyRequest, reply: FastifyReply): void {
  const method = request.headers['access-control-request-method'];
  if (method === undefined) {
    reply.code(400);
    return;
  }
  if (!methods.includes(method)) {
    reply.code(405);
    return;
  }
  const asked = String(request.headers['access-control-request-headers'] ?? '')
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(name => name !== '' && !simpleHeaders.includes(name));
  if (asked.some(name => !headers.includes(name))) {
    reply.code(403);
    return;
  }
  if (asked.length > 0) reply.header('access-control-allow-headers', asked.join(','));
  if (!simpleMethods.includes(method)) reply.header('access-control-allow-methods', method);
  reply.header('access-control-allow-origin', '*');
}
