import {boolean} from '#engine/values/data-type.ts';
import {floatTest} from './arithmetic-code.ts';
import {anyNull, asFloat, type Code, hold, isNumeric, type Site, untypedName} from './code.ts';
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
  const a = hold(left, site);
  const b = hold(right, site);
  const typed = typedText(operator, left, a.name, right, b.name, site);
  const fails = typed === undefined || left.fails || right.fails;
  const text = typed === undefined ? untypedText(operator, left, a.name, right, b.name, site) : guarded(typed, left, a.name, right, b.name);
  return {text: `(${a.before}${b.before}${text})`, type: boolean, nullable: false, simple: false, fails};
}

function guarded(text: string, left: Code, a: string, right: Code, b: string): string {
  const isNull = anyNull([a, left], [b, right]);
  return isNull === undefined ? text : `${isNull} ? false : ${text}`;
}

/** For operands whose types leave nothing to find out; undefined for others. */
function typedText(operator: ComparisonOperator, left: Code, a: string, right: Code, b: string, site: Site): string | undefined {
  if (left.type.kind === 'int' && right.type.kind === 'int') {
    // An int may be a bigint although it is small, so that identity would be too strict. Both are numbers: nothing else is coerced.
    return `${a} ${operator === '=' ? '==' : operator === '!=' ? '!=' : operator} ${b}`;
  }
  if (isNumeric(left) && isNumeric(right)) return `${asFloat(a, left)} ${signs[operator]} ${asFloat(b, right)}`;
  const isEquality = operator === '=' || operator === '!=';
  if (left.type.kind === 'string' && right.type.kind === 'string') return textText(operator, a, b, site);
  if (left.type.kind === 'boolean' && right.type.kind === 'boolean' && isEquality) return `${a} ${signs[operator]} ${b}`;
  return undefined;
}

function textText(operator: ComparisonOperator, a: string, b: string, site: Site): string {
  if (operator === '=' || operator === '!=') return `${a} ${signs[operator]} ${b}`;
  return `${site.emission.call('compareBytes', a, b)} ${operator} 0`;
}

/** Schemaless values: numbers and strings are compared in place, everything else by the library. */
function untypedText(operator: ComparisonOperator, left: Code, a: string, right: Code, b: string, site: Site): string {
  const general = site.emission.call(untypedForms[operator], untypedName(a, left, site), untypedName(b, right, site));
  const isEquality = operator === '=' || operator === '!=';
  const kinds = [left.type.kind, right.type.kind];
  if (kinds.includes('string') && kinds.includes('any')) {
    const name = left.type.kind === 'any' ? a : b;
    const other = left.type.kind === 'any' ? right : left;
    if (!other.nullable) return `typeof ${name} === "string" ? ${textText(operator, a, b, site)} : ${general}`;
  }
  if (kinds.includes('boolean') && kinds.includes('any') && isEquality) {
    const name = left.type.kind === 'any' ? a : b;
    const other = left.type.kind === 'any' ? right : left;
    if (!other.nullable) return `typeof ${name} === "boolean" ? ${a} ${signs[operator]} ${b} : ${general}`;
  }
  const tests = [floatTest(a, left), floatTest(b, right)];
  if (tests.includes(undefined)) return general;
  const test = tests.filter(one => one !== '').join(' && ');
  return `${test} ? ${asFloat(a, left)} ${signs[operator]} ${asFloat(b, right)} : ${general}`;
}
