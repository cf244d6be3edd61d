import {describeNode, type JsonMember, type JsonNode, type JsonObject, member} from '#runner/base/json-text.ts';
import {checkShape, unknownKey} from './check-shape.ts';
import {type DeclaringRequest, declaringCommand, type FileCommand} from './command-file.ts';
import {documentHead, runnerMembers, type SectionName, type SectionShape, sections} from './objects-schema.ts';
import type {SourceText} from './source-text.ts';
import type {ValueView} from './values.ts';
import {substitute} from './variables.ts';
import {isMeant} from './when.ts';

/**
 * Reads a document of the declarative form as the commands that make its objects, counting from `first`. Everything behind (names, SQL,
 * order, comparison) is the same for both spellings.
 */
export function readObjects(root: JsonObject, source: SourceText, view: ValueView, first: number): FileCommand[] {
  for (const [key, {keyStart}] of root.members)
    if (!Object.hasOwn(sections, key) && !Object.hasOwn(documentHead.entries, key))
      source.report(keyStart, unknownKey(key, [...Object.keys(sections), 'when', 'commands']));
  const head = {...root, members: new Map([...root.members].filter(([key]) => Object.hasOwn(documentHead.entries, key)))};
  const isForThisNode = checkShape(documentHead, head, source) && isMeant(member(root, 'when'), view, source);

  const commands: FileCommand[] = [];
  for (const [name, section] of Object.entries(sections) as [SectionName, SectionShape][]) {
    const node = member(root, name);
    if (!node) continue;
    for (const entry of entriesOf(node, [name], section.levels, root.members.get(name)!.keyStart, source)) {
      if (!isForThisNode) checkShape(section.entry, entry.written, source, {onlyNames: true});
      else commands.push(...readEntry(name, section, entry, source, view, first + commands.length));
    }
  }
  return commands;
}

interface Entry {
  /** From the section's levels. */
  readonly names: readonly string[];
  readonly keyStart: number;
  /** Before its variables are replaced. */
  readonly written: JsonNode;
}

function* entriesOf(
  node: JsonNode,
  path: readonly string[],
  [level, ...below]: SectionShape['levels'],
  keyStart: number,
  source: SourceText,
): Generator<Entry> {
  if (level === undefined) {
    yield {names: path.slice(1), keyStart, written: node};
    return;
  }
  if (node.kind !== 'object') {
    const what = typeof level === 'string' ? `a mapping with the name of each ${level}` : `a mapping with ${level.join(', ')}`;
    source.report(node.start, `"${path.at(-1)}": expected ${what}, found ${describeNode(node)}; write {} for none`);
    return;
  }
  if (node.repeatedAt !== undefined) source.report(node.repeatedAt, 'this key stands twice in its object');
  for (const [key, child] of node.members) {
    if (typeof level !== 'string' && !level.includes(key)) source.report(child.keyStart, unknownKey(key, level));
    else yield* entriesOf(child.value, [...path, key], below, child.keyStart, source);
  }
}

function readEntry(
  sectionName: SectionName,
  section: SectionShape,
  {names, keyStart, written}: Entry,
  source: SourceText,
  view: ValueView,
  first: number,
): FileCommand[] {
  // The condition goes first: variables of an object for another node need not be set here.
  const when = member(written, 'when');
  if (when) {
    if (!checkShape(documentHead.entries.when, when, source)) return [];
    if (!isMeant(when, view, source)) {
      checkShape(section.entry, written, source, {onlyNames: true});
      return [];
    }
  }
  const faults = source.problems.length;
  const entry = substitute(written, view, source);
  if (source.problems.length > faults || !checkShape(section.entry, entry, source)) return [];
  const flag = member(entry, 'protected');
  const isProtected = flag?.kind === 'word' && flag.value === true;
  return lower(sectionName, names, withoutMembers(entry, runnerMembers), keyStart).map((request, i) =>
    declaringCommand(request, source.originOf({start: keyStart}, first + i), isProtected),
  );
}

function lower(section: SectionName, names: readonly string[], entry: JsonNode, keyStart: number): DeclaringRequest[] {
  const [name = ''] = names.slice(-1);
  const word = (value: string | false): JsonNode =>
    value === false
      ? {kind: 'word', value, start: keyStart, end: keyStart}
      : {kind: 'string', value, start: keyStart, end: keyStart, offsetOf: () => keyStart};
  const named = (key: string) => withMembers(entry, keyStart, [[key, word(name)]]);
  switch (section) {
    case 'streams':
    case 'tables': {
      const data = entry.kind === 'object' ? entry : withMembers(undefined, entry.start, [['sql', entry]]);
      return [{method: 'PUT', path: [section, name], data}];
    }
    case 'rules': {
      const running = member(entry, 'running');
      const isStopped = running?.kind === 'word' && running.value === false;
      const definition = withMembers(
        withoutMembers(entry, new Set(['running'])),
        keyStart,
        [['id', word(name)]],
        isStopped ? [['triggered', word(false)]] : [],
      );
      const run: DeclaringRequest[] = running ? [{method: 'POST', path: ['rules', name, isStopped ? 'stop' : 'start']}] : [];
      return [{method: 'PUT', path: ['rules', name], data: definition}, ...run];
    }
    case 'confKeys': {
      const [category = '', connector = '', key = ''] = names;
      return [{method: 'PUT', path: ['metadata', category, connector, 'confKeys', key], data: entry}];
    }
    case 'connections':
      return [{method: 'PUT', path: ['connections', name], data: named('id')}];
    case 'scripts':
      return [{method: 'PUT', path: ['udf', 'javascript', name], data: named('id')}];
    case 'schemas':
    case 'services':
    case 'plugins':
      return [{method: 'PUT', path: [section, ...names], data: named('name')}];
  }
}

type NewMember = readonly [key: string, value: JsonNode];

function withMembers(node: JsonNode | undefined, at: number, ahead: readonly NewMember[], behind: readonly NewMember[] = []): JsonObject {
  const made = (members: readonly NewMember[]): (readonly [string, JsonMember])[] =>
    members.map(([key, value]) => [key, {keyStart: at, value}]);
  const own = node?.kind === 'object' ? node.members : [];
  return {kind: 'object', members: new Map([...made(ahead), ...own, ...made(behind)]), start: at, end: at};
}

function withoutMembers(node: JsonNode, names: ReadonlySet<string>): JsonNode {
  return node.kind === 'object' ? {...node, members: new Map([...node.members].filter(([key]) => !names.has(key)))} : node;
}
