import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import {lowerFirst} from '#engine/base/errors.ts';
import {lineNestedTooDeep, maxYamlDepth} from '#engine/base/yaml.ts';
import type {JsonMember, JsonNode, JsonString} from './json-text.ts';
import {valueOffsets} from './yaml-scalar.ts';

/** Text that is not YAML, or YAML that means something JSON has no word for; `offset` is the place. */
export class YamlSyntaxError extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const largestBytes = 4 << 20;
/** Values that all aliases of a document may stand for together. A handful of aliases to aliases would stand for billions. */
const mostAliased = 20_000;

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const knownTags = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map(name => `tag:yaml.org,2002:${name}`));

/**
 * Reads the documents of a YAML 1.2 file as JSON trees, empty documents left out. Keys are taken as they are written (`no`, `007`),
 * integers keep their digits, anchors and `<<` are resolved. Throws YamlSyntaxError.
 */
export function parseYamlTrees(text: string): readonly JsonNode[] {
  if (text.length > largestBytes)
    throw new YamlSyntaxError(`a YAML file may have ${largestBytes >> 20} MiB; split it, or write it as JSON`, 0);
  const deep = lineNestedTooDeep(text);
  if (deep !== undefined) throw new YamlSyntaxError(`nested deeper than ${maxYamlDepth} levels`, offsetOfLine(text, deep));
  const documents = parseAllDocuments(text, {prettyErrors: false, merge: true, intAsBigInt: true, logLevel: 'silent'});
  if (!Array.isArray(documents)) return [];
  return (documents as Document.Parsed[]).flatMap(document => {
    const [fault] = [...document.errors, ...document.warnings];
    if (fault) throw new YamlSyntaxError(lowerFirst(fault.message) + hintFor(text, fault.pos[0]), fault.pos[0]);
    if (document.directives.yaml.explicit && document.directives.yaml.version !== '1.2')
      throw new YamlSyntaxError(`YAML ${document.directives.yaml.version} is not read; expected 1.2`, document.range[0]);
    return document.contents === null || isEmpty(document.contents) ? [] : [new TreeBuilder(document, text).build()];
  });
}

/** One document's nodes as a JSON tree. What an alias stands for is one node in many places, so that it costs its size once. */
class TreeBuilder {
  readonly #document: Document.Parsed;
  readonly #text: string;
  readonly #built = new Map<unknown, JsonNode>();
  readonly #sizes = new Map<JsonNode, number>();
  readonly #open = new Set<unknown>();
  #aliased = 0;

  constructor(document: Document.Parsed, text: string) {
    this.#document = document;
    this.#text = text;
  }

  build(): JsonNode {
    return this.#node(this.#document.contents, 0);
  }

  /** `at` is the place of a value that is not written (`key:` and nothing behind it). */
  #node(node: unknown, at: number): JsonNode {
    if (isAlias(node)) return this.#alias(node);
    const known = this.#built.get(node);
    if (known) return known;
    this.#open.add(node);
    const built = this.#build(node, at);
    this.#open.delete(node);
    this.#built.set(node, built);
    this.#sizes.set(built, this.#sizeOf(built));
    return built;
  }

  #build(node: unknown, at: number): JsonNode {
    if (isMap(node)) return this.#map(node);
    if (isSeq(node)) return this.#list(node);
    if (isScalar(node)) return this.#scalar(node as Scalar, at);
    return {kind: 'word', value: null, start: at, end: at};
  }

  #alias(alias: Alias): JsonNode {
    const [start] = alias.range!;
    const target = alias.resolve(this.#document);
    if (target === undefined) throw new YamlSyntaxError(`no anchor "&${alias.source}" stands before this alias`, start);
    if (this.#open.has(target)) throw new YamlSyntaxError(`the alias "*${alias.source}" stands inside what it names`, start);
    const node = this.#node(target, start);
    this.#aliased += this.#sizes.get(node) ?? 1;
    if (this.#aliased > mostAliased)
      throw new YamlSyntaxError(`the aliases of this document stand for more than ${mostAliased} values`, start);
    return node;
  }

  #map(map: YAMLMap): JsonNode {
    checkTag(map);
    const [start, end] = map.range!;
    const merged = new Map<string, JsonMember>();
    const own = new Map<string, JsonMember>();
    for (const pair of map.items) {
      const {key} = pair;
      if (isScalar(key) && key.source === '<<' && key.type === 'PLAIN') this.#merge(pair, merged);
      else {
        const [name, keyStart] = keyOf(pair);
        if (own.has(name)) throw new YamlSyntaxError(`the key "${name}" stands twice in this mapping`, keyStart);
        own.set(name, {keyStart, value: this.#node(pair.value, keyStart)});
      }
    }
    return {kind: 'object', members: new Map([...merged, ...own]), start, end};
  }

  /** `<<: *base` or `<<: [*one, *two]`: of several the first holds, and every written key holds over them. */
  #merge({key, value}: Pair, merged: Map<string, JsonMember>): void {
    const at = (key as Scalar).range![0];
    const source = this.#node(value, at);
    for (const from of source.kind === 'array' ? source.items : [source]) {
      if (from.kind !== 'object') throw new YamlSyntaxError('"<<" takes a mapping or a list of mappings', at);
      for (const [name, member] of from.members) if (!merged.has(name)) merged.set(name, member);
    }
  }

  #list(list: YAMLSeq): JsonNode {
    checkTag(list);
    const [start, end] = list.range!;
    return {kind: 'array', items: list.items.map(item => this.#node(item, start)), start, end};
  }

  #scalar(scalar: Scalar, at: number): JsonNode {
    checkTag(scalar);
    const text = this.#text;
    const {value, source = ''} = scalar;
    // Of `key:` with nothing behind it, the key.
    const isWritten = scalar.range && (source !== '' || typeof value === 'string');
    const [start, end] = isWritten ? scalar.range! : [at, at];
    if (typeof value === 'string') {
      // Few texts are asked for a place, but those of an export many times.
      let offsetOf: ((offset: number) => number) | undefined;
      const node: JsonString = {
        kind: 'string',
        value,
        start,
        end,
        offsetOf(offset) {
          offsetOf ??= valueOffsets(text, value, scalar.type ?? 'PLAIN', start, end);
          return offsetOf(offset);
        },
      };
      return node;
    }
    if (typeof value === 'bigint') return {kind: 'number', text: String(value), start, end};
    if (typeof value === 'number') {
      if (jsonNumber.test(source)) return {kind: 'number', text: source, start, end};
      if (!Number.isFinite(value)) throw new YamlSyntaxError(`JSON has no number ${source}; write it as text, in quotes`, start);
      return {kind: 'number', text: String(value), start, end};
    }
    return {kind: 'word', value: value === true ? true : value === false ? false : null, start, end};
  }

  #sizeOf(node: JsonNode): number {
    const children = node.kind === 'object' ? [...node.members.values()].map(({value}) => value) : node.kind === 'array' ? node.items : [];
    return children.reduce((sum, child) => sum + (this.#sizes.get(child) ?? 1), 1);
  }
}

/** A key as it is written, so that `no`, `007` and `1.0` are names. */
function keyOf({key}: Pair): readonly [name: string, start: number] {
  if (!isScalar(key)) {
    const [start = 0] = (key as {range?: readonly number[]} | null)?.range ?? [];
    throw new YamlSyntaxError('expected a name as key', start);
  }
  const start = key.range?.[0] ?? 0;
  checkTag(key);
  if (typeof key.value === 'string') return [key.value, start];
  if (key.value === null || key.source === undefined) throw new YamlSyntaxError('expected a name as key, found nothing', start);
  return [key.source, start];
}

function checkTag({tag, range}: {tag?: string | undefined; range?: readonly number[] | null | undefined}): void {
  if (tag !== undefined && !knownTags.has(tag)) throw new YamlSyntaxError(`the tag ${tag} is not read`, range?.[0] ?? 0);
}

function isEmpty(contents: unknown): boolean {
  return isScalar(contents) && contents.value === null && (contents.source ?? '') === '';
}

function offsetOfLine(text: string, line: number): number {
  let at = 0;
  for (let seen = 1; seen < line; seen++) at = text.indexOf('\n', at) + 1;
  return at;
}

/** The trap of variables in YAML: a brace ends plain text inside braces. */
function hintFor(text: string, offset: number): string {
  return text.startsWith('${', offset - 1) ? '; text with ${…} inside {} or [] needs quotes' : '';
}
