/** Entries of one generation. Plants have fewer topics; a stream of ever new ones costs look-ups, not memory. */
const generationSize = 4096;
/** Longer topics are worked out each time: a topic may have 64 KiB. */
const maxTopicLength = 512;

/** What is known of a topic, for the topics of late: two generations, of which the older is forgotten when the younger is full. */
export class TopicCache<T> {
  #young = new Map<string, T>();
  #old = new Map<string, T>();

  get(topic: string, find: (topic: string) => T): T {
    const young = this.#young.get(topic);
    if (young !== undefined) return young;
    const found = this.#old.get(topic) ?? find(topic);
    if (topic.length > maxTopicLength) return found;
    if (this.#young.size >= generationSize) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(topic, found);
    return found;
  }

  /** Topics held. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }
}
