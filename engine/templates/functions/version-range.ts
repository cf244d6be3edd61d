/** A semantic version (semver.org 2.0.0). */
export interface VersionParts {
  readonly numbers: readonly [major: bigint, minor: bigint, patch: bigint];
  readonly prerelease: string;
  readonly metadata: string;
}

const versionPattern =
  /^v?(\d{1,19})(?:\.(\d{1,19}))?(?:\.(\d{1,19}))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/;

/** A version; minor and patch may be missing and a `v` may stand before. Undefined when it is none. */
export function parseVersion(text: string): VersionParts | undefined {
  const match = text.length > 256 ? null : versionPattern.exec(text);
  if (!match) return undefined;
  const [, major, minor = '0', patch = '0', prerelease = '', metadata = ''] = match;
  if (prerelease.split('.').some(part => /^0\d+$/.test(part))) return undefined;
  return {numbers: [BigInt(major!), BigInt(minor), BigInt(patch)], prerelease, metadata};
}

/** Negative, 0 or positive by precedence (semver.org 2.0.0, 11); metadata do not count. */
export function compareVersions(a: VersionParts, b: VersionParts): number {
  for (const [i, number] of a.numbers.entries()) {
    if (number !== b.numbers[i]!) return number < b.numbers[i]! ? -1 : 1;
  }
  if (a.prerelease === b.prerelease) return 0;
  if (a.prerelease === '' || b.prerelease === '') return a.prerelease === '' ? 1 : -1;
  return comparePrereleases(a.prerelease.split('.'), b.prerelease.split('.'));
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  for (const [i, part] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    if (part === other) continue;
    const isNumber = /^\d+$/.test(part);
    const isOtherNumber = /^\d+$/.test(other);
    if (isNumber && isOtherNumber) return BigInt(part) < BigInt(other) ? -1 : 1;
    if (isNumber || isOtherNumber) return isNumber ? -1 : 1;
    return part < other ? -1 : 1;
  }
  return -1;
}

/** A version in a condition; `given`: how many of its numbers are no wildcards. */
interface Bound {
  readonly sign: string;
  readonly version: VersionParts;
  readonly given: number;
}

const boundPattern =
  /^\s*(=|==|!=|>|<|>=|=>|<=|=<|~|~>|\^)?\s*v?(\d{1,19}|[xX*])(?:\.(\d{1,19}|[xX*]))?(?:\.(\d{1,19}|[xX*]))?(?:-([0-9A-Za-z.-]+))?(?:\+([0-9A-Za-z.-]+))?(?=[\s,]|$)[\s,]*/;

/**
 * Whether a version satisfies a condition: alternatives between `||`, bounds between spaces or commas, `a - b` for a range. A version with a
 * prerelease satisfies only bounds that have one. Undefined when the condition is none.
 */
export function satisfies(version: VersionParts, condition: string): boolean | undefined {
  if (condition.length > 512) return undefined;
  const alternatives = condition.split('||').map(bounds);
  if (!alternatives.every(alternative => alternative !== undefined)) return undefined;
  return alternatives.some(alternative => alternative.every(bound => holds(version, bound)));
}

function bounds(text: string): Bound[] | undefined {
  const list: Bound[] = [];
  let rest = text.trim().replace(/(\S+)\s+-\s+(\S+)/g, '>=$1 <=$2');
  if (rest === '') return undefined;
  while (rest !== '') {
    const match = boundPattern.exec(rest);
    if (!match) return undefined;
    const [whole, sign = '', major, minor, patch, prerelease = '', metadata = ''] = match;
    const numbers = [major, minor, patch];
    const open = numbers.findIndex(number => number === undefined || /[xX*]/.test(number));
    const given = open < 0 ? 3 : open;
    const [a, b, c] = numbers.map((number, i) => (i < given ? BigInt(number!) : 0n)) as [bigint, bigint, bigint];
    list.push({sign, version: {numbers: [a, b, c], prerelease, metadata}, given});
    rest = rest.slice(whole.length);
  }
  return list;
}

function holds(version: VersionParts, {sign, version: bound, given}: Bound): boolean {
  if (version.prerelease !== '' && bound.prerelease === '' && sign !== '!=') return false;
  const order = compareVersions(version, bound);
  /** Whether the first numbers are those of the bound. */
  const shares = (count: number): boolean => version.numbers.every((number, i) => i >= count || number === bound.numbers[i]);
  switch (sign) {
    case '>':
      return given === 3 ? order > 0 : order > 0 && !shares(given);
    case '<':
      return order < 0;
    case '>=':
    case '=>':
      return order >= 0;
    case '<=':
    case '=<':
      return given === 3 ? order <= 0 : order <= 0 || shares(given);
    case '!=':
      return given === 3 ? order !== 0 : !shares(given);
    case '~':
    case '~>':
      return order >= 0 && shares(Math.min(given, 2));
    case '^':
      return order >= 0 && shares(firstOfCaret(bound, given));
    default:
      return given === 3 ? order === 0 : order >= 0 && shares(given);
  }
}

/** How many numbers `^` keeps: up to the first that is not 0. */
function firstOfCaret({numbers}: VersionParts, given: number): number {
  if (given === 0) return 0;
  if (numbers[0] > 0n || given === 1) return 1;
  if (numbers[1] > 0n || given === 2) return 2;
  return 3;
}
