import {readFile} from 'node:fs/promises';
import type {Clock} from '#engine/base/clock.ts';
import {messageOf} from '#engine/base/errors.ts';
import type {Logger} from '#engine/base/logger.ts';
import {backOffMs} from '#runner/base/back-off.ts';
import {pause} from '#runner/base/monotonic-clock.ts';
import {exchange} from '#runner/observed/http-exchange.ts';
import {verdictOf} from '#runner/reconcile/retry-policy.ts';

export interface WebhookOptions {
  /** http or https, without user and password. It may hold a secret in its path: only its origin is ever logged. */
  readonly url: string;
  /** File with a bearer token, read for each attempt; empty for none. */
  readonly tokenFile: string;
  /** For one attempt. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly log: Logger;
  random(): number;
}

const mostAttempts = 5;
const largestAnswerBytes = 1 << 20;
/** Documents that wait behind one that is being delivered; the oldest beyond are dropped. */
const mostWaiting = 16;
/** A runner that stops waits so long for what is under way. */
const farewellMs = 2000;

/**
 * Posts documents as JSON, one after the other and beside everything else: `send` returns at once. An attempt that is answered with a
 * status that may pass, or not at all, is repeated a few times; any other answer that is no success ends it. Redirects are not followed.
 */
export class Webhook {
  readonly #options: WebhookOptions;
  readonly #stopping = new AbortController();
  readonly #waiting: object[] = [];
  #delivery: Promise<void> | undefined;
  /** Whether the last delivery failed: a receiver that stays away is named once. */
  #hasFailed = false;
  /** By what became of them. */
  readonly counts = {delivered: 0, failed: 0, dropped: 0};

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  send(document: object): void {
    if (this.#stopping.signal.aborted) return;
    this.#waiting.push(document);
    if (this.#waiting.length > mostWaiting) {
      this.#waiting.shift();
      this.counts.dropped++;
    }
    this.#delivery ??= this.#deliverAll().finally(() => {
      this.#delivery = undefined;
    });
  }

  /** Resolves when everything was delivered, or a moment later with what is left given up. */
  async close(): Promise<void> {
    if (this.#delivery) await Promise.race([this.#delivery, pause(this.#options.clock, farewellMs)]);
    this.#stopping.abort();
    await this.#delivery;
  }

  async #deliverAll(): Promise<void> {
    for (let document = this.#waiting.shift(); document; document = this.#waiting.shift()) {
      const fault = await this.#deliver(JSON.stringify(document));
      if (this.#stopping.signal.aborted) return;
      const {log, url} = this.#options;
      const receiver = new URL(url).origin;
      if (fault !== undefined && !this.#hasFailed) log.warn('the webhook could not be delivered', {receiver, reason: fault});
      if (fault === undefined && this.#hasFailed) log.info('the webhook is delivered again', {receiver});
      this.#hasFailed = fault !== undefined;
      if (fault === undefined) this.counts.delivered++;
      else this.counts.failed++;
    }
  }

  /** Why it was given up; undefined when it was delivered. */
  async #deliver(body: string): Promise<string | undefined> {
    const {clock, random} = this.#options;
    let fault = '';
    for (let attempt = 1; attempt <= mostAttempts && !this.#stopping.signal.aborted; attempt++) {
      const {status, reason} = await this.#attempt(body);
      if (status !== undefined && status >= 200 && status < 300) return undefined;
      fault = reason;
      if (status !== undefined && verdictOf(status) !== 'again') break;
      if (attempt < mostAttempts) await pause(clock, backOffMs(attempt, random), this.#stopping.signal);
    }
    return fault;
  }

  async #attempt(body: string): Promise<{readonly status: number | undefined; readonly reason: string}> {
    const {url, tokenFile, timeoutMs} = this.#options;
    const late = AbortSignal.timeout(timeoutMs);
    try {
      const token = tokenFile === '' ? '' : (await readFile(tokenFile, 'utf8')).trim();
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'arrokoth-runner',
        ...(token === '' ? {} : {authorization: `Bearer ${token}`}),
      };
      const signal = AbortSignal.any([late, this.#stopping.signal]);
      const {status} = await exchange(url, {method: 'POST', headers, body, agent: undefined, signal, largestAnswerBytes});
      return {status, reason: `it answered ${status}`};
    } catch (thrown) {
      return {status: undefined, reason: late.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(thrown, tokenFile)};
    }
  }
}

/** Never the address, and nothing of the token. */
function reasonOf(thrown: unknown, tokenFile: string): string {
  const {code, syscall} = thrown as {code?: string; syscall?: string};
  if (syscall === 'open' || syscall === 'read') return `cannot read the token file "${tokenFile}": ${messageOf(thrown)}`;
  return `no connection (${code ?? 'it broke'})`;
}
