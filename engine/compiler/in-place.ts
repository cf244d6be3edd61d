import {type Code, hold, type InPlace, type Site} from './code.ts';

/**
 * A numeric or untyped operand as a number computed in place; undefined for other types. A chain of such operands is tested as a whole and
 * then computed without naming what lies between, so that floats stay unboxed.
 */
export function inPlaceOf(code: Code, site: Site): InPlace | undefined {
  if (code.inPlace !== undefined) return code.inPlace;
  const {kind} = code.type;
  if (kind !== 'any' && kind !== 'int' && kind !== 'float') return undefined;
  const {before, name} = hold(code, site);
  if (kind === 'any') return {before, tests: [`typeof ${name} === "number"`], text: name, general: name};
  return {before, tests: code.nullable ? [`${name} !== null`] : [], text: name, general: 'null'};
}

/** The number of an operand for which its tests hold, as a float. */
export function floatText({type, literal}: Code, {text}: InPlace): string {
  return type.kind === 'int' && literal === undefined ? `Number(${text})` : text;
}

/** The operand's value in the untyped form, whether its tests hold or not. */
export function untypedText({type}: Code, {tests, text, general}: InPlace, site: Site): string {
  // The general form is right for numbers too, and repeating the other one at each level would square the program's size.
  if (type.kind === 'any') return general;
  const value = type.kind === 'int' ? site.emission.call('widen', text) : text;
  return tests.length === 0 ? value : choose(tests, value, 'null');
}

/** `whenTrue` where all tests hold. */
export function choose(tests: readonly string[], whenTrue: string, otherwise: string): string {
  return tests.length === 0 ? whenTrue : `(${tests.join(' && ')} ? ${whenTrue} : ${otherwise})`;
}

export function joinTests(a: InPlace, b: InPlace): readonly string[] {
  return [...new Set([...a.tests, ...b.tests])];
}
