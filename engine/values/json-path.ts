import {EvaluationError, messageOf} from '#engine/base/errors.ts';
import {compareBytes} from './byte-order.ts';
import {type Comparison, type Condition, type JsonPath, parseJsonPath, type Step} from './json-path-syntax.ts';
import {sameValue} from './same-value.ts';
import {describe, isRow} from './type-name.ts';
import type {Row, Value} from './value.ts';

/**
 * What a path finds in a value. A path that can only lead to one place gives what is there, and an EvaluationError where there is nothing;
 * a path with `*`, `..`, a slice, a list or a filter gives the array of all that it finds.
 */
export type JsonPathQuery = (data: Value) => Value;

/** How many values a query may touch: `..` after `..` multiplies them. */
const mostVisits = 1_000_000;

const compiled = new Map<string, JsonPathQuery>();

/** The query of a path; throws an EvaluationError for a path that is written wrong. */
export function jsonPathQuery(path: string): JsonPathQuery {
  let query = compiled.get(path);
  if (query === undefined) {
    query = compile(path);
    // Paths may come from rows: the table must not grow with them.
    if (compiled.size >= 500) compiled.clear();
    compiled.set(path, query);
  }
  return query;
}

function compile(text: string): JsonPathQuery {
  let path: JsonPath;
  try {
    path = parseJsonPath(text);
  } catch (thrown) {
    throw new EvaluationError(messageOf(thrown));
  }
  const steps = path.steps.filter(isSingle);
  if (steps.length === path.steps.length) return data => steps.reduce((value, step) => selectOne(step, value), data);
  return data => walk(path, data, new Visit(data));
}

/** One evaluation. */
class Visit {
  readonly root: Value;
  #count = 0;

  constructor(root: Value) {
    this.root = root;
  }

  touch(): void {
    if (++this.#count > mostVisits) throw new EvaluationError(`a json path touches at most ${mostVisits} values`);
  }
}

function walk({steps}: JsonPath, start: Value, visit: Visit): Value {
  let single = true;
  let found: Value[] = [start];
  for (const step of steps) {
    const isOne = isSingle(step);
    const next: Value[] = [];
    for (const value of found) {
      visit.touch();
      if (!isOne) selectAll(step, value, next, visit);
      else if (single) next.push(selectOne(step, value));
      else {
        const member = tryOne(step, value);
        if (member !== undefined) next.push(member);
      }
    }
    single &&= isOne;
    found = next;
  }
  return single ? found[0]! : found;
}

type SingleStep = Extract<Step, {readonly kind: 'key' | 'index'}>;

function isSingle(step: Step): step is SingleStep {
  return step.kind === 'key' || step.kind === 'index';
}

function selectOne(step: SingleStep, value: Value): Value {
  const member = tryOne(step, value);
  if (member !== undefined) return member;
  if (step.kind === 'key' && isRow(value)) throw new EvaluationError(`unknown key ${step.key}`);
  if (step.kind === 'index' && Array.isArray(value))
    throw new EvaluationError(`index ${step.index} out of bounds: ${value.length} elements`);
  throw new EvaluationError(`could not select ${step.kind === 'key' ? `key ${step.key}` : `index ${step.index}`} of ${describe(value)}`);
}

/** A member by name or index, undefined where there is none. A number in brackets may name a member, and a name an index. */
function tryOne(step: SingleStep, value: Value): Value | undefined {
  return lookUp(step.kind === 'key' ? step.key : step.index, value);
}

function lookUp(key: string | number, value: Value): Value | undefined {
  if (Array.isArray(value)) {
    const index = typeof key === 'number' ? key : /^-?\d{1,15}$/.test(key) ? Number(key) : Number.NaN;
    return (value as readonly Value[])[index < 0 ? index + value.length : index];
  }
  const name = String(key);
  return isRow(value) && Object.hasOwn(value, name) ? value[name]! : undefined;
}

function selectAll(step: Exclude<Step, SingleStep>, value: Value, out: Value[], visit: Visit): void {
  switch (step.kind) {
    case 'all':
      for (const child of childrenOf(value)) {
        visit.touch();
        out.push(child);
      }
      return;
    case 'descend':
      descend(value, out, visit);
      return;
    case 'union':
      for (const key of step.keys) {
        visit.touch();
        const member = lookUp(key, value);
        if (member !== undefined) out.push(member);
      }
      return;
    case 'slice':
      if (Array.isArray(value)) slice(value, step, out, visit);
      return;
    case 'filter':
      for (const child of childrenOf(value)) {
        visit.touch();
        if (isTrue(evaluate(step.condition, child, visit))) out.push(child);
      }
  }
}

function childrenOf(value: Value): readonly Value[] {
  if (Array.isArray(value)) return value;
  return isRow(value) ? Object.values(value) : [];
}

/** A value and all within it, each before what it holds. Without recursion: data may be nested deeper than the call stack. */
function descend(value: Value, out: Value[], visit: Visit): void {
  const waiting: Value[] = [value];
  for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
    visit.touch();
    out.push(current);
    const children = childrenOf(current);
    for (let i = children.length - 1; i >= 0; i--) waiting.push(children[i]!);
  }
}

/** As in Python: bounds count from the end when negative and are cut to the array. */
function slice(list: readonly Value[], {from, to, by}: Extract<Step, {readonly kind: 'slice'}>, out: Value[], visit: Visit): void {
  const bound = (at: number): number =>
    Math.min(Math.max(at < 0 ? at + list.length : at, by > 0 ? 0 : -1), by > 0 ? list.length : list.length - 1);
  const start = from === undefined ? (by > 0 ? 0 : list.length - 1) : bound(from);
  const end = to === undefined ? (by > 0 ? list.length : -1) : bound(to);
  for (let i = start; by > 0 ? i < end : i > end; i += by) {
    visit.touch();
    out.push(list[i]!);
  }
}

/** The value of a condition for an element; undefined where a path in it leads nowhere. */
function evaluate(condition: Condition, current: Value, visit: Visit): Value | undefined {
  switch (condition.kind) {
    case 'literal':
      return condition.value;
    case 'path':
      return find(condition.path, condition.fromRoot ? visit.root : current, visit);
    case 'not':
      return !isTrue(evaluate(condition.of, current, visit));
    case 'and':
      return isTrue(evaluate(condition.left, current, visit)) && isTrue(evaluate(condition.right, current, visit));
    case 'or':
      return isTrue(evaluate(condition.left, current, visit)) || isTrue(evaluate(condition.right, current, visit));
    case 'compare':
      return compare(condition.operator, evaluate(condition.left, current, visit), evaluate(condition.right, current, visit));
  }
}

function find(path: JsonPath, start: Value, visit: Visit): Value | undefined {
  let value: Value | undefined = start;
  for (const step of path.steps) {
    if (!isSingle(step)) return walk(path, start, visit);
    visit.touch();
    value = tryOne(step, value);
    if (value === undefined) return undefined;
  }
  return value;
}

/** What is there counts as true, unless it is false, null or 0. */
function isTrue(value: Value | undefined): boolean {
  return value !== undefined && value !== null && value !== false && value !== 0 && value !== 0n;
}

/** Values of types that have no order are neither less nor greater; what is missing compares with nothing. */
function compare(operator: Comparison, left: Value | undefined, right: Value | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  const order = orderOf(left, right);
  switch (operator) {
    case '==':
      return order === undefined ? sameValue(left, right) : order === 0;
    case '!=':
      return order === undefined ? !sameValue(left, right) : order !== 0;
    case '<':
      return order !== undefined && order < 0;
    case '<=':
      return order !== undefined && order <= 0;
    case '>':
      return order !== undefined && order > 0;
    case '>=':
      return order !== undefined && order >= 0;
  }
}

function orderOf(left: Value, right: Value): number | undefined {
  if (typeof left === 'string' && typeof right === 'string') return compareBytes(left, right);
  if (isNumber(left) && isNumber(right)) return left < right ? -1 : left > right ? 1 : 0;
  return undefined;
}

function isNumber(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** What a path is asked of: an array or object, or what a JSON text holds. */
export function dataOfPath(value: Value): readonly Value[] | Row {
  if (Array.isArray(value) || isRow(value)) return value;
  if (value === null) throw new EvaluationError('invalid data nil for jsonpath');
  if (typeof value !== 'string') throw new EvaluationError(`invalid data ${describe(value)} for jsonpath`);
  let data: unknown;
  try {
    data = JSON.parse(value);
  } catch {
    throw new EvaluationError(`data '${value.slice(0, 100)}' is not a valid json string`);
  }
  return data as readonly Value[] | Row;
}
