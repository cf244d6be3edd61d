import type {BoundBetween, BoundExpression, BoundIn, BoundIsNull, BoundLike} from '#engine/planner/bound-expression.ts';
import {boolean} from '#engine/values/data-type.ts';
import {compileLike} from '#engine/values/like.ts';
import {type Code, type Compile, hold, type Site, untyped, untypedName} from './code.ts';
import {comparisonCode} from './comparison-code.ts';

const truth = {type: boolean, nullable: false, simple: false} as const;

/** Both ends included; false with any null, negated or not. */
export function betweenCode(node: BoundBetween, site: Site, compile: Compile): Code {
  const parts = [node.operand, node.low, node.high].map(part => compile(part, site));
  const held = parts.map(part => hold(part, site));
  const [value, low, high] = parts.map((part, i): Code => ({...part, text: held[i]!.name, simple: true, fails: false})) as [
    Code,
    Code,
    Code,
  ];
  const before = held.map(part => part.before).join('');
  const isAbove = comparisonCode('>=', value, low, site);
  const isBelow = comparisonCode('<=', value, high, site);
  const fails = isAbove.fails || isBelow.fails || parts.some(part => part.fails);
  if (!node.negated) return {...truth, text: `(${before}${isAbove.text} && ${isBelow.text})`, fails};
  const nulls = parts.flatMap((part, i) => (part.nullable ? [`${held[i]!.name} === null`] : []));
  const outside = `!(${isAbove.text} && ${isBelow.text})`;
  return {...truth, text: `(${before}${nulls.length === 0 ? outside : `${nulls.join(' || ')} ? false : ${outside}`})`, fails};
}

/** A null needle is neither in nor not in anything; every item is evaluated. */
export function inCode(node: BoundIn, site: Site, compile: Compile): Code {
  const needle = compile(node.operand, site);
  const {before, name} = hold(needle, site);
  const general =
    node.items === undefined ? setText(node.set!, name, needle, site, compile) : itemsText(node.items, name, needle, site, compile);
  const found = fastItems(node.items, name, needle, general, site) ?? {text: general, fails: true};
  const sign = node.negated ? '!' : '';
  const text = `${sign}(${found.text})`;
  return {
    ...truth,
    text: `(${before}${needle.nullable ? `${name} === null ? false : ${text}` : text})`,
    fails: needle.fails || found.fails,
  };
}

function itemsText(items: readonly BoundExpression[], name: string, needle: Code, site: Site, compile: Compile): string {
  const constants = items.every(item => item.kind === 'literal');
  const list = constants
    ? site.emission.constant(items.map(item => (item.kind === 'literal' ? untypedLiteral(item) : null)))
    : `[${items.map(item => untyped(compile(item, site), site)).join(', ')}]`;
  return site.emission.call('inItems', untypedName(name, needle, site), list);
}

function setText(set: BoundExpression, name: string, needle: Code, site: Site, compile: Compile): string {
  return site.emission.call('inSet', untypedName(name, needle, site), untyped(compile(set, site), site));
}

/** Literals of one type are looked up in a set by a needle of that type; `general` is for needles that turn out otherwise. */
function fastItems(
  items: readonly BoundExpression[] | undefined,
  name: string,
  needle: Code,
  general: string,
  site: Site,
): {readonly text: string; readonly fails: boolean} | undefined {
  const values = items?.map(item => (item.kind === 'literal' ? item.value : undefined));
  if (values === undefined || !(isAll(values, 'string') || isAll(values, 'number'))) return undefined;
  const type = typeof values[0];
  // An int needle may be a bigint; only floats and untyped values can be looked up among numbers.
  const isTyped = needle.type.kind === 'string' ? type === 'string' : needle.type.kind === 'float' && type === 'number';
  if (!isTyped && needle.type.kind !== 'any') return undefined;
  const lookup = `${site.emission.constant(new Set(values))}.has(${name})`;
  return isTyped ? {text: lookup, fails: false} : {text: `typeof ${name} === "${type}" ? ${lookup} : ${general}`, fails: true};
}

function isAll(values: readonly unknown[], type: 'string' | 'number'): boolean {
  return values.length > 0 && values.every(value => typeof value === type);
}

function untypedLiteral({value, type}: Extract<BoundExpression, {kind: 'literal'}>): unknown {
  return type.kind === 'int' && typeof value === 'number' ? BigInt(value) : value;
}

export function likeCode(node: BoundLike, site: Site, compile: Compile): Code {
  const operand = compile(node.operand, site);
  const sign = node.negated ? '!' : '';
  if (node.pattern.kind === 'literal' && typeof node.pattern.value === 'string') {
    const matches = site.emission.constant(compileLike(node.pattern.value));
    const text =
      operand.type.kind === 'string' && !operand.nullable ? operand.text : site.emission.call('likeText', untyped(operand, site));
    return {...truth, text: `${sign}${matches}(${text})`, fails: true};
  }
  const pattern = untyped(compile(node.pattern, site), site);
  return {...truth, text: `${sign}${site.emission.call('like', untyped(operand, site), pattern)}`, fails: true};
}

export function isNullCode(node: BoundIsNull, site: Site, compile: Compile): Code {
  const operand = compile(node.operand, site);
  return {...truth, text: `(${operand.text} ${node.negated ? '!==' : '==='} null)`, fails: operand.fails};
}
