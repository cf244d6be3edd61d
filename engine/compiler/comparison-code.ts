import {boolean} from '#engine/values/data-type.ts';
import {anyNull, type Code, hold, type InPlace, isNumeric, type Site, untyped} from './code.ts';
import {choose, floatText, inPlaceOf, joinTests, untypedText} from './in-place.ts';
import type {LibraryName} from './library.ts';

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

const untypedForms: Record<ComparisonOperator, LibraryName> = {
  '=': 'equal',
  '!=': 'notEqual',
  '<': 'less',
  '<=': 'lessOrEqual',
  '>': 'greater',
  '>=': 'greaterOrEqual',
};
const signs: Record<ComparisonOperator, string> = {'=': '===', '!=': '!==', '<': '<', '<=': '<=', '>': '>', '>=': '>='};

/** `left operator right`: true or false, never null. */
export function comparisonCode(operator: ComparisonOperator, left: Code, right: Code, site: Site): Code {
  const kinds = [left.type.kind, right.type.kind];
  if (kinds.includes('string')) return sameKindCode('string', operator, left, right, site);
  if (kinds.includes('boolean') && (operator === '=' || operator === '!=')) return sameKindCode('boolean', operator, left, right, site);
  const a = inPlaceOf(left, site);
  const b = inPlaceOf(right, site);
  return a === undefined || b === undefined ? generalCode(operator, left, right, site) : numberCode(operator, left, a, right, b, site);
}

function result(text: string, fails: boolean): Code {
  return {text, type: boolean, nullable: false, simple: false, fails};
}

function generalCode(operator: ComparisonOperator, left: Code, right: Code, site: Site): Code {
  return result(site.emission.call(untypedForms[operator], untyped(left, site), untyped(right, site)), true);
}

/** Numbers are compared in place; whatever else an untyped operand turns out to be, by the library. */
function numberCode(operator: ComparisonOperator, left: Code, a: InPlace, right: Code, b: InPlace, site: Site): Code {
  const isTyped = isNumeric(left) && isNumeric(right);
  const isInt = left.type.kind === 'int' && right.type.kind === 'int';
  // An int may be a bigint although it is small, so that identity would be too strict. Both are numbers: nothing else is coerced.
  const sign = isInt && operator === '=' ? '==' : isInt && operator === '!=' ? '!=' : signs[operator];
  const fast = isInt ? `${a.text} ${sign} ${b.text}` : `${floatText(left, a)} ${sign} ${floatText(right, b)}`;
  const general = isTyped ? 'false' : site.emission.call(untypedForms[operator], untypedText(left, a, site), untypedText(right, b, site));
  const tests = joinTests(a, b);
  const text = isTyped ? `(${[...tests, fast].join(' && ')})` : choose(tests, fast, general);
  const before = a.before + b.before;
  return result(before === '' ? text : `(${before}${text})`, !isTyped || left.fails || right.fails);
}

/** Texts or booleans on at least one side: compared in place where the other is known, or turns out, to be the same. */
function sameKindCode(kind: 'string' | 'boolean', operator: ComparisonOperator, left: Code, right: Code, site: Site): Code {
  const others = [left, right].filter(code => code.type.kind !== kind);
  if (others.some(code => code.type.kind !== 'any')) return generalCode(operator, left, right, site);
  const a = hold(left, site);
  const b = hold(right, site);
  const fast =
    operator === '=' || operator === '!='
      ? `${a.name} ${signs[operator]} ${b.name}`
      : `${site.emission.call('compareBytes', a.name, b.name)} ${operator} 0`;
  const before = a.before + b.before;
  if (others.length === 0) {
    const isNull = anyNull([a.name, left], [b.name, right]);
    return result(`(${before}${isNull === undefined ? fast : `${isNull} ? false : ${fast}`})`, left.fails || right.fails);
  }
  const [other] = others;
  const known = other === left ? right : left;
  if (known.nullable) return result(`(${before}${site.emission.call(untypedForms[operator], a.name, b.name)})`, true);
  const name = other === left ? a.name : b.name;
  return result(`(${before}typeof ${name} === "${kind}" ? ${fast} : ${site.emission.call(untypedForms[operator], a.name, b.name)})`, true);
}
