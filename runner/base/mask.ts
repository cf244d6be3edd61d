import {isHidden, mask, withoutHidden, withoutValues} from './hidden-values.ts';
import {type JsonNode, parseJson} from './json-text.ts';

/** Keys whose value nobody reading a log, diff or status may see. */
const secretKey =
  /pass(?:word|wd|phrase)?$|pwd$|secret|token|api[-_]?key|access[-_]?key|private[-_]?key(?:raw)?$|key[-_]?raw|credential|authorization|^auth$|cookie|signature$|^sig$/i;

interface Pattern {
  readonly pattern: RegExp;
  replace(...groups: readonly string[]): string;
}

/** Secrets in free text, each by the form it has there: an engine's error may echo a whole rule, a Go map or a URL. */
const patterns: readonly Pattern[] = [
  // `scheme://user:password@`, up to the last `@`: a password may hold anything. A port is none.
  {
    pattern: /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@"'\\]*):(?!\d{1,5}(?:[/?#,]|$))[^\s"'\\]+@/gi,
    replace: (_, before) => `${before}:${mask}@`,
  },
  // `https://token@`
  {pattern: /(\b[a-z][a-z0-9+.-]*:\/\/)[\w.~%-]{20,}@/gi, replace: (_, scheme) => `${scheme}${mask}@`},
  // `user:password@tcp(host:3306)/db`
  {pattern: /(\b[\w.-]+):[^\s@"'\\]+@(?=(?:tcp|unix)\()/gi, replace: (_, user) => `${user}:${mask}@`},
  // `?token=…`
  {
    pattern: /([?&;])([\w.-]{1,40})=[^&;\s"'\\#]+/g,
    replace: (whole, before, key) => (isSecretKey(key) ? `${before}${key}=${mask}` : whole),
  },
  // `"password": "…"`, also inside a string whose quotes are escaped.
  {
    pattern:
      /(\\*")([^"\\\s]{0,40}(?:pass|pwd|secret|token|key|credential|auth|cookie|sig)[^"\\\s]{0,20})\1(\s*:\s*)(?:\1(?:\\.|(?!\1)[^\n])*?\1|-?\d[\d.eE+-]*)/gi,
    replace: (whole, quote, key, colon) => (isSecretKey(key) ? `${quote}${key}${quote}${colon}${quote}${mask}${quote}` : whole),
  },
  // Values of an Authorization header.
  {pattern: /\b(Bearer|Basic) (?=[\w.~+/-]*[\d=+/])[\w.~+/-]{8,}=*/g, replace: (_, scheme) => `${scheme} ${mask}`},
  // `map[password:…]`, `{Password:…}`, `password=…`, as Go and shells write them.
  {
    pattern: /\b([\w-]{0,40}(?:password|passwd|passphrase|pwd|secret|token|api[-_]?key|authorization))([:=])[^\s,;&}\])"'\\]+/gi,
    replace: (_, key, separator) => `${key}${separator}${mask}`,
  },
  {pattern: /\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]+/g, replace: () => mask},
  {pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gs, replace: () => mask},
];

export function isSecretKey(key: string): boolean {
  return secretKey.test(key);
}

/** Free text with passwords and the like replaced. */
export function maskText(text: string): string {
  return patterns.reduce((masked, {pattern, replace}) => masked.replace(pattern, replace), withoutHidden(text));
}

/** A shorter value is no secret worth the text that its replacement would spoil. */
const shortestSecret = 4;

/** `text`, which may echo `body`, without the secrets that `body` holds, in whatever form they come back, and without `others`. */
export function maskEcho(text: string, body: string | undefined, others: readonly string[] = []): string {
  const secrets = [...others, ...(body === undefined ? [] : secretsOf(body))].filter(({length}) => length >= shortestSecret);
  return maskText(withoutValues(text, secrets));
}

/** Values of secret keys, and passwords in URLs. */
function secretsOf(body: string): readonly string[] {
  const secrets: string[] = [];
  const collect = (node: JsonNode, isSecret: boolean): void => {
    if (node.kind === 'object') for (const [key, {value}] of node.members) collect(value, isSecret || isSecretKey(key));
    else if (node.kind === 'array') for (const item of node.items) collect(item, isSecret);
    else if (isSecret && node.kind === 'number') secrets.push(node.text);
    else if (node.kind === 'string') secrets.push(...(isSecret ? [node.value] : passwordsIn(node.value)));
  };
  try {
    collect(parseJson(body), false);
  } catch {
    // What is no JSON cannot be told apart.
  }
  return secrets;
}

function passwordsIn(text: string): readonly string[] {
  return [...text.matchAll(/:\/\/[^\s/?#:@]*:([^\s]+)@/g)].map(([, password]) => password!);
}

/** A JSON text for people: indented, keys as written, numbers digit by digit, secrets masked. Text that is not JSON comes back masked. */
export function maskedJson(text: string): string {
  let node: JsonNode;
  try {
    node = parseJson(text);
  } catch {
    return maskText(text);
  }
  return printMasked(node, '');
}

/** Indented JSON of a tree with its secrets masked. `isSecret`: it stands below a secret key. */
function printMasked(node: JsonNode, indent: string, isSecret = false): string {
  const inner = `${indent}  `;
  switch (node.kind) {
    case 'object': {
      if (node.members.size === 0) return '{}';
      const lines = [...node.members].map(
        ([key, {value}]) => `${inner}${JSON.stringify(key)}: ${printMasked(value, inner, isSecret || isSecretKey(key))}`,
      );
      return `{\n${lines.join(',\n')}\n${indent}}`;
    }
    case 'array':
      if (node.items.length === 0) return '[]';
      return `[\n${node.items.map(item => `${inner}${printMasked(item, inner, isSecret)}`).join(',\n')}\n${indent}]`;
    default:
      return printMaskedLeaf(node, isSecret);
  }
}

/** One value that holds no others. */
export function printMaskedLeaf(node: Exclude<JsonNode, {kind: 'object' | 'array'}>, isSecret: boolean): string {
  if ((isSecret && !isEmpty(node)) || isHiddenLeaf(node)) return `"${mask}"`;
  switch (node.kind) {
    case 'string':
      return maskText(JSON.stringify(node.value));
    case 'number':
      return node.text;
    case 'word':
      return String(node.value);
  }
}

function isHiddenLeaf(node: JsonNode): boolean {
  if (node.kind === 'number') return node.text.length >= shortestSecret && isHidden(node.text);
  return node.kind === 'string' && isHidden(node.value);
}

function isEmpty(node: JsonNode): boolean {
  return (node.kind === 'word' && node.value !== true) || (node.kind === 'string' && node.value === '');
}
