import {canonicalJson} from '#runner/base/canonical-json.ts';
import type {JsonMember, JsonNode, JsonObject} from '#runner/base/json-text.ts';

export type Side = 'declared' | 'observed';

/** In what two contents of one kind may differ and still mean the same. A path holds the names of members from the root on. */
export interface Comparison {
  /** Whether a member that the other side lacks means nothing: a default that is written out, or what the engine adds by itself. */
  isLeftAside(path: readonly string[], value: JsonNode, side: Side): boolean;
  /** Whether two values that are not both objects mean the same. */
  isSame(path: readonly string[], declared: JsonNode, observed: JsonNode): boolean;
}

/** By value, number for number, and nothing left aside. */
export const exactly: Comparison = {
  isLeftAside: () => false,
  isSame: (_, declared, observed) => canonicalJson(declared) === canonicalJson(observed),
};

export function isSameContent(declared: JsonNode, observed: JsonNode, comparison: Comparison, path: readonly string[] = []): boolean {
  if (declared.kind !== 'object' || observed.kind !== 'object') return comparison.isSame(path, declared, observed);
  return memberPairs(declared, observed).every(pair => isSamePair(pair, comparison, path));
}

/**
 * `observed` as it is best shown beside `declared`: what means the same is written as it was declared, and what is left aside is left out,
 * so that only differences differ.
 */
export function alignContent(observed: JsonNode, declared: JsonNode, comparison: Comparison, path: readonly string[] = []): JsonNode {
  if (isSameContent(declared, observed, comparison, path)) return declared;
  if (declared.kind === 'array' && observed.kind === 'array') {
    const items = observed.items.map((item, i) => {
      const other = declared.items[i];
      return other ? alignContent(item, other, comparison, [...path, String(i)]) : item;
    });
    return {...observed, items};
  }
  if (declared.kind !== 'object' || observed.kind !== 'object') return observed;
  const members = new Map<string, JsonMember>();
  for (const pair of memberPairs(declared, observed)) {
    const {key} = pair;
    if (isSamePair(pair, comparison, path)) {
      if (pair.declared) members.set(key, {keyStart: 0, value: pair.declared});
    } else if (pair.observed) {
      const value = pair.declared ? alignContent(pair.observed, pair.declared, comparison, [...path, key]) : pair.observed;
      members.set(key, {keyStart: 0, value});
    }
  }
  return {...observed, members};
}

interface Pair {
  readonly key: string;
  readonly declared: JsonNode | undefined;
  readonly observed: JsonNode | undefined;
}

function memberPairs(declared: JsonObject, observed: JsonObject): readonly Pair[] {
  return [...new Set([...declared.members.keys(), ...observed.members.keys()])].map(key => ({
    key,
    declared: declared.members.get(key)?.value,
    observed: observed.members.get(key)?.value,
  }));
}

function isSamePair({key, declared, observed}: Pair, comparison: Comparison, parent: readonly string[]): boolean {
  const path = [...parent, key];
  if (declared && observed) return isSameContent(declared, observed, comparison, path);
  return declared ? comparison.isLeftAside(path, declared, 'declared') : comparison.isLeftAside(path, observed!, 'observed');
}
