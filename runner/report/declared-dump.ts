import {mask} from '#runner/base/hidden-values.ts';
import {type JsonMember, type JsonNode, type JsonObject, parseJson} from '#runner/base/json-text.ts';
import {isSecretKey, maskText} from '#runner/base/mask.ts';
import type {SectionName} from '#runner/desired/objects-schema.ts';
import type {EngineDump} from '#runner/observed/engine-dump.ts';
import {describeToSql} from '#runner/resources/describe-to-sql.ts';
import {withoutScope} from '#runner/resources/scope-tag.ts';

/** A dump in the declarative form. */
export interface DeclaredDump {
  /** The sections that hold something, in the order of things, names sorted. */
  readonly sections: ReadonlyMap<SectionName, JsonObject>;
  /** Variables that stand for secrets. */
  readonly secrets: readonly string[];
}

/**
 * Says what an engine holds as a declarative document. Whatever a diff would mask is a variable, which fails loudly as long as it is not
 * set; a value that came out of a file is that file again, by `pathOf`.
 */
export function declareDump(dump: EngineDump, pathOf: (value: string) => string | undefined): DeclaredDump {
  const secrets = new Set<string>();
  const sections = new Map<SectionName, JsonObject>();
  const add = (section: SectionName, objects: ReadonlyMap<string, JsonNode>) => {
    const tree: Tree = new Map();
    for (const [name, node] of [...objects].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const path = name.split('/');
      insert(tree, path, redact(node, [section, ...path], false, {secrets, pathOf}));
    }
    if (tree.size > 0) sections.set(section, objectOf(tree));
  };
  const all = <T>(objects: ReadonlyMap<string, T>, declare: (content: T, name: string) => JsonNode) =>
    new Map([...objects].map(([name, content]) => [name, declare(content, name)] as const));

  add(
    'plugins',
    all(dump.plugins, node => members(node, key => key !== 'name' && key !== 'version')),
  );
  add(
    'services',
    all(dump.services, node => members(node, key => key !== 'name')),
  );
  add(
    'schemas',
    all(dump.schemas, node => members(node, key => key !== 'name' && key !== 'type')),
  );
  add(
    'scripts',
    all(dump.scripts, node => members(node, key => key !== 'id')),
  );
  add(
    'connections',
    all(dump.connections, node => members(node, key => key === 'typ' || key === 'props')),
  );
  add('confKeys', dump.confKeys);
  const statement = (sql: string) => text(sql.startsWith('{') ? describeToSql(sql) : sql);
  add('streams', all(dump.streams, statement));
  add('tables', all(dump.tables, statement));
  add('rules', all(dump.rules, declareRule));
  return {sections, secrets: [...secrets]};
}

/** Without what its key says already and whose it is, and with its run state in the declaration's word. */
function declareRule(definition: string, id: string): JsonNode {
  const rule = withoutScope(parseJson(definition));
  const triggered = rule.kind === 'object' ? rule.members.get('triggered')?.value : undefined;
  const isStopped = triggered?.kind === 'word' && triggered.value === false;
  const kept = members(rule, (key, value) => {
    const isName = key === 'name' && value.kind === 'string' && value.value === id;
    return key !== 'id' && key !== 'triggered' && !isName;
  });
  return isStopped ? objectOf(new Map([...kept.members].map(([key, {value}]) => [key, value] as const)).set('running', word(false))) : kept;
}

// ── Secrets ─────────────────────────────────────────────────────────────────

interface Redaction {
  readonly secrets: Set<string>;
  readonly pathOf: (value: string) => string | undefined;
}

function redact(node: JsonNode, path: readonly string[], isSecret: boolean, redaction: Redaction): JsonNode {
  switch (node.kind) {
    case 'object':
      return objectOf(
        new Map([...node.members].map(([key, {value}]) => [key, redact(value, [...path, key], isSecret || isSecretKey(key), redaction)])),
      );
    case 'array':
      return {...node, items: node.items.map((item, i) => redact(item, [...path, String(i)], isSecret, redaction))};
    case 'number':
      return isSecret ? text(variable(path, ':int', redaction)) : node;
    case 'string':
      return text(redactText(node.value, path, isSecret, redaction));
    default:
      return node;
  }
}

function redactText(value: string, path: readonly string[], isSecret: boolean, redaction: Redaction): string {
  if (value === '') return value;
  const file = redaction.pathOf(value);
  if (file !== undefined) return `\${file:${file}}`;
  if (isSecret) return variable(path, '', redaction);
  // What the mask leaves of a text shows where its secrets stand.
  const [head = '', ...rest] = maskText(value).split(mask);
  const plain = (part: string) => part.split('${').join('$${');
  return rest.reduce((made, part) => `${made}${variable([...path, 'secret'], '', redaction)}${plain(part)}`, plain(head));
}

/** `${CONNECTIONS_MAIN_PASSWORD}`: where the secret stands, and a number where two stand there. */
function variable(path: readonly string[], type: string, {secrets}: Redaction): string {
  const words = path.filter(word => word !== 'props').map(word => word.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase());
  const name = words.join('_');
  let unique = name;
  for (let i = 2; secrets.has(unique); i++) unique = `${name}_${i}`;
  secrets.add(unique);
  return `\${${unique}${type}}`;
}

// ── Trees ───────────────────────────────────────────────────────────────────

type Tree = Map<string, Tree | JsonNode>;

function insert(tree: Tree, [first = '', ...rest]: readonly string[], node: JsonNode): void {
  if (rest.length === 0) {
    tree.set(first, node);
    return;
  }
  const below = tree.get(first) ?? new Map();
  tree.set(first, below);
  insert(below as Tree, rest, node);
}

const nowhere = {start: 0, end: 0};

function objectOf(tree: ReadonlyMap<string, Tree | JsonNode>): JsonObject {
  const made = [...tree].map(([key, value]) => [key, member(value instanceof Map ? objectOf(value) : value)] as const);
  return {kind: 'object', members: new Map(made), ...nowhere};
}

function member(value: JsonNode): JsonMember {
  return {keyStart: 0, value};
}

function members(node: JsonNode, isKept: (key: string, value: JsonNode) => boolean): JsonObject {
  const kept = node.kind === 'object' ? [...node.members].filter(([key, {value}]) => isKept(key, value)) : [];
  return {kind: 'object', members: new Map(kept), ...nowhere};
}

function text(value: string): JsonNode {
  return {kind: 'string', value, ...nowhere};
}

function word(value: boolean): JsonNode {
  return {kind: 'word', value, ...nowhere};
}
