import {describeNode, type JsonNode, type JsonObject, type JsonString, printJson} from '#runner/base/json-text.ts';
import type {Origin} from './declared.ts';
import {EnginePathError, readEnginePath} from './engine-path.ts';
import {type SourceText, suggest} from './source-text.ts';

/** One command as its file has it, or as a declaration spells it. */
export interface FileCommand {
  readonly method: string;
  /** As written, with the query. */
  readonly url: string;
  /** Decoded path segments. */
  readonly segments: readonly string[];
  readonly data: JsonNode | undefined;
  /** `data` byte for byte where it was written as JSON. */
  readonly body: string | undefined;
  readonly description: string | undefined;
  readonly isProtected: boolean;
  /** Spelled as a declaration, which has no order, rather than as a command. */
  readonly isDeclaration: boolean;
  readonly origin: Origin;
  readonly urlOrigin: Origin;
}

/** The request that makes a declared object, `body` where it was written as JSON of its own. */
export interface DeclaringRequest {
  readonly method: 'POST' | 'PUT';
  readonly path: readonly string[];
  readonly data?: JsonNode | undefined;
  readonly body?: string | undefined;
}

export function declaringCommand({method, path, data, body}: DeclaringRequest, origin: Origin, isProtected: boolean): FileCommand {
  return {
    method,
    url: `/${path.map(encodeURIComponent).join('/')}`,
    segments: path,
    data,
    body: body ?? (data && printJson(data)),
    description: undefined,
    isProtected,
    isDeclaration: true,
    origin,
    urlOrigin: origin,
  };
}

const commandKeys = ['url', 'method', 'description', 'data', 'protected'];
const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];

/**
 * Reads `{"commands": [{"url", "method", "description", "data"}, …]}`, counting from `first`. `isJson`: bodies are cut out of the text as
 * they are. Every fault is a problem with its place; nothing is thrown.
 */
export function readCommands(root: JsonObject, source: SourceText, {isJson, first}: {isJson: boolean; first: number}): FileCommand[] {
  for (const [key, {keyStart}] of root.members) {
    if (key !== 'commands') source.report(keyStart, `unknown key "${key}"${suggest(key, ['commands'])}`, 'warning');
  }
  const list = root.members.get('commands')!.value;
  if (list.kind !== 'array') {
    source.report(list.start, `"commands" must be a list, found ${describeNode(list)}`);
    return [];
  }
  return list.items.flatMap((node, i) => readCommand(node, first + i, source, isJson) ?? []);
}

function readCommand(node: JsonNode, index: number, source: SourceText, isJson: boolean): FileCommand | undefined {
  if (node.kind !== 'object') {
    source.report(node.start, `command ${index} must be an object with "url" and "method", found ${describeNode(node)}`);
    return undefined;
  }
  for (const [key, {keyStart}] of node.members) {
    if (!commandKeys.includes(key)) source.report(keyStart, `unknown key "${key}"${suggest(key, commandKeys)}`, 'warning');
  }
  const url = textOf(node, 'url', source);
  const method = textOf(node, 'method', source);
  const data = node.members.get('data')?.value;
  const isProtected = node.members.get('protected')?.value;
  if (isProtected && (isProtected.kind !== 'word' || isProtected.value === null))
    source.report(isProtected.start, `"protected" must be true or false, found ${describeNode(isProtected)}`);
  if (!url || !method) return undefined;

  const upper = method.value.toUpperCase();
  if (!methods.includes(upper)) {
    source.report(method.start, `unknown method "${method.value}"${suggest(upper, methods)}; expected one of ${methods.join(', ')}`);
    return undefined;
  }
  let segments: readonly string[];
  try {
    segments = readEnginePath(url.value);
  } catch (thrown) {
    if (!(thrown instanceof EnginePathError)) throw thrown;
    source.report(url.start, `URL ${thrown.message}`);
    return undefined;
  }
  const description = node.members.get('description')?.value;
  return {
    method: upper,
    url: url.value,
    segments,
    data,
    body: data && (isJson ? source.text.slice(data.start, data.end) : printJson(data)),
    description: description?.kind === 'string' ? description.value : undefined,
    isProtected: isProtected?.kind === 'word' && isProtected.value === true,
    isDeclaration: false,
    origin: source.originOf(node, index),
    urlOrigin: source.originOf(url, index),
  };
}

function textOf(command: JsonObject, key: string, source: SourceText): JsonString | undefined {
  const node = command.members.get(key)?.value;
  if (node?.kind === 'string') return node;
  if (node) source.report(node.start, `"${key}" must be a string, found ${describeNode(node)}`);
  else source.report(command.start, `the command has no "${key}"`);
  return undefined;
}
