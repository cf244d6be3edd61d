import * as v from 'valibot';
import {isHidden} from '#runner/base/hidden-values.ts';
import {describeNode, type JsonNode, type JsonObject} from '#runner/base/json-text.ts';
import {type SourceText, suggest} from './source-text.ts';

/**
 * Reports every place where a tree is not of the shape. `onlyNames`: unknown names only, for a tree whose values are not known yet. Returns
 * whether it is in order.
 */
export function checkShape(schema: v.GenericSchema, node: JsonNode, source: SourceText, {onlyNames = false} = {}): boolean {
  const before = source.problems.length;
  checkNames(schema, node, source);
  // Next to an unknown name a missing one is the same fault told twice.
  const tellsMissing = source.problems.length === before;
  if (!onlyNames) {
    const {issues = []} = v.safeParse(schema, plainValue(node));
    for (const issue of issues.flatMap(nearestIssues)) if (issue.expected !== 'never') reportIssue(issue, node, source, tellsMissing);
  }
  return source.problems.length === before;
}

/** Names are compared here, since to the validator `constructor` is a member of everything. */
function checkNames(schema: v.GenericSchema, node: JsonNode, source: SourceText): void {
  const shape = shapeFor(schema, node);
  if (shape === undefined) return;
  if (node.kind === 'array') {
    if (shape.type === 'array') for (const item of node.items) checkNames(shape.item, item, source);
    return;
  }
  if (node.kind !== 'object') return;
  if (node.repeatedAt !== undefined) source.report(node.repeatedAt, 'this key stands twice in its object');
  for (const [key, {keyStart, value}] of node.members) {
    if (shape.type === 'record') checkNames(shape.value, value, source);
    else if (shape.type === 'strict_object' || shape.type === 'loose_object') {
      if (Object.hasOwn(shape.entries, key)) checkNames(shape.entries[key]!, value, source);
      else if (shape.type === 'strict_object') source.report(keyStart, unknownKey(key, Object.keys(shape.entries)));
    }
  }
}

export function unknownKey(key: string, known: readonly string[]): string {
  const other = movedKeys[key];
  const hint = other !== undefined && known.includes(other) ? `, write "${other}"` : suggest(key, known);
  return `unknown key "${key}"${hint === '' ? `; expected one of ${known.join(', ')}` : hint}`;
}

/** Words of the REST interface that a declaration spells otherwise. */
const movedKeys: Readonly<Record<string, string>> = {triggered: 'running', properties: 'props', type: 'typ', action: 'actions'};

type Shape =
  | v.StrictObjectSchema<Record<string, v.GenericSchema>, undefined>
  | v.LooseObjectSchema<Record<string, v.GenericSchema>, undefined>
  | v.RecordSchema<v.GenericSchema<string>, v.GenericSchema, undefined>
  | v.ArraySchema<v.GenericSchema, undefined>;

/** The part of a schema that speaks about this kind of node, out of its wrappings. */
function shapeFor(schema: v.GenericSchema, node: JsonNode): Shape | undefined {
  const one = schema as v.GenericSchema & {wrapped?: v.GenericSchema; options?: readonly v.GenericSchema[]};
  if (one.type === 'optional') return shapeFor(one.wrapped!, node);
  if (one.type === 'union') return one.options!.map(option => shapeFor(option, node)).find(shape => shape !== undefined);
  const isObject = one.type === 'strict_object' || one.type === 'loose_object' || one.type === 'record';
  return (isObject && node.kind === 'object') || (one.type === 'array' && node.kind === 'array') ? (one as unknown as Shape) : undefined;
}

/** Of a union, the faults of the alternative that was meant: the one that fails deepest. */
function nearestIssues(issue: v.BaseIssue<unknown>): readonly v.BaseIssue<unknown>[] {
  if (issue.type !== 'union' || !issue.issues) return [issue];
  const length = issue.path?.length ?? 0;
  const deeper = issue.issues.filter(({path}) => (path?.length ?? 0) > length);
  return deeper.length > 0 ? deeper.flatMap(nearestIssues) : [issue];
}

function reportIssue(issue: v.BaseIssue<unknown>, root: JsonNode, source: SourceText, tellsMissing: boolean): void {
  let node = root;
  let name = '';
  for (const {key} of issue.path ?? []) {
    const child =
      node.kind === 'object' ? node.members.get(String(key))?.value : node.kind === 'array' ? node.items[Number(key)] : undefined;
    name = String(key);
    if (child === undefined) {
      if (tellsMissing) source.report(node.start, `"${name}" is missing`);
      return;
    }
    node = child;
  }
  const expected = issue.type === 'integer' ? 'a whole number' : expectation(issue.expected ?? '');
  source.report(
    node.start,
    `${name === '' ? '' : `"${name}": `}expected ${expected}, found ${node.kind === 'string' && isHidden(node.value) ? 'a text' : describeNode(node)}`,
  );
}

const words: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  number: 'a number',
  Array: 'a list',
  Object: 'a mapping',
};

/** `(string | Array)` in words. */
function expectation(expected: string): string {
  return expected
    .replace(/^\(|\)$/g, '')
    .split(' | ')
    .map(part => words[part] ?? part)
    .join(' or ');
}

/** The tree as plain data. Numbers lose digits here, which only their type and size are looked at for. */
function plainValue(node: JsonNode): unknown {
  switch (node.kind) {
    case 'object':
      return plainObject(node);
    case 'array':
      return node.items.map(plainValue);
    case 'number':
      return Number(node.text);
    default:
      return node.value;
  }
}

function plainObject({members}: JsonObject): object {
  const made = Object.create(null) as Record<string, unknown>;
  for (const [key, {value}] of members) made[key] = plainValue(value);
  return made;
}
