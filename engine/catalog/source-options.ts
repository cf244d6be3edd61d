import {ArrokothError, errorCode} from '#engine/base/errors.ts';
import {nearest} from '#engine/base/nearest.ts';
import {findFormat} from '#engine/formats/registry.ts';
import type {CreateStatement} from '#engine/language/ast/statement.ts';
import {optionKeys} from '#engine/language/grammar/definition-words.ts';

export type OptionKey = (typeof optionKeys)[number];

/** Formats that a schema or a plugin supplies: whether they work is known when a rule is planned. */
const suppliedFormats = ['protobuf', 'custom', 'xml'];

/**
 * The options of a CREATE statement with the values that count: booleans and KIND in lower case, the last of two equal keys, no
 * empty FORMAT. Throws an ArrokothError for a value that cannot be meant.
 */
export function effectiveOptions(statement: CreateStatement): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const {key, value} of statement.options) options.set(key, normalised(key, value));
  if (options.get('FORMAT') === '') options.delete('FORMAT');
  checkFormat(statement, options);
  if (statement.sourceKind === 'table' && options.get('KIND') === 'lookup' && options.get('TYPE')?.toLowerCase() === 'memory') {
    if (!options.get('KEY')) throw wrong('option "key" is required for memory lookup table');
  }
  return options;
}

function normalised(key: string, value: string): string {
  switch (key) {
    case 'SHARED':
    case 'STRICT_VALIDATION':
    case 'TEMP':
      if (!/^(true|false)$/i.test(value)) throw wrong(`found "${value}", expect TRUE/FALSE value in ${key} option`);
      return value.toLowerCase();
    case 'RETAIN_SIZE':
      if (!/^\d+$/.test(value)) throw wrong(`found "${value}", expect number value in RETAIN_SIZE option`);
      return value;
    case 'KIND':
      if (!/^(scan|lookup)$/i.test(value)) throw wrong(`found "${value}", expect scan or lookup value in KIND option`);
      return value.toLowerCase();
    case 'VERSION':
      return value.toLowerCase();
    case 'EXTRA':
      if (!isJsonObject(value)) throw wrong('invalid extra option, expect JSON string', 'Write an object: EXTRA="{\\"qos\\": 1}".');
      return value;
    default:
      if (!(optionKeys as readonly string[]).includes(key)) throw unknownKey(key);
      return value;
  }
}

function checkFormat({sourceKind, columns}: CreateStatement, options: ReadonlyMap<string, string>): void {
  const format = options.get('FORMAT')?.toLowerCase() ?? 'json';
  if (!findFormat(format) && !suppliedFormats.includes(format)) throw wrong(`option 'format=${options.get('FORMAT')}' is invalid`);
  if (format !== 'binary') return;
  if (sourceKind === 'table') throw wrong("'binary' format is not supported for table");
  if (columns.length > 1) throw wrong("'binary' format stream can have only one field");
  if (columns.length === 1 && columns[0]!.type.kind !== 'bytea') throw wrong("'binary' format stream can have only 'bytea' type field");
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value);
  } catch {
    return false;
  }
}

function unknownKey(key: string): ArrokothError {
  const suggestion = nearest(key, optionKeys);
  return wrong(`found "${key}", unknown option keys(${optionKeys.join('|')})`, suggestion && `Did you mean ${suggestion}?`);
}

function wrong(message: string, hint?: string): ArrokothError {
  return new ArrokothError(hint === undefined ? message : `${message}. ${hint}`, {code: errorCode.streamProcessor, hint});
}
