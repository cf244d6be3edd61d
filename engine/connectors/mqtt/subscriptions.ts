import type {ConnectionStatus} from '../connector.ts';
import {splitShare} from '../topic-filter.ts';
import {TopicMatcher} from '../topic-matcher.ts';
import type {Receiver} from './receiver.ts';

/** A filter on the connection, shared by all receivers that ask for it. */
export interface Subscription {
  readonly filter: string;
  readonly receivers: Receiver[];
  /** The highest any receiver asked for. */
  qos: 0 | 1 | 2;
  /** unsent → sent → granted or refused. */
  state: 'unsent' | 'sent' | 'granted' | 'refused';
  refusal: string;
}

/**
 * What a connection subscribes to and who gets it. Says nothing to the broker itself: the connection takes what is unsent and tells what
 * became of it.
 */
export class Subscriptions {
  readonly #byFilter = new Map<string, Subscription>();
  readonly #matcher = new TopicMatcher<Receiver>();
  readonly #unsent = new Set<Subscription>();
  readonly #removed = new Set<string>();

  get isSettled(): boolean {
    return this.#unsent.size === 0 && this.#removed.size === 0;
  }

  add(receiver: Receiver): void {
    for (const filter of receiver.filters) {
      this.#matcher.add(splitShare(filter).pattern, receiver);
      this.#removed.delete(filter);
      const present = this.#byFilter.get(filter);
      if (present) {
        present.receivers.push(receiver);
        if (receiver.qos <= present.qos) continue;
        present.qos = receiver.qos;
        present.state = 'unsent';
        this.#unsent.add(present);
      } else {
        const subscription: Subscription = {filter, receivers: [receiver], qos: receiver.qos, state: 'unsent', refusal: ''};
        this.#byFilter.set(filter, subscription);
        this.#unsent.add(subscription);
      }
    }
  }

  remove(receiver: Receiver): void {
    for (const filter of receiver.filters) {
      this.#matcher.remove(splitShare(filter).pattern, receiver);
      const subscription = this.#byFilter.get(filter)!;
      subscription.receivers.splice(subscription.receivers.indexOf(receiver), 1);
      if (subscription.receivers.length > 0) continue;
      this.#byFilter.delete(filter);
      this.#unsent.delete(subscription);
      if (subscription.state !== 'unsent') this.#removed.add(filter);
    }
  }

  /** Each receiver once, however many of its filters match. */
  match(topic: string): readonly Receiver[] {
    const found = this.#matcher.match(topic);
    return found.length > 1 ? [...new Set(found)] : found;
  }

  /** The broker knows nothing of us: everything is to be sent again. Returns the receivers of what it once knew. */
  forget(): Set<Receiver> {
    this.#removed.clear();
    const known = new Set<Receiver>();
    for (const subscription of this.#byFilter.values()) {
      if (subscription.state !== 'unsent') for (const receiver of subscription.receivers) known.add(receiver);
      this.#resend(subscription);
    }
    return known;
  }

  /** The connection was lost, but the broker kept what it granted. */
  interrupt(): void {
    for (const subscription of this.#byFilter.values()) if (subscription.state !== 'granted') this.#resend(subscription);
  }

  /** What must be sent, from then on in state `sent`. */
  takeUnsent(): Subscription[] {
    const unsent = [...this.#unsent];
    this.#unsent.clear();
    for (const subscription of unsent) subscription.state = 'sent';
    return unsent;
  }

  /** Those of `filters` that were sent. */
  sent(filters: ReadonlySet<string>): Subscription[] {
    return [...filters].map(filter => this.#byFilter.get(filter)!).filter(({state}) => state !== 'unsent');
  }

  /** Filters nobody wants any more. */
  takeRemoved(): string[] {
    const removed = [...this.#removed];
    this.#removed.clear();
    return removed;
  }

  /** How a receiver stands on a live connection. */
  statusOf(receiver: Receiver): ConnectionStatus {
    let isWaiting = false;
    for (const filter of receiver.filters) {
      const {state, refusal} = this.#byFilter.get(filter)!;
      if (state === 'refused') return {state: -1, message: refusal};
      isWaiting ||= state !== 'granted';
    }
    return isWaiting ? {state: 0, message: 'subscribing'} : {state: 1, message: ''};
  }

  #resend(subscription: Subscription): void {
    subscription.state = 'unsent';
    this.#unsent.add(subscription);
  }
}
