import type {BoundBinary, BoundUnary} from '#engine/planner/bound-expression.ts';
import {any, float, int} from '#engine/values/data-type.ts';
import {type Code, type Compile, hold, type InPlace, isNumeric, type Site, untyped} from './code.ts';
import {choose, floatText, inPlaceOf, joinTests, untypedText} from './in-place.ts';
import type {LibraryName} from './library.ts';

type ArithmeticOperator = '+' | '-' | '*' | '/' | '%';

const untypedForms: Record<ArithmeticOperator, LibraryName> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '%': 'remainder',
};
const intForms: Record<ArithmeticOperator, LibraryName> = {
  '+': 'addInt',
  '-': 'subtractInt',
  '*': 'multiplyInt',
  '/': 'divideInt',
  '%': 'remainderInt',
};

export function arithmeticCode(node: BoundBinary, site: Site, compile: Compile): Code {
  const operator = node.operator as ArithmeticOperator;
  const left = compile(node.left, site);
  const right = compile(node.right, site);
  const a = inPlaceOf(left, site);
  const b = inPlaceOf(right, site);
  if (a === undefined || b === undefined) {
    const text = site.emission.call(untypedForms[operator], untyped(left, site), untyped(right, site));
    return {text, type: any, nullable: true, simple: false, fails: true};
  }
  if (isNumeric(left) && isNumeric(right)) return typedCode(operator, left, a, right, b, site);
  return untypedCode(operator, left, a, right, b, site);
}

function typedCode(operator: ArithmeticOperator, left: Code, a: InPlace, right: Code, b: InPlace, site: Site): Code {
  const isInt = left.type.kind === 'int' && right.type.kind === 'int';
  const divides = operator === '/' || operator === '%';
  const value = isInt
    ? site.emission.call(intForms[operator], a.text, b.text)
    : floatValue(operator, floatText(left, a), floatText(right, b), right.literal, site);
  const mayFail = divides && !(right.literal !== undefined && right.literal !== 0);
  const inPlace = {before: a.before + b.before, tests: joinTests(a, b), text: value, general: 'null'};
  const code = result(inPlace, isInt ? int : float, mayFail || left.fails || right.fails);
  if (!mayFail) return code;
  // An operator around it must not skip the division because its other operand is null.
  const {inPlace: _, ...evaluated} = code;
  return evaluated;
}

function floatValue(operator: ArithmeticOperator, left: string, right: string, divisor: number | undefined, site: Site): string {
  const isSafe = (operator !== '/' && operator !== '%') || (divisor !== undefined && divisor !== 0);
  if (isSafe) return `(${left} ${operator} ${right})`;
  return site.emission.call(operator === '/' ? 'divideFloat' : 'remainderFloat', left, right);
}

/** Floats, which is what schemaless numbers are, are computed in place; everything else by the library. */
function untypedCode(operator: ArithmeticOperator, left: Code, a: InPlace, right: Code, b: InPlace, site: Site): Code {
  const text = floatValue(operator, floatText(left, a), floatText(right, b), right.literal, site);
  const general = site.emission.call(untypedForms[operator], untypedText(left, a, site), untypedText(right, b, site));
  return result({before: a.before + b.before, tests: joinTests(a, b), text, general}, any, true);
}

function result(inPlace: InPlace, type: Code['type'], fails: boolean): Code {
  const {before, tests, text, general} = inPlace;
  return {
    text: before === '' ? choose(tests, text, general) : `(${before}${choose(tests, text, general)})`,
    type,
    nullable: tests.length > 0,
    simple: false,
    fails,
    inPlace,
  };
}

export function negationCode(node: BoundUnary, site: Site, compile: Compile): Code {
  const operand = compile(node.operand, site);
  if (!isNumeric(operand)) return {text: site.emission.call('negate', operand.text), type: any, nullable: true, simple: false, fails: true};
  const {before, name} = hold(operand, site);
  const value = operand.type.kind === 'int' ? site.emission.call('negateInt', name) : `(-${name})`;
  const tests = operand.nullable ? [`${name} !== null`] : [];
  return result({before, tests, text: value, general: 'null'}, operand.type, operand.fails);
}
