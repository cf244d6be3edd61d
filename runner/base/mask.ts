import {type JsonNode, parseJson} from './json-text.ts';

const mask = '******';
/** Keys whose value nobody reading a log, diff or status may see. */
const secretKey =
  /pass(?:word|wd|phrase)?$|secret|token|api[-_]?key|access[-_]?key|private[-_]?key(?:raw)?$|key[-_]?raw|credential|authorization|cookie/i;
/** `scheme://user:password@` */
const userInfo = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"'\\]*):[^\s/@"'\\]+@/gi;
/** `"password": "…"`, also inside a string whose quotes are escaped. The key is looked at again by `isSecretKey`. */
const quotedSecret =
  /(\\*")([^"\\\s]{0,40}(?:pass|secret|token|key|credential|authorization|cookie)[^"\\\s]{0,20})\1(\s*:\s*)(?:\1(?:\\.|(?!\1)[^\n])*?\1|-?\d[\d.eE+-]*)/gi;

export function isSecretKey(key: string): boolean {
  return secretKey.test(key);
}

/** Free text (an engine's error may echo the whole rule) with passwords and the like replaced. */
export function maskText(text: string): string {
  return text
    .replace(userInfo, `$1:${mask}@`)
    .replace(quotedSecret, (whole, quote: string, key: string, colon: string) =>
      isSecretKey(key) ? `${quote}${key}${quote}${colon}${quote}${mask}${quote}` : whole,
    );
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

/** Indented JSON of a tree with its secrets masked. */
export function printMasked(node: JsonNode, indent: string): string {
  const inner = `${indent}  `;
  switch (node.kind) {
    case 'object': {
      if (node.members.size === 0) return '{}';
      const lines = [...node.members].map(([key, {value}]) => {
        const hidden = isSecretKey(key) && value.kind !== 'object' && value.kind !== 'array' && !isEmpty(value);
        return `${inner}${JSON.stringify(key)}: ${hidden ? `"${mask}"` : printMasked(value, inner)}`;
      });
      return `{\n${lines.join(',\n')}\n${indent}}`;
    }
    case 'array':
      if (node.items.length === 0) return '[]';
      return `[\n${node.items.map(item => `${inner}${printMasked(item, inner)}`).join(',\n')}\n${indent}]`;
    case 'string':
      return maskText(JSON.stringify(node.value));
    case 'number':
      return node.text;
    case 'word':
      return String(node.value);
  }
}

function isEmpty(node: JsonNode): boolean {
  return (node.kind === 'word' && node.value !== true) || (node.kind === 'string' && node.value === '');
}
