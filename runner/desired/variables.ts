import {hideValue, isHidden} from '#runner/base/hidden-values.ts';
import {type JsonMember, type JsonNode, type JsonString, offsetInString} from '#runner/base/json-text.ts';
import type {SourceText} from './source-text.ts';
import {ValueError, type ValueView} from './values.ts';

/** `${`, what stands up to the next brace, `}`; or `$${`, which is a plain `${`. */
const referencePattern = /\$\$\{|\$\{([^}]*)(\}?)/g;
const variablePattern = /^([A-Za-z_][A-Za-z0-9_]*)(?::(int|number|bool))?(?::-([\s\S]*))?$/;

/** A piece of a substituted string: where it begins in the new value and in the old, and whether it was put in as a whole. */
interface Piece {
  readonly at: number;
  readonly from: number;
  readonly isInserted: boolean;
}

/**
 * Puts values in place of `${VAR}`, `${VAR:-default}` and `${file:/path}` in every string of a tree. The tree is parsed already: a value
 * never changes its structure, and is not looked at for references itself. A scalar that is `${VAR:int}`, `:number` or `:bool` and nothing
 * else becomes one. What cannot be had is reported with its place, and stays as written.
 */
export function substitute(root: JsonNode, view: ValueView, source: SourceText): JsonNode {
  // One node may stand in many places: aliases.
  const done = new Map<JsonNode, JsonNode>();
  const visit = (node: JsonNode): JsonNode => {
    const known = done.get(node);
    if (known) return known;
    const made = replace(node);
    done.set(node, made);
    return made;
  };
  const replace = (node: JsonNode): JsonNode => {
    if (node.kind === 'string') return node.value.includes('${') ? replaceIn(node, view, source) : node;
    if (node.kind === 'array') return {...node, items: node.items.map(visit)};
    if (node.kind !== 'object') return node;
    const members = new Map<string, JsonMember>();
    for (const [key, {keyStart, value}] of node.members) members.set(key, {keyStart, value: visit(value)});
    return {...node, members};
  };
  return visit(root);
}

function replaceIn(node: JsonString, view: ValueView, source: SourceText): JsonNode {
  const {value, start, end} = node;
  const pieces: Piece[] = [];
  let made = '';
  let from = 0;
  const keep = (to: number) => {
    pieces.push({at: made.length, from, isInserted: false});
    made += value.slice(from, to);
  };
  for (const match of value.matchAll(referencePattern)) {
    const [whole, inner, closing] = match;
    keep(match.index);
    from = match.index + whole.length;
    pieces.push({at: made.length, from: match.index, isInserted: true});
    if (inner === undefined) {
      made += '${';
      continue;
    }
    try {
      if (closing === '') throw new ValueError('"${" is not closed; expected ${NAME}, or $${ for the two characters themselves');
      const {text, type} = lookUp(inner, view);
      if (type === undefined) made += text;
      else if (whole === value) {
        const node = typed(text, type, inner, {start, end});
        // The number of a secret is one, however it was written.
        if (node.kind === 'number' && isHidden(text)) hideValue(node.text);
        return node;
      } else throw new ValueError(`"\${${inner}}" makes no text: a value with a type must stand alone`);
    } catch (thrown) {
      if (!(thrown instanceof ValueError)) throw thrown;
      source.reportIn(node, match.index, thrown.message);
      made += whole;
    }
  }
  keep(value.length);
  const offsetOf = (offset: number): number => {
    const piece = pieces.findLast(({at}) => at <= offset) ?? pieces[0]!;
    return offsetInString(source.text, node, piece.isInserted ? piece.from : piece.from + offset - piece.at);
  };
  return {kind: 'string', value: made, start, end, offsetOf};
}

function lookUp(inner: string, view: ValueView): {readonly text: string; readonly type: string | undefined} {
  if (inner.startsWith('file:')) return {text: view.file(inner.slice('file:'.length)), type: undefined};
  const match = variablePattern.exec(inner);
  if (!match)
    throw new ValueError(`"\${${inner}}" is no reference; expected \${NAME}, \${NAME:-default} or \${file:/path}, or $\${ for plain text`);
  const [, name, type, fallback] = match;
  const value = view.variable(name!);
  // As in a shell: a default also stands for an empty value.
  const text = fallback !== undefined && (value === undefined || value === '') ? fallback : value;
  if (text === undefined) throw new ValueError(`the variable ${name} is not set; set it, or write \${${name}:-default}`);
  return {text, type};
}

function typed(text: string, type: string, inner: string, place: {readonly start: number; readonly end: number}): JsonNode {
  const trimmed = text.trim();
  if (type === 'bool' && /^(?:true|false)$/.test(trimmed)) return {kind: 'word', value: trimmed === 'true', ...place};
  if (type === 'int' && /^[+-]?\d+$/.test(trimmed)) return {kind: 'number', text: String(BigInt(trimmed.replace(/^\+/, ''))), ...place};
  if (type === 'number' && /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(trimmed)) return {kind: 'number', text: trimmed, ...place};
  const wanted = {bool: 'true or false', int: 'a whole number', number: 'a number'}[type];
  throw new ValueError(`"\${${inner}}" must give ${wanted}, and its value is none`);
}
