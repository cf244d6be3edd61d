import {nearest} from '#engine/base/nearest.ts';
import {describeNode, type JsonNode, type JsonObject, JsonSyntaxError, parseJson} from '#runner/base/json-text.ts';
import {LineIndex} from '#runner/base/line-index.ts';
import type {Origin} from './declared.ts';
import {EnginePathError, readEnginePath} from './engine-path.ts';
import type {Problem} from './problem.ts';

/** One command as its file has it. */
export interface FileCommand {
  readonly method: string;
  /** As written, with the query. */
  readonly url: string;
  /** Decoded path segments. */
  readonly segments: readonly string[];
  readonly data: JsonNode | undefined;
  /** `data` byte for byte. */
  readonly body: string | undefined;
  readonly description: string | undefined;
  readonly isProtected: boolean;
  readonly origin: Origin;
  readonly urlOrigin: Origin;
  readonly methodOrigin: Origin;
}

export interface CommandFile {
  readonly commands: readonly FileCommand[];
  readonly problems: readonly Problem[];
  originOf(node: JsonNode, command: number): Origin;
}

const commandKeys = ['url', 'method', 'description', 'data', 'protected'];
const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'];

/** Reads `{"commands": [{"url", "method", "description", "data"}, …]}`. Every fault is a problem with its place; nothing is thrown. */
export function readCommandFile(file: string, text: string): CommandFile {
  const problems: Problem[] = [];
  const lines = new LineIndex(text);
  const originOf = (node: {readonly start: number}, command: number): Origin => ({file, command, ...lines.positionOf(node.start)});
  const report = (offset: number, message: string, severity: Problem['severity'] = 'error') =>
    void problems.push({severity, file, ...lines.positionOf(offset), message});

  const commands: FileCommand[] = [];
  const root = parse(text, report);
  for (const [index, node] of root ? listOf(root, report).entries() : []) {
    const command = readCommand(node, index, text, originOf, report);
    if (command) commands.push(command);
  }
  return {commands, problems, originOf};
}

type Report = (offset: number, message: string, severity?: Problem['severity']) => void;

function parse(text: string, report: Report): JsonNode | undefined {
  if (text.trim() === '') {
    report(0, 'the file is empty; expected {"commands": […]}');
    return undefined;
  }
  try {
    return parseJson(text);
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError)) throw thrown;
    report(thrown.offset, thrown.message);
    return undefined;
  }
}

function listOf(root: JsonNode, report: Report): readonly JsonNode[] {
  if (root.kind !== 'object') {
    report(root.start, `expected an object {"commands": […]}, found ${describeNode(root)}`);
    return [];
  }
  for (const [key, {keyStart}] of root.members) {
    if (key !== 'commands') report(keyStart, `unknown key "${key}"${suggest(key, ['commands'])}`, 'warning');
  }
  const list = root.members.get('commands')?.value;
  if (list === undefined) report(root.start, 'expected a key "commands" with the list of commands');
  else if (list.kind !== 'array') report(list.start, `"commands" must be a list, found ${describeNode(list)}`);
  return list?.kind === 'array' ? list.items : [];
}

function readCommand(
  node: JsonNode,
  index: number,
  text: string,
  originOf: CommandFile['originOf'],
  report: Report,
): FileCommand | undefined {
  if (node.kind !== 'object') {
    report(node.start, `command ${index} must be an object with "url" and "method", found ${describeNode(node)}`);
    return undefined;
  }
  for (const [key, {keyStart}] of node.members) {
    if (!commandKeys.includes(key)) report(keyStart, `unknown key "${key}"${suggest(key, commandKeys)}`, 'warning');
  }
  const url = textOf(node, 'url', report);
  const method = textOf(node, 'method', report);
  const data = node.members.get('data')?.value;
  const isProtected = node.members.get('protected')?.value;
  if (isProtected && (isProtected.kind !== 'word' || isProtected.value === null))
    report(isProtected.start, `"protected" must be true or false, found ${describeNode(isProtected)}`);
  if (!url || !method) return undefined;

  const upper = method.value.toUpperCase();
  if (!methods.includes(upper)) {
    report(method.start, `unknown method "${method.value}"${suggest(upper, methods)}; expected one of ${methods.join(', ')}`);
    return undefined;
  }
  let segments: readonly string[];
  try {
    segments = readEnginePath(url.value);
  } catch (thrown) {
    if (!(thrown instanceof EnginePathError)) throw thrown;
    report(url.start, `URL ${thrown.message}`);
    return undefined;
  }
  const description = node.members.get('description')?.value;
  return {
    method: upper,
    url: url.value,
    segments,
    data,
    body: data && text.slice(data.start, data.end),
    description: description?.kind === 'string' ? description.value : undefined,
    isProtected: isProtected?.kind === 'word' && isProtected.value === true,
    origin: originOf(node, index),
    urlOrigin: originOf(url, index),
    methodOrigin: originOf(method, index),
  };
}

function textOf(
  command: JsonObject,
  key: string,
  report: Report,
): {readonly value: string; readonly start: number; readonly end: number; readonly kind: 'string'} | undefined {
  const node = command.members.get(key)?.value;
  if (node?.kind === 'string') return node;
  if (node) report(node.start, `"${key}" must be a string, found ${describeNode(node)}`);
  else report(command.start, `the command has no "${key}"`);
  return undefined;
}

function suggest(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? '' : `, did you mean "${near}"`;
}
