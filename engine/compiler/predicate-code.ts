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
  const inside = `${isAbove.text} && ${isBelow.text}`;
  // A comparison with null is false by itself, but a null end also spares the other end's failure.
  const isPlain = !node.negated && !isAbove.fails && !isBelow.fails;
  const nulls = isPlain ? [] : parts.flatMap((part, i) => (part.nullable ? [`${held[i]!.name} === null`] : []));
  const body = node.negated ? `!(${inside})` : inside;
  return {...truth, text: `(${before}${nulls.length === 0 ? body : `${nulls.join(' || ')} ? false : ${body}`})`, fails};
}

/** A null needle is neither in nor not in anything but a null set, in which nothing is; the items are evaluated even then. */
export function inCode(node: BoundIn, site: Site, compile: Compile): Code {
  const needle = compile(node.operand, site);
  const {before, name} = hold(needle, site);
  const list = listOf(node, site, compile);
  const general = site.emission.call(node.items === undefined ? 'inSet' : 'inItems', untypedName(name, needle, site), list.name);
  const found = fastItems(node.items, name, needle, general, site) ?? {text: general, fails: true};
  const text = node.negated ? `!(${found.text})` : `(${found.text})`;
  const forNull = node.negated && node.items === undefined ? `${list.name} === null` : 'false';
  return {
    ...truth,
    text: `(${before}${list.before}${needle.nullable ? `${name} === null ? ${forNull} : ${text}` : text})`,
    fails: needle.fails || found.fails,
  };
}

/** What is searched, under a name: a constant where it is one. */
function listOf({items, set}: BoundIn, site: Site, compile: Compile): {readonly before: string; readonly name: string} {
  if (items?.every(item => item.kind === 'literal')) return {before: '', name: site.emission.constant(items.map(untypedLiteral))};
  const text =
    items === undefined ? untyped(compile(set!, site), site) : `[${items.map(item => untyped(compile(item, site), site)).join(', ')}]`;
  const name = site.local();
  return {before: `${name} = ${text}, `, name};
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
