import type {BoundBinary, BoundUnary} from '#engine/planner/bound-expression.ts';
import {boolean} from '#engine/values/data-type.ts';
import {type Code, type Compile, hold, type Site, untyped, untypedName} from './code.ts';

const isSure = (code: Code): boolean => code.type.kind === 'boolean' && !code.nullable;

/** AND and OR: the left side decides alone where it can, otherwise both are evaluated and null on either side gives false. */
export function logicCode(node: BoundBinary, site: Site, compile: Compile): Code {
  const isAnd = node.operator === 'AND';
  const left = compile(node.left, site);
  const right = compile(node.right, site);
  const result = {type: boolean, nullable: false, simple: false} as const;
  if (isSure(left)) {
    // A sure left side that does not decide leaves the right side to: its null is false.
    const rest = isSure(right) ? right.text : decidingText(right, isAnd, site);
    return {
      ...result,
      text: `(${left.text} ${isAnd ? '&&' : '||'} ${rest})`,
      fails: left.fails || right.fails || right.type.kind !== 'boolean',
    };
  }
  const {before, name} = hold(left, site);
  const isBoolean = left.type.kind === 'boolean' && right.type.kind === 'boolean';
  if (isBoolean && !right.fails) return {...result, text: `(${before}${plainText(isAnd, name, right)})`, fails: left.fails};
  const decided = isAnd ? 'false' : 'true';
  const both = site.emission.call(isAnd ? 'and' : 'or', untypedName(name, left, site), untyped(right, site));
  return {
    ...result,
    text: `(${before}${name} === ${decided} ? ${decided} : ${both})`,
    fails: left.fails || right.fails || !isBoolean,
  };
}

/** The right side where the left one left it to: a boolean, or an error. */
function decidingText(right: Code, isAnd: boolean, site: Site): string {
  if (right.type.kind === 'boolean') return `(${right.text} === true)`;
  return site.emission.call(isAnd ? 'and' : 'or', String(isAnd), untyped(right, site));
}

/** Booleans of which the right one may be skipped, since it cannot fail. */
function plainText(isAnd: boolean, name: string, right: Code): string {
  const test = right.nullable ? `${right.text} === true` : right.text;
  return isAnd ? `${name} === true && ${test}` : `${name} === true || ${name} === false && ${test}`;
}

export function notCode(node: BoundUnary, site: Site, compile: Compile): Code {
  const operand = compile(node.operand, site);
  if (isSure(operand)) return {...operand, text: `!${operand.text}`, simple: false};
  return {
    text: site.emission.call('not', untyped(operand, site)),
    type: boolean,
    nullable: true,
    simple: false,
    fails: operand.fails || operand.type.kind !== 'boolean',
  };
}
