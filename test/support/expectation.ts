import type {HttpAnswer} from './http-request.ts';

/** What a scenario wants of an answer; absent members are not looked at. */
export interface Expectation {
  readonly status?: number;
  /** The exact body. */
  readonly text?: string;
  /** A regular expression that the body holds. */
  readonly match?: string;
  /** The exact body as JSON. */
  readonly json?: unknown;
  /** Keys and elements that the JSON body must hold among others. */
  readonly has?: unknown;
  /** Elements that the JSON body must not hold. */
  readonly lacks?: readonly unknown[];
  /** The code of a body in the error form. */
  readonly error?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
}

const dayMs = 86_400_000;

/** Words that stand for many values. `$absent` says that a member is not there. */
const wildcards: Readonly<Record<string, (value: unknown) => boolean>> = {
  $any: value => value !== undefined,
  $number: value => typeof value === 'number',
  $string: value => typeof value === 'string',
  $time: value => Math.abs((typeof value === 'number' ? value : Date.parse(String(value))) - Date.now()) < dayMs,
  $absent: value => value === undefined,
};

/** The first thing in which an answer differs from what was wanted; undefined when it fits. */
export function difference(want: Expectation, {status, headers, text}: HttpAnswer): string | undefined {
  if (want.status !== undefined && status !== want.status) return `status: wanted ${want.status}, got ${status} ${show(text)}`;
  const type = headers['content-type'] ?? '';
  if (want.type !== undefined && (want.type.includes(';') ? type : type.split(';')[0]) !== want.type) {
    return `content type: wanted ${want.type}, got ${type || 'none'}`;
  }
  for (const [name, value] of Object.entries(want.headers ?? {})) {
    const found = unlike(value, headers[name.toLowerCase()], false, `header ${name}`);
    if (found !== undefined) return found;
  }
  if (want.text !== undefined && text !== want.text) return `text: wanted ${show(want.text)}, got ${show(text)}`;
  if (want.match !== undefined && !new RegExp(want.match, 's').test(text)) return `text: wanted /${want.match}/, got ${show(text)}`;
  return bodyDifference(want, text);
}

function bodyDifference(want: Expectation, text: string): string | undefined {
  if (!('json' in want || 'has' in want || 'lacks' in want || 'error' in want)) return undefined;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return `body: wanted JSON, got ${show(text)}`;
  }
  if (want.error !== undefined) {
    const found = unlike({error: want.error, message: '$string'}, body, true);
    if (found !== undefined) return `error form: ${found}`;
  }
  const present = want.lacks?.find(item => !Array.isArray(body) || body.some(one => unlike(item, one, true) === undefined));
  if (present !== undefined) return `body: wanted no element ${show(present)}, got ${show(body)}`;
  return ('json' in want ? unlike(want.json, body, false) : undefined) ?? ('has' in want ? unlike(want.has, body, true) : undefined);
}

/** `partial`: objects may have more members, lists more elements. */
function unlike(want: unknown, got: unknown, partial: boolean, at = ''): string | undefined {
  const mismatch = () => `${at || 'body'}: wanted ${show(want)}, got ${show(got)}`;
  if (typeof want === 'string' && Object.hasOwn(wildcards, want)) return wildcards[want]!(got) ? undefined : mismatch();
  if (Array.isArray(want)) {
    if (!Array.isArray(got)) return mismatch();
    if (partial) return want.every(item => got.some(one => unlike(item, one, true) === undefined)) ? undefined : mismatch();
    if (want.length !== got.length) return mismatch();
    return first(want.map((item, i) => () => unlike(item, got[i], false, `${at}[${i}]`)));
  }
  if (want !== null && typeof want === 'object') {
    if (got === null || typeof got !== 'object' || Array.isArray(got)) return mismatch();
    const members = got as Record<string, unknown>;
    const path = (key: string) => (at ? `${at}.${key}` : key);
    const found = first(
      Object.entries(want).map(
        ([key, item]) =>
          () =>
            unlike(item, members[key], partial, path(key)),
      ),
    );
    if (found !== undefined || partial) return found;
    const extra = Object.keys(members).find(key => !(key in want));
    return extra === undefined ? undefined : `${path(extra)}: not wanted, got ${show(members[extra])}`;
  }
  return want === got ? undefined : mismatch();
}

function first(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const found = check();
    if (found !== undefined) return found;
  }
  return undefined;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 700 ? `${text.slice(0, 700)}…` : text;
}
