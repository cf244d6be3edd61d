/** One level of the tree of wildcard filters. */
class Level<T> {
  readonly children = new Map<string, Level<T>>();
  /** Filters that end here. */
  readonly ending: T[] = [];
  /** Filters that go on with `#` here. */
  readonly remaining: T[] = [];

  get isEmpty(): boolean {
    return this.children.size === 0 && this.ending.length === 0 && this.remaining.length === 0;
  }
}

/**
 * Finds the entries whose MQTT topic filter matches a topic, in time that grows with the levels of the topic, not with the filters: exact
 * filters are hashed, those with `+` or `#` form a tree.
 *
 * As MQTT 4.7: `a/#` also matches `a`; a wildcard in the first level does not match topics that begin with `$`.
 */
export class TopicMatcher<T> {
  readonly #exact = new Map<string, T[]>();
  readonly #wildcards = new Level<T>();

  add(filter: string, entry: T): void {
    if (!hasWildcard(filter)) {
      const entries = this.#exact.get(filter);
      if (entries) entries.push(entry);
      else this.#exact.set(filter, [entry]);
      return;
    }
    let level = this.#wildcards;
    for (const name of filter.split('/')) {
      if (name === '#') {
        level.remaining.push(entry);
        return;
      }
      let child = level.children.get(name);
      if (!child) level.children.set(name, (child = new Level()));
      level = child;
    }
    level.ending.push(entry);
  }

  /** Takes one earlier `add` back. */
  remove(filter: string, entry: T): void {
    if (hasWildcard(filter)) {
      removeFrom(this.#wildcards, filter.split('/'), 0, entry);
      return;
    }
    const entries = this.#exact.get(filter);
    if (!entries) return;
    without(entries, entry);
    if (entries.length === 0) this.#exact.delete(filter);
  }

  /** A fresh array: the caller may keep it while filters come and go. */
  match(topic: string): T[] {
    const found = this.#exact.get(topic)?.slice() ?? [];
    if (!this.#wildcards.isEmpty) collect(this.#wildcards, topic.split('/'), 0, found);
    return found;
  }
}

export function hasWildcard(filter: string): boolean {
  return filter.includes('+') || filter.includes('#');
}

function collect<T>(level: Level<T>, names: readonly string[], depth: number, found: T[]): void {
  const wildcardsApply = depth > 0 || !names[0]!.startsWith('$');
  if (wildcardsApply) found.push(...level.remaining);
  if (depth === names.length) {
    found.push(...level.ending);
    return;
  }
  const named = level.children.get(names[depth]!);
  if (named) collect(named, names, depth + 1, found);
  const any = wildcardsApply ? level.children.get('+') : undefined;
  if (any) collect(any, names, depth + 1, found);
}

function removeFrom<T>(level: Level<T>, names: readonly string[], depth: number, entry: T): void {
  if (depth === names.length) without(level.ending, entry);
  else if (names[depth] === '#') without(level.remaining, entry);
  else {
    const name = names[depth]!;
    const child = level.children.get(name);
    if (!child) return;
    removeFrom(child, names, depth + 1, entry);
    if (child.isEmpty) level.children.delete(name);
  }
}

function without<T>(entries: T[], entry: T): void {
  const at = entries.indexOf(entry);
  if (at >= 0) entries.splice(at, 1);
}
