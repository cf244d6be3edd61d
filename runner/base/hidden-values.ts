export const mask = '******';

/** Shorter secrets are hidden where they are the whole of a value; inside other text they would be found everywhere. */
const shortestInText = 5;

/** Values that came out of files, under whatever key they stand. One list for the process: a secret is one in every log and answer. */
const hidden = new Set<string>();
/** Those and the forms they take inside JSON, longest first: one may be a part of another. */
let forms: readonly string[] = [];

/** From here on `value` shows in no log, diff, status or error. */
export function hideValue(value: string): void {
  if (value === '' || hidden.has(value)) return;
  hidden.add(value);
  const all = [...hidden].filter(({length}) => length >= shortestInText).flatMap(formsOf);
  forms = [...new Set(all)].sort((a, b) => b.length - a.length);
}

export function isHidden(value: string): boolean {
  return hidden.has(value);
}

export function withoutHidden(text: string): string {
  return forms.reduce((masked, form) => (masked.includes(form) ? masked.replaceAll(form, mask) : masked), text);
}

/** As it is, as JSON writes it, as Go does, each of them again as text inside JSON, and as URLs have it. */
function formsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const go = json.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');
  const nested = [json, go].map(form => JSON.stringify(form).slice(1, -1));
  return [value, json, go, ...nested, encodeURIComponent(value)];
}
