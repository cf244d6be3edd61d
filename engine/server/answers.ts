import type {FastifyReply} from 'fastify';
import {ArrokothError, type ErrorCode, errorCode} from '#engine/base/errors.ts';
import {goQuoted} from '#engine/base/go-quote.ts';
import {goJson} from './go-text.ts';

const plainText = 'text/plain; charset=utf-8';

export function sendText(reply: FastifyReply, text: string, status = 200): FastifyReply {
  return reply.code(status).header('content-type', plainText).send(text);
}

export function sendJson(reply: FastifyReply, value: unknown): FastifyReply {
  return sendJsonText(reply, goJson(value));
}

/** As bytes: fastify adds a charset to the type of JSON text, which the contract does not have. */
export function sendJsonText(reply: FastifyReply, json: string): FastifyReply {
  return reply.header('content-type', 'application/json').send(Buffer.from(json));
}

/** JSON of an answer that eKuiper sends without naming its type. */
export function sendSniffedJson(reply: FastifyReply, value: unknown): FastifyReply {
  return sendText(reply, goJson(value));
}

/** The error form of the contract: 404 for code 1002, 400 for every other. */
export function sendError(reply: FastifyReply, {code, message}: {code: ErrorCode; message: string}): FastifyReply {
  return sendErrorForm(reply, code === errorCode.notFound ? 404 : 400, code, message);
}

export function sendErrorForm(reply: FastifyReply, status: number, code: ErrorCode, message: string): FastifyReply {
  return sendRefusal(reply, status, `{"error":${code},"message":${goQuoted(message)}}`);
}

/** Text and a line break, as Go's http.Error sends it. */
export function sendRefusal(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply.code(status).header('content-type', plainText).header('x-content-type-options', 'nosniff').send(`${text}\n`);
}

/** Runs `task`; what it throws gets `prefix` before its message and keeps its code, or takes `code`. */
export async function prefixed<T>(prefix: string, task: () => T | Promise<T>, code?: ErrorCode): Promise<T> {
  try {
    return await task();
  } catch (thrown) {
    if (!(thrown instanceof ArrokothError)) throw thrown;
    throw new ArrokothError(`${prefix}: ${thrown.message}`, {code: code ?? thrown.code, hint: thrown.hint, cause: thrown});
  }
}
