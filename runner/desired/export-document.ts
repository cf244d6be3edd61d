import {
  type JsonMember,
  type JsonNode,
  type JsonObject,
  type JsonString,
  JsonSyntaxError,
  offsetInString,
  parseJson,
} from '#runner/base/json-text.ts';
import {type DeclaringRequest, declaringCommand, type FileCommand} from './command-file.ts';
import type {SourceText} from './source-text.ts';

/**
 * Sections of `/ruleset/export` and `/data/export`, in any case: a map of names to texts, the texts SQL or JSON. Each is the command that
 * makes its objects. An export is taken as it is, without variables.
 */
const sections: Readonly<Record<string, (name: string, text: JsonString, source: SourceText) => readonly DeclaringRequest[]>> = {
  streams: (name, text) => [{method: 'PUT', path: ['streams', name], data: sqlData(text)}],
  tables: (name, text) => [{method: 'PUT', path: ['tables', name], data: sqlData(text)}],
  rules: (name, text, source) => whole(text, source, ['rules', name]),
  sourceconfig: (type, text, source) => confKeys(text, source, ['metadata', 'sources', type, 'confKeys']),
  sinkconfig: (type, text, source) => confKeys(text, source, ['metadata', 'sinks', type, 'confKeys']),
  connectionconfig: (type, text, source) =>
    confKeys(text, source, ['connections']).map(({path, data, ...one}) => ({
      ...one,
      path,
      data: connectionData(type, path.at(-1)!, data!),
    })),
  schema: (key, text, source) => whole(text, source, ['schemas', ...splitOnce(key)]),
  service: (name, text, source) => whole(text, source, ['services', name]),
  scripts: (name, text, source) => whole(text, source, ['udf', 'javascript', name]),
  nativeplugins: (key, text, source) => whole(text, source, ['plugins', ...splitOnce(key)]),
  portableplugins: (name, text, source) => whole(text, source, ['plugins', 'portables', name]),
  uploads: (_, text, source) => whole(text, source, ['config', 'uploads']).map(one => ({...one, method: 'POST'})),
};

/** Names of sections that only a `/data/export` has. */
export function isDataExportKey(key: string): boolean {
  return /^(?:(?:source|sink|connection)config|(?:native|portable)plugins|uploads|schema|service)$/i.test(key);
}

export function readExport(root: JsonObject, source: SourceText, first: number): FileCommand[] {
  const commands: FileCommand[] = [];
  for (const [key, {keyStart, value}] of root.members) {
    // A key may be `constructor`, which every object has.
    const read = Object.hasOwn(sections, key.toLowerCase()) ? sections[key.toLowerCase()] : undefined;
    if (!read) source.report(keyStart, `unknown section "${key}" of an export`);
    else if (value.kind === 'object') {
      for (const [name, entry] of value.members) {
        if (entry.value.kind !== 'string') {
          source.report(
            entry.value.start,
            `"${name}": an export holds text here; the YAML of /v2/data/export is not read, use GET /data/export`,
          );
          continue;
        }
        for (const request of read(name, entry.value, source)) {
          const origin = source.originOf({start: entry.keyStart}, first + commands.length);
          commands.push(declaringCommand(request, origin, false));
        }
      }
    } else if (value.kind !== 'word' || value.value !== null) source.report(value.start, `"${key}" of an export must be an object`);
  }
  return commands;
}

function sqlData(sql: JsonString): JsonObject {
  return {kind: 'object', members: new Map([['sql', {keyStart: sql.start, value: sql}]]), start: sql.start, end: sql.end};
}

function whole(text: JsonString, source: SourceText, path: readonly string[]): readonly DeclaringRequest[] {
  const data = innerJson(text, source);
  return data ? [{method: 'PUT', path, data, body: text.value}] : [];
}

/** A text that holds an object by key: each of its members is one. */
function confKeys(text: JsonString, source: SourceText, path: readonly string[]): readonly DeclaringRequest[] {
  const keys = innerJson(text, source);
  if (keys?.kind === 'object') return [...keys.members].map(([key, {value}]) => ({method: 'PUT', path: [...path, key], data: value}));
  if (keys) source.report(text.start, 'an export holds an object of conf keys here');
  return [];
}

function connectionData(type: string, id: string, props: JsonNode): JsonObject {
  const at = {start: props.start, end: props.end};
  const text = (value: string): JsonMember => ({keyStart: at.start, value: {kind: 'string', value, ...at, offsetOf: () => at.start}});
  return {
    kind: 'object',
    members: new Map([
      ['id', text(id)],
      ['typ', text(type)],
      ['props', {keyStart: at.start, value: props}],
    ]),
    ...at,
  };
}

/** JSON inside a string, its places those of the file. */
function innerJson(text: JsonString, source: SourceText): JsonNode | undefined {
  const placeOf = (offset: number) => offsetInString(source.text, text, offset);
  const placed = (node: JsonNode): JsonNode => {
    const place = {start: placeOf(node.start), end: placeOf(node.end)};
    switch (node.kind) {
      case 'string':
        return {...node, ...place, offsetOf: offset => placeOf(offsetInString(text.value, node, offset))};
      case 'array':
        return {...node, ...place, items: node.items.map(placed)};
      case 'object': {
        const members = [...node.members].map(
          ([key, {keyStart, value}]) => [key, {keyStart: placeOf(keyStart), value: placed(value)}] as const,
        );
        return {...node, ...place, members: new Map(members)};
      }
      default:
        return {...node, ...place};
    }
  };
  try {
    return placed(parseJson(text.value));
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError)) throw thrown;
    source.reportIn(text, thrown.offset, `the JSON in this text: ${thrown.message}`);
    return undefined;
  }
}

/** `protobuf_orders`, `functions_image`: the type holds no `_`, the name may. */
function splitOnce(key: string): readonly string[] {
  const at = key.indexOf('_');
  return at === -1 ? [key] : [key.slice(0, at), key.slice(at + 1)];
}
