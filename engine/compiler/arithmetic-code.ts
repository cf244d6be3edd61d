import type {BoundBinary, BoundUnary} from '#engine/planner/bound-expression.ts';
import {any, float, int} from '#engine/values/data-type.ts';
import {anyNull, asFloat, type Code, type Compile, hold, isNumeric, type Site, untypedName} from './code.ts';
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
  return isNumeric(left) && isNumeric(right) ? typedCode(operator, left, right, site) : untypedCode(operator, left, right, site);
}

function typedCode(operator: ArithmeticOperator, left: Code, right: Code, site: Site): Code {
  const isInt = left.type.kind === 'int' && right.type.kind === 'int';
  const divides = operator === '/' || operator === '%';
  const a = hold(left, site);
  const b = hold(right, site);
  const value = isInt
    ? site.emission.call(intForms[operator], a.name, b.name)
    : floatText(operator, asFloat(a.name, left), asFloat(b.name, right), site);
  const isNull = anyNull([a.name, left], [b.name, right]);
  const text = `(${a.before}${b.before}${isNull === undefined ? value : `${isNull} ? null : ${value}`})`;
  return {
    text,
    type: isInt ? int : float,
    nullable: isNull !== undefined,
    simple: false,
    fails: divides || left.fails || right.fails,
  };
}

function floatText(operator: ArithmeticOperator, left: string, right: string, site: Site): string {
  if (operator === '/') return site.emission.call('divideFloat', left, right);
  if (operator === '%') return site.emission.call('remainderFloat', left, right);
  return `${left} ${operator} ${right}`;
}

/** Floats, which is what schemaless numbers are, are computed in place; everything else by the library. */
function untypedCode(operator: ArithmeticOperator, left: Code, right: Code, site: Site): Code {
  const a = hold(left, site);
  const b = hold(right, site);
  const general = site.emission.call(untypedForms[operator], untypedName(a.name, left, site), untypedName(b.name, right, site));
  const tests = [floatTest(a.name, left), floatTest(b.name, right)];
  const inPlace = operator !== '/' && operator !== '%' && !tests.includes(undefined);
  const fast = `${asFloat(a.name, left)} ${operator} ${asFloat(b.name, right)}`;
  const test = tests.filter(one => one !== '').join(' && ');
  const text = inPlace ? `${test} ? ${fast} : ${general}` : general;
  return {text: `(${a.before}${b.before}${text})`, type: any, nullable: true, simple: false, fails: true};
}

/** Text that is true when the operand counts as a float here; empty when it always does, undefined when it never does. */
export function floatTest(name: string, code: Code): string | undefined {
  switch (code.type.kind) {
    case 'any':
      return `typeof ${name} === "number"`;
    case 'int':
    case 'float':
      return code.nullable ? `${name} !== null` : '';
    default:
      return undefined;
  }
}

export function negationCode(node: BoundUnary, site: Site, compile: Compile): Code {
  const operand = compile(node.operand, site);
  if (operand.type.kind !== 'int' && operand.type.kind !== 'float') {
    return {text: site.emission.call('negate', operand.text), type: any, nullable: true, simple: false, fails: true};
  }
  const {before, name} = hold(operand, site);
  const value = operand.type.kind === 'int' ? site.emission.call('negateInt', name) : `-${name}`;
  return {
    text: `(${before}${operand.nullable ? `${name} === null ? null : ${value}` : value})`,
    type: operand.type,
    nullable: operand.nullable,
    simple: false,
    fails: operand.fails,
  };
}
