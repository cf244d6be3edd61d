import type {JsonObject} from '#runner/base/json-text.ts';
import {type Comparison, isSameContent} from './content-comparison.ts';
import {parseObject} from './property-comparison.ts';

/** A content as it is compared and shown. `text`: one that is not what its kind should have. */
export type Shape =
  | {readonly form: 'json'; readonly node: JsonObject; readonly comparison: Comparison}
  | {readonly form: 'sql' | 'text'; readonly text: string};

export function jsonShape(content: string, comparison: Comparison): Shape {
  const node = parseObject(content);
  return node ? {form: 'json', node, comparison} : {form: 'text', text: content};
}

/** Whether two texts are objects that mean the same. */
export function isSameJson(declared: string, observed: string, comparison: Comparison): boolean {
  const [left, right] = [parseObject(declared), parseObject(observed)];
  return left !== undefined && right !== undefined && isSameContent(left, right, comparison);
}
