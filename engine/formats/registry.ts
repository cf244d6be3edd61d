import {binaryFormat} from './binary.ts';
import {delimitedFormat} from './delimited.ts';
import type {Format} from './format.ts';
import {jsonFormat} from './json.ts';
import {urlencodedFormat} from './urlencoded.ts';

export const formats: readonly Format[] = [binaryFormat, delimitedFormat, jsonFormat, urlencodedFormat];

/** The format of a lower case name. */
export function findFormat(name: string): Format | undefined {
  return formats.find(format => format.name === name);
}
