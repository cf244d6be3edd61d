import {KeySpace} from '#engine/store/key-space.ts';
import type {Store} from '#engine/store/store.ts';

/** Rule texts in the order of their creation: that is the order of starting after a restart. A stored value is `<number>\n<text>`. */
export class StoredRules {
  readonly #rules = new Map<string, {readonly order: number; readonly text: string}>();
  readonly #stored: KeySpace;
  #lastOrder = 0;

  private constructor(store: Store) {
    this.#stored = new KeySpace(store, 'rule');
  }

  static async open(store: Store): Promise<StoredRules> {
    const rules = new StoredRules(store);
    const found: {id: string; order: number; text: string}[] = [];
    for await (const [id, value] of rules.#stored.entries()) {
      const cut = value.indexOf('\n');
      found.push({id, order: Number(value.slice(0, cut)), text: value.slice(cut + 1)});
    }
    found.sort((a, b) => a.order - b.order);
    for (const {id, order, text} of found) rules.#rules.set(id, {order, text});
    rules.#lastOrder = found.at(-1)?.order ?? 0;
    return rules;
  }

  list(): readonly {readonly id: string; readonly text: string}[] {
    return [...this.#rules].map(([id, {text}]) => ({id, text}));
  }

  get(id: string): string | undefined {
    return this.#rules.get(id)?.text;
  }

  async put(id: string, text: string): Promise<void> {
    const previous = this.#rules.get(id);
    const entry = {order: previous?.order ?? ++this.#lastOrder, text};
    this.#rules.set(id, entry);
    try {
      await this.#stored.put(id, `${entry.order}\n${text}`);
    } catch (thrown) {
      if (previous) this.#rules.set(id, previous);
      else this.#rules.delete(id);
      throw thrown;
    }
  }

  async drop(id: string): Promise<void> {
    const previous = this.#rules.get(id);
    if (!previous) return;
    this.#rules.delete(id);
    try {
      await this.#stored.delete(id);
    } catch (thrown) {
      this.#rules.set(id, previous);
      throw thrown;
    }
  }
}
