import {nearest} from '#engine/base/nearest.ts';
import {matchesPattern} from '#runner/base/pattern.ts';
import {kindNames, type ObjectKey} from '#runner/desired/declared.ts';

/** Whether an object is one that the patterns name: `kind name`, with `*` for any text. */
export function objectMatcher(patterns: readonly string[]): (key: ObjectKey) => boolean {
  return key => patterns.some(pattern => matchesPattern(pattern, key));
}

/** What is wrong with a pattern; undefined when some object could match it. */
export function objectPatternFault(pattern: string): string | undefined {
  const kind = pattern.split(' ', 1)[0]!;
  if (pattern.includes('*') && !/^[A-Za-z]+ /.test(pattern)) return undefined;
  if (!pattern.includes(' ')) return `expected a kind and a name such as "stream plant-*", got "${pattern}"`;
  if ((kindNames as readonly string[]).includes(kind)) return undefined;
  const near = nearest(kind, kindNames);
  return `unknown kind "${kind}" in "${pattern}"${near === undefined ? `; expected one of ${kindNames.join(', ')}` : `, did you mean "${near}"`}`;
}
