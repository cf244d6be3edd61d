/**
 * JSON that remembers where each value stands and how it was written. `JSON.parse` gives neither: a body must travel as its author wrote it
 * (an integer above 2^53 keeps its digits), and a fault must name its line.
 */
export type JsonNode = JsonObject | JsonArray | JsonString | JsonNumber | JsonWord;

/** Offsets into the text, `end` exclusive. */
interface Placed {
  readonly start: number;
  readonly end: number;
}
export interface JsonObject extends Placed {
  readonly kind: 'object';
  /** In the order of the text; of a repeated key the last member holds, as in every Kuiper engine. */
  readonly members: ReadonlyMap<string, JsonMember>;
  /** Where a key of this object is written again; undefined when none is. */
  readonly repeatedAt?: number | undefined;
}
export interface JsonMember {
  readonly keyStart: number;
  readonly value: JsonNode;
}
export interface JsonArray extends Placed {
  readonly kind: 'array';
  readonly items: readonly JsonNode[];
}
export interface JsonString extends Placed {
  readonly kind: 'string';
  readonly value: string;
  /** Where a character of the value stands in the text. Undefined: as the escapes of a JSON string say. */
  readonly offsetOf?: ((offset: number) => number) | undefined;
}
export interface JsonNumber extends Placed {
  readonly kind: 'number';
  readonly text: string;
}
export interface JsonWord extends Placed {
  readonly kind: 'word';
  readonly value: true | false | null;
}

/** Text that is not JSON; `offset` is where reading stopped. */
export class JsonSyntaxError extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const deepest = 200;
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const spacePattern = /[ \t\r\n\uFEFF]*/y;
const plainStringPattern = /"[^"\\\u0000-\u001f]*"/y;
const stringPattern = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/** Throws JsonSyntaxError. A byte order mark is taken for white space. */
export function parseJson(text: string): JsonNode {
  let at = 0;

  function fail(expected: string): never {
    const found = at >= text.length ? 'the end of the file' : JSON.stringify(text[at]);
    throw new JsonSyntaxError(`expected ${expected}, found ${found}`, at);
  }
  function match(pattern: RegExp): string | undefined {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  }
  function space(): void {
    if (text.charCodeAt(at) > 0x20 && text.charCodeAt(at) !== 0xfeff) return;
    match(spacePattern);
  }
  function string(expected: string): string {
    const plain = match(plainStringPattern);
    if (plain !== undefined) return plain.slice(1, -1);
    const escaped = match(stringPattern);
    if (escaped === undefined) fail(text[at] === '"' ? 'a string that ends on its line, with valid escapes' : expected);
    return JSON.parse(escaped) as string;
  }

  function value(depth: number): JsonNode {
    if (depth > deepest) throw new JsonSyntaxError(`nested deeper than ${deepest} levels`, at);
    const start = at;
    const first = text[at];
    if (first === '"') {
      const read = string('a string');
      return {kind: 'string', value: read, start, end: at};
    }
    if (first === '{') return object(start, depth);
    if (first === '[') return array(start, depth);
    for (const [word, meaning] of words) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return {kind: 'word', value: meaning, start, end: at};
      }
    }
    const number = match(numberPattern);
    if (number === undefined) fail('a JSON value');
    return {kind: 'number', text: number, start, end: at};
  }

  function object(start: number, depth: number): JsonObject {
    const members = new Map<string, JsonMember>();
    let repeatedAt: number | undefined;
    at++;
    space();
    if (text[at] === '}') {
      at++;
      return {kind: 'object', members, start, end: at};
    }
    for (;;) {
      const keyStart = at;
      const key = string('a key in double quotes');
      space();
      if (text[at] !== ':') fail(`":" after the key "${key}"`);
      at++;
      space();
      if (members.has(key)) repeatedAt ??= keyStart;
      members.set(key, {keyStart, value: value(depth + 1)});
      space();
      if (text[at] === '}') break;
      if (text[at] !== ',') fail('"," or "}"');
      at++;
      space();
    }
    at++;
    return {kind: 'object', members, repeatedAt, start, end: at};
  }

  function array(start: number, depth: number): JsonArray {
    const items: JsonNode[] = [];
    at++;
    space();
    if (text[at] === ']') {
      at++;
      return {kind: 'array', items, start, end: at};
    }
    for (;;) {
      items.push(value(depth + 1));
      space();
      if (text[at] === ']') break;
      if (text[at] !== ',') fail('"," or "]"');
      at++;
      space();
    }
    at++;
    return {kind: 'array', items, start, end: at};
  }

  space();
  const node = value(0);
  space();
  if (at < text.length) fail('nothing after the value');
  return node;
}

const words: readonly (readonly [string, true | false | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

/** The member `key` of an object; undefined when absent or when `node` is no object. */
export function member(node: JsonNode | undefined, key: string): JsonNode | undefined {
  return node?.kind === 'object' ? node.members.get(key)?.value : undefined;
}

/** The string member `key`; undefined when absent or not a string. */
export function textMember(node: JsonNode | undefined, key: string): string | undefined {
  const found = member(node, key);
  return found?.kind === 'string' ? found.value : undefined;
}

/** What to call the value of `node` in a message: "a number", "null" … */
export function describeNode(node: JsonNode): string {
  if (node.kind === 'word') return node.value === null ? 'null' : String(node.value);
  return {object: 'an object', array: 'an array', string: `the string ${JSON.stringify((node as JsonString).value)}`, number: 'a number'}[
    node.kind
  ];
}

/** A tree as JSON without white space, keys in their order, numbers digit by digit. */
export function printJson(node: JsonNode): string {
  switch (node.kind) {
    case 'object':
      return `{${[...node.members].map(([key, {value}]) => `${JSON.stringify(key)}:${printJson(value)}`).join(',')}}`;
    case 'array':
      return `[${node.items.map(printJson).join(',')}]`;
    case 'string':
      return JSON.stringify(node.value);
    case 'number':
      return node.text;
    case 'word':
      return String(node.value);
  }
}

/** Where in `text` the character `offset` of a string's value stands. */
export function offsetInString(text: string, node: JsonString, offset: number): number {
  if (node.offsetOf) return node.offsetOf(offset);
  let at = node.start + 1;
  for (let seen = 0; seen < offset && at < node.end - 1; seen++) {
    at += text[at] !== '\\' ? 1 : text[at + 1] === 'u' ? 6 : 2;
  }
  return at;
}
