import {ConnectorError} from '#engine/base/errors.ts';
import type {Metadata, Row} from '#engine/values/value.ts';
import type {MemoryBus, MemoryListener, RowChange} from './connector.ts';
import {TopicMatcher} from './topic-matcher.ts';

interface Delivery {
  readonly topic: string;
  readonly rows: readonly Row[];
  readonly metadata: Metadata;
  readonly changes: readonly RowChange[] | undefined;
}

/** Rules that feed each other are called within one another this deep; what goes deeper (a cycle) is put off. */
const maxDepth = 32;
/** Put-off deliveries that may wait; a cycle that multiplies rows ends here. */
const maxWaiting = 1024;

/**
 * In-process topics. Delivery is synchronous, in the order of the subscriptions; a rule that feeds itself takes turns with everything else
 * instead of exhausting the stack.
 */
export function createMemoryBus(): MemoryBus {
  const matcher = new TopicMatcher<MemoryListener>();
  let depth = 0;
  let waiting: Delivery[] = [];

  const deliver = ({topic, rows, metadata, changes}: Delivery): void => {
    depth++;
    try {
      for (const listener of matcher.match(topic)) listener(rows, metadata, changes);
    } finally {
      depth--;
    }
  };
  const drain = (): void => {
    const due = waiting;
    waiting = [];
    for (const delivery of due) deliver(delivery);
  };

  return {
    publish(topic, rows, metadata, changes) {
      const delivery = {topic, rows, metadata: {...metadata, topic}, changes};
      if (depth < maxDepth) return deliver(delivery);
      if (waiting.length >= maxWaiting)
        throw new ConnectorError(`memory topic "${topic}" is part of a cycle of rules that produces rows faster than they are taken`, {
          retry: false,
        });
      if (waiting.length === 0) setImmediate(drain);
      waiting.push(delivery);
    },
    subscribe(filter, listener) {
      // One listener may subscribe twice: each subscription is its own.
      const own: MemoryListener = (rows, metadata, changes) => listener(rows, metadata, changes);
      matcher.add(filter, own);
      return () => matcher.remove(filter, own);
    },
  };
}
