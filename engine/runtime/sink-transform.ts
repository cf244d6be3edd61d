import {ArrokothError, EvaluationError, errorCode, errorOf, messageOf} from '#engine/base/errors.ts';
import type {SinkMessage} from '#engine/connectors/connector.ts';
import {checkSinkSettings, type SinkSettings} from '#engine/connectors/sink-settings.ts';
import type {Encoder} from '#engine/formats/format.ts';
import {compileTemplate} from '#engine/templates/compile-template.ts';
import {defineMember} from '#engine/values/member.ts';
import type {Row, Value} from '#engine/values/value.ts';

type Data = Row | readonly Row[];

/**
 * Turns results into messages. A message that fails costs only itself: it is given to `fail`, or, without one, thrown when no message of
 * the call is left.
 */
export type SinkTransform = (rows: readonly Row[], isCollection: boolean, fail?: (error: Error) => void) => readonly SinkMessage[];

/** Formats whose messages are text, so that a template's text can be sent as it is. */
const textFormats = new Set(['json', 'delimited', 'urlencoded']);

/**
 * Compiles what a sink's properties make of a result, in eKuiper's order: dataTemplate, dataField, fields or excludeFields, then the
 * encoding (byte sinks only). Rows of a windowless rule are messages of their own; the rows of a window are one.
 *
 * `data` of a message is the row or the array before any of this: dynamic properties are evaluated on it. Sinks that take rows get what
 * came out of it.
 *
 * `intColumns` are the columns whose static type is int. Templates and other rules see a row without its types, so that those columns are
 * handed on as bigint there; leave them out where the action has no template and its sink takes bytes.
 */
export function compileTransform(
  settings: SinkSettings,
  encoder: Encoder,
  accepts: 'bytes' | 'rows',
  intColumns: readonly string[] = [],
): SinkTransform {
  checkSinkSettings(settings);
  const {sendSingle, omitIfEmpty} = settings;
  const build = messageBuilder(settings, encoder, accepts, untypedForm(intColumns));

  return (rows, isCollection, fail) => {
    const messages: SinkMessage[] = [];
    let failure: Error | undefined;
    const add = (data: Data): void => {
      try {
        messages.push(build(data));
      } catch (thrown) {
        failure = errorOf(thrown);
        fail?.(failure);
      }
    };
    if (sendSingle) {
      for (const row of rows) if (!(omitIfEmpty && isEmpty(row))) add(row);
    } else if (isCollection) {
      if (!(omitIfEmpty && rows.length === 0)) add(rows);
    } else for (const row of rows) add([row]);
    if (failure && !fail && messages.length === 0) throw failure;
    return messages;
  };
}

function messageBuilder(
  settings: SinkSettings,
  encoder: Encoder,
  accepts: 'bytes' | 'rows',
  untyped: (data: Data) => Data,
): (data: Data) => SinkMessage {
  const select = compileSelection(settings);
  const finish: (data: Data, source: Data) => SinkMessage =
    accepts === 'bytes' ? (data, source) => ({payload: encoder.encode(data), data: source}) : data => ({payload: undefined, data});
  if (settings.dataTemplate === '') {
    return typed => {
      const data = untyped(typed);
      return finish(select ? select(data) : data, data);
    };
  }
  const template = compileDataTemplate(settings.dataTemplate);
  const passesText = accepts === 'bytes' && select === undefined && textFormats.has(settings.format.toLowerCase());
  if (passesText) {
    return typed => {
      const data = untyped(typed);
      return {payload: template.render(data), data};
    };
  }
  return typed => {
    const data = untyped(typed);
    const made = parseTemplateResult(template.render(data));
    return finish(select ? select(made) : made, data);
  };
}

/** Rows with the ints of typed columns as bigint; the same rows when there are none. */
function untypedForm(intColumns: readonly string[]): (data: Data) => Data {
  if (intColumns.length === 0) return data => data;
  const convert = (row: Row): Row => {
    let copy: Row | undefined;
    for (const name of intColumns) {
      const value = Object.hasOwn(row, name) ? row[name] : undefined;
      if (!Number.isSafeInteger(value)) continue;
      copy ??= {...row};
      defineMember(copy, name, BigInt(value as number));
    }
    return copy ?? row;
  };
  return data => (isRows(data) ? data.map(convert) : convert(data));
}

function compileDataTemplate(text: string): {render(data: Data): string} {
  try {
    return compileTemplate(text);
  } catch (thrown) {
    throw new ArrokothError(`Template Invalid: ${messageOf(thrown)}`, {code: errorCode.executor, cause: thrown});
  }
}

function parseTemplateResult(text: string): Data {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (thrown) {
    throw new EvaluationError(`fail to decode data ${text} after applying dataTemplate: ${messageOf(thrown)}`);
  }
  if (isObject(parsed) || (Array.isArray(parsed) && parsed.every(isObject))) return parsed as Data;
  throw new EvaluationError(`fail to decode data ${text} after applying dataTemplate: expected an object or an array of objects`);
}

/** dataField, then fields or excludeFields; undefined when the data passes as it is. */
function compileSelection(settings: SinkSettings): ((data: Data) => Data) | undefined {
  const dataField = settings.dataField || settings.tableDataField;
  const pick = compilePick(settings);
  if (dataField === '') return pick && (data => (isRows(data) ? data.map(pick) : pick(data)));
  return data => {
    const inner = readDataField(data, dataField);
    if (!pick) return inner;
    return isRows(inner) ? inner.map(pick) : pick(inner);
  };
}

function compilePick({fields, excludeFields}: SinkSettings): ((row: Row) => Row) | undefined {
  if (fields.length > 0) {
    return row => {
      const picked: Row = {};
      for (const name of fields) defineMember(picked, name, Object.hasOwn(row, name) ? row[name]! : null);
      return picked;
    };
  }
  if (excludeFields.length === 0) return undefined;
  const excluded = new Set(excludeFields);
  return row => {
    const kept: Row = {};
    for (const name of Object.keys(row)) if (!excluded.has(name)) defineMember(kept, name, row[name]!);
    return kept;
  };
}

function readDataField(data: Data, name: string): Data {
  const row = isRows(data) ? data[0] : data;
  const value: Value = row !== undefined && Object.hasOwn(row, name) ? row[name]! : null;
  if (isObject(value)) return value as Row;
  if (Array.isArray(value) && value.every(isObject)) return value as readonly Row[];
  throw new EvaluationError(
    `fail to decode data: field "${name}" of dataField is ${kindOf(value)}, expected an object or a list of objects`,
  );
}

function isRows(data: Data): data is readonly Row[] {
  return Array.isArray(data);
}

function isObject(value: unknown): boolean {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array) && !('epochMs' in value);
}

function kindOf(value: Value): string {
  if (value === null) return 'missing or null';
  return Array.isArray(value) ? 'a list of other things' : `a ${typeof value}`;
}

function isEmpty(row: Row): boolean {
  for (const _ in row) return false;
  return true;
}
