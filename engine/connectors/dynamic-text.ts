import {ArrokothError, errorCode, messageOf} from '#engine/base/errors.ts';
import {compileTemplate} from '#engine/templates/compile-template.ts';
import type {Row} from '#engine/values/value.ts';

/** The value of a property for one message. Throws an EvaluationError when its template fails on the data. */
export type DynamicText = (data: Row | readonly Row[]) => string;

/** A property that may hold `{{…}}`: a template evaluated on the row (sendSingle) or the array; without one, a constant. */
export function compileDynamicText(text: string, property: string): DynamicText {
  if (!text.includes('{{')) return () => text;
  try {
    const template = compileTemplate(text);
    return data => template.render(data);
  } catch (thrown) {
    throw new ArrokothError(`property ${property}: ${messageOf(thrown)}`, {code: errorCode.executor, cause: thrown});
  }
}

/** As `compileDynamicText`, for every value of a map; values that are not text stand for their JSON. */
export function compileDynamicRecord(
  record: Readonly<Record<string, unknown>>,
  property: string,
): ((data: Row | readonly Row[]) => Record<string, string>) | undefined {
  const entries = Object.entries(record).map(
    ([key, value]) => [key, compileDynamicText(typeof value === 'string' ? value : JSON.stringify(value), `${property}.${key}`)] as const,
  );
  if (entries.length === 0) return undefined;
  return data => Object.fromEntries(entries.map(([key, value]) => [key, value(data)]));
}
