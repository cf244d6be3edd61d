import type {Clock, Timestamp} from '#engine/base/clock.ts';
import type {KeptFor} from '../connector.ts';
import {splitShare} from '../topic-filter.ts';
import {TopicMatcher} from '../topic-matcher.ts';
import type {Receiver} from './receiver.ts';

/** No end is marked: answers are complete when none has come for so long after the broker granted the subscription. */
export const answersQuietMs = 1000;

interface Waiting {
  readonly scope: KeptFor;
  /** Whom a lost connection left without an answer. */
  readonly left: readonly Receiver[];
}

interface Served {
  readonly answers: readonly Receiver[];
  /** The payload it got last, by topic: overlapping filters bring the same message several times. */
  readonly last: Map<string, Buffer>;
}

/**
 * Who gets the retained messages that answer a SUBSCRIBE. A broker sends them at each, flagged, also for a filter that the connection has
 * long had (MQTT 3.1.1, 3.8.4 and 3.3.1.3); they are for the receivers that asked and for no other. Shared subscriptions get none.
 *
 * Receivers wait, then are served in a round; those that ask for a filter again wait until the round is over, so that each answer has one
 * meaning.
 */
export class RetainedAnswers {
  readonly #clock: Clock;
  readonly #waiting = new Map<Receiver, Waiting>();
  readonly #served = new Map<Receiver, Served>();
  #matcher = new TopicMatcher<Served>();
  #unanswered = 0;
  #lastAt: Timestamp = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isWaited(): boolean {
    return this.#waiting.size > 0;
  }

  get isServing(): boolean {
    return this.#served.size > 0;
  }

  add(receiver: Receiver, scope: KeptFor): void {
    if (plainFilters(receiver).length === 0) return;
    const present = this.#waiting.get(receiver);
    this.#waiting.set(receiver, {scope: present?.scope === 'all' ? 'all' : scope, left: present?.left ?? []});
  }

  remove(receiver: Receiver): void {
    this.#waiting.delete(receiver);
    this.#end(receiver);
  }

  /** Receivers whose turn it is are served from now on. Returns the filters to ask for beside `fresh`, those that are sent anyway. */
  begin(fresh: ReadonlySet<string>): Set<string> {
    const again = new Set<string>();
    const isBusy = this.isServing;
    for (const [receiver, {scope, left}] of this.#waiting) {
      const filters = plainFilters(receiver);
      const known = filters.filter(filter => !fresh.has(filter));
      if (isBusy && known.length > 0) continue;
      this.#waiting.delete(receiver);
      for (const filter of known) again.add(filter);
      const answers = receiver.answering(scope);
      const served = {answers: scope === 'all' ? [answers] : [...new Set([...left, answers])], last: new Map<string, Buffer>()};
      this.#end(receiver);
      this.#served.set(receiver, served);
      for (const filter of filters) this.#matcher.add(filter, served);
    }
    this.#lastAt = this.#clock.now();
    return again;
  }

  asked(): void {
    this.#unanswered++;
  }

  granted(): void {
    this.#unanswered--;
    this.#lastAt = this.#clock.now();
  }

  /** Who gets a retained message; undefined when nobody asked for one of this topic. */
  route(topic: string, payload: Buffer): readonly Receiver[] | undefined {
    const served = this.#matcher.match(topic);
    if (served.length === 0) return undefined;
    this.#lastAt = this.#clock.now();
    const found: Receiver[] = [];
    for (const {answers, last} of served) {
      if (last.get(topic)?.equals(payload)) continue;
      last.set(topic, payload);
      found.push(...answers);
    }
    return found;
  }

  /** Ends the round when it is over. */
  endWhenQuiet(): void {
    if (this.#unanswered === 0 && this.#clock.now() >= this.#lastAt + answersQuietMs) this.#clear();
  }

  /** The connection is gone: who has not got everything asks again. */
  lose(): void {
    for (const [receiver, {answers}] of this.#served)
      this.#waiting.set(receiver, {scope: this.#waiting.get(receiver)?.scope ?? 'new', left: answers});
    this.#clear();
    this.#unanswered = 0;
  }

  #clear(): void {
    this.#served.clear();
    this.#matcher = new TopicMatcher();
  }

  #end(receiver: Receiver): void {
    const served = this.#served.get(receiver);
    if (served === undefined) return;
    this.#served.delete(receiver);
    for (const filter of plainFilters(receiver)) this.#matcher.remove(filter, served);
  }
}

function plainFilters({filters}: Receiver): string[] {
  return filters.filter(filter => splitShare(filter).group === undefined);
}
