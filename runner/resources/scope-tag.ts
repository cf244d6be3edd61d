import {type JsonNode, member, parseJson} from '#runner/base/json-text.ts';

/** Begins the tag by which a rule names the scope it belongs to: `arrokoth-scope:west`. */
const prefix = 'arrokoth-scope:';
const scopeTag = /"arrokoth-scope:[A-Za-z0-9_-]+"/;

/** The scope that a rule's `tags` name, the first of several; undefined for none. */
export function scopeOf(rule: string): string | undefined {
  // Thousands of rules are looked at in every pass: most are told apart without reading them.
  if (!scopeTag.test(rule)) return undefined;
  try {
    return tagsOf(JSON.parse(rule)).find(isScopeTag)?.slice(prefix.length);
  } catch {
    // What an engine shows need not be JSON.
    return undefined;
  }
}

/** The rule's text with the tag of `scope` among its `tags`, every other byte as it was. */
export function withScope(rule: string, scope: string): string {
  if (scopeOf(rule) === scope) return rule;
  const node = parseJson(rule);
  if (node.kind !== 'object') return rule;
  const tag = JSON.stringify(prefix + scope);
  const tags = node.members.get('tags')?.value;
  if (tags?.kind === 'array') {
    const at = tags.end - 1;
    return `${rule.slice(0, at)}${tags.items.length > 0 ? ',' : ''}${tag}${rule.slice(at)}`;
  }
  if (tags?.kind === 'word' && tags.value === null) return `${rule.slice(0, tags.start)}[${tag}]${rule.slice(tags.end)}`;
  // The engine says what is wrong with other tags.
  if (tags) return rule;
  const at = node.end - 1;
  return `${rule.slice(0, at)}${node.members.size > 0 ? ',' : ''}"tags":[${tag}]${rule.slice(at)}`;
}

/** A rule without tags of scopes, and without `tags` when it has no others. */
export function withoutScope(rule: JsonNode): JsonNode {
  const tags = member(rule, 'tags');
  if (rule.kind !== 'object' || tags?.kind !== 'array') return rule;
  const items = tags.items.filter(tag => tag.kind !== 'string' || !isScopeTag(tag.value));
  if (items.length === tags.items.length) return rule;
  const members = [...rule.members].flatMap(([key, entry]) => {
    if (key !== 'tags') return [[key, entry] as const];
    return items.length === 0 ? [] : [[key, {...entry, value: {...tags, items}}] as const];
  });
  return {...rule, members: new Map(members)};
}

export function isScopeTag(tag: string): boolean {
  return tag.startsWith(prefix);
}

function tagsOf(rule: unknown): readonly string[] {
  const {tags} = (rule ?? {}) as {tags?: unknown};
  return Array.isArray(tags) ? tags.filter(tag => typeof tag === 'string') : [];
}
