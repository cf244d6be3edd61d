export const mask = '******';

/** Shorter secrets are hidden where they are the whole of a value; inside other text they would be found everywhere. */
const shortestInText = 5;

/** Values that came out of files, under whatever key they stand. One list for the process: a secret is one in every log and answer. */
const hidden = new Set<string>();
/** Those and the forms they take in other text, longest first: one may be a part of another. */
let forms: readonly string[] = [];

/** From here on `value` shows in no log, diff, status or error. */
export function hideValue(value: string): void {
  if (value === '' || hidden.has(value)) return;
  hidden.add(value);
  if (value.length >= shortestInText) forms = longestFirst([...forms, ...formsOf(value)]);
}

export function isHidden(value: string): boolean {
  return hidden.has(value);
}

export function withoutHidden(text: string): string {
  return replaceForms(text, forms);
}

/** `text` without `values`, in whatever form they stand in it. */
export function withoutValues(text: string, values: readonly string[]): string {
  return replaceForms(text, longestFirst(values.flatMap(formsOf)));
}

function replaceForms(text: string, sorted: readonly string[]): string {
  return sorted.reduce((masked, form) => (masked.includes(form) ? masked.replaceAll(form, mask) : masked), text);
}

function longestFirst(unsorted: readonly string[]): string[] {
  return [...new Set(unsorted)].sort((a, b) => b.length - a.length);
}

/** As it is, as JSON writes it, as Go does, each of them again as text inside JSON, and as URLs have it. */
function formsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const go = json.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');
  const nested = [json, go].map(form => JSON.stringify(form).slice(1, -1));
  // Half a pair of surrogates, which JSON can spell, has no form in a URL.
  const url = /\p{Surrogate}/u.test(value) ? [] : [encodeURIComponent(value)];
  return [value, json, go, ...nested, ...url];
}
