import {type Document, isMap, isNode, isSeq, LineCounter, type ParseOptions, parseAllDocuments, parseDocument, type YAMLError} from 'yaml';
import {ArrokothError, lowerFirst, messageOf} from './errors.ts';

/** Where something stands in a file; both count from 1. */
export interface FilePosition {
  readonly line: number;
  readonly column: number;
}

export interface ParsedYaml {
  /** Plain data; null for an empty file. */
  readonly value: unknown;
  /** Where the value at `path` stands (the key, when the value is a mapping or a list); undefined when there is none. */
  position(path: readonly (string | number)[]): FilePosition | undefined;
}

/** More aliases than this in one document are an attack (each may stand for a large subtree), not configuration. */
const maxAliases = 100;
export const maxYamlDepth = 200;

/** Reads a YAML file of one document. A fault is an ArrokothError `file:line:column: reason` with the offending line. */
export function parseYaml(text: string, file: string): ParsedYaml {
  refuseDeepNesting(text, file);
  const lines = new LineCounter();
  const document = guarded(file, () => parseDocument(text, parseOptions(lines)));
  return {value: plainData(document, text, file, lines), position: path => positionIn(document, path, lines)};
}

/** Reads a YAML file of any number of documents; empty ones are left out. Faults as in `parseYaml`. */
export function parseYamlDocuments(text: string, file: string): unknown[] {
  return parseYamlPositions(text, file).map(document => document.value);
}

/** As `parseYamlDocuments`, with the position of every member. */
export function parseYamlPositions(text: string, file: string): ParsedYaml[] {
  refuseDeepNesting(text, file);
  const lines = new LineCounter();
  const documents = guarded(file, () => parseAllDocuments(text, parseOptions(lines)));
  if (!Array.isArray(documents)) return [];
  return (documents as Document.Parsed[])
    .map(document => ({
      value: plainData(document, text, file, lines),
      position: (path: readonly (string | number)[]) => positionIn(document, path, lines),
    }))
    .filter(document => document.value !== null);
}

function refuseDeepNesting(text: string, file: string): void {
  const line = lineNestedTooDeep(text);
  if (line !== undefined) throw new ArrokothError(`${file}:${line}:1: nested deeper than ${maxYamlDepth} levels`);
}

/**
 * The first line that is nested too deep to be parsed, or undefined. The parser recurses, and a stack that overflows inside a regular
 * expression ends the process rather than throwing. So nesting is estimated first: open brackets, list dashes in a row, and indentation.
 */
export function lineNestedTooDeep(text: string): number | undefined {
  let brackets = 0;
  const indents: number[] = [];
  let lineNumber = 0;
  for (const line of text.split('\n')) {
    lineNumber++;
    const lead = /^ *(?:[-?] +)*/.exec(line)![0];
    const indent = lead.search(/[^ ]|$/);
    while (indents.length > 0 && indents.at(-1)! >= indent) indents.pop();
    indents.push(indent);
    const dashes = lead.length > indent ? lead.slice(indent).split(/ +/).length - 1 : 0;
    for (const character of line) {
      if (character === '[' || character === '{') brackets++;
      else if ((character === ']' || character === '}') && brackets > 0) brackets--;
      if (brackets > maxYamlDepth) break;
    }
    if (brackets > maxYamlDepth || indents.length + dashes > maxYamlDepth) return lineNumber;
  }
  return undefined;
}

function parseOptions(lineCounter: LineCounter): ParseOptions & {prettyErrors: false; merge: true; logLevel: 'error'} {
  return {lineCounter, prettyErrors: false, merge: true, logLevel: 'error'};
}

function plainData(document: Document.Parsed, text: string, file: string, lines: LineCounter): unknown {
  const [fault] = document.errors;
  if (fault) throw syntaxFault(fault, text, file, lines);
  return guarded(file, () => document.toJS({maxAliasCount: maxAliases})) ?? null;
}

/** The parser reports bad aliases and nesting beyond the stack by throwing plain errors. */
function guarded<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw new ArrokothError(`${file}: ${lowerFirst(messageOf(thrown))}`, {cause: thrown});
  }
}

function syntaxFault(fault: YAMLError, text: string, file: string, lines: LineCounter): ArrokothError {
  const {line, col} = lines.linePos(fault.pos[0]);
  const offending = text.split(/\r?\n/, line).at(-1) ?? '';
  const column = Math.max(1, col);
  return new ArrokothError(
    `${file}:${line}:${column}: ${lowerFirst(fault.message)}\n  ${offending.slice(0, 160).replaceAll('\t', ' ')}\n  ${' '.repeat(Math.min(column, 161) - 1)}^`,
  );
}

function positionIn(document: Document.Parsed, path: readonly (string | number)[], lines: LineCounter): FilePosition | undefined {
  let node: unknown = document.contents;
  let at = isNode(node) ? node.range?.[0] : undefined;
  for (const step of path) {
    let key: unknown;
    if (isMap(node)) {
      const pair = node.items.find(item => String(isNode(item.key) && 'value' in item.key ? item.key.value : item.key) === String(step));
      if (!pair) return undefined;
      key = pair.key;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (node === undefined) return undefined;
    } else return undefined;
    const shown = key !== undefined && (!isNode(node) || isMap(node) || isSeq(node)) ? key : node;
    if (isNode(shown)) at = shown.range?.[0] ?? at;
  }
  if (at === undefined) return undefined;
  const {line, col} = lines.linePos(at);
  return {line, column: col};
}
