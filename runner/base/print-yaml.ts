import {Document, Pair, Scalar, YAMLMap, YAMLSeq} from 'yaml';
import type {JsonNode} from './json-text.ts';

/** A number as it is written: `1.50` and 20 digits stay what they are. */
interface ExactNumber {
  readonly numberText: string;
}

const exactNumber = {
  identify: (value: unknown) => typeof value === 'object' && value !== null && 'numberText' in value,
  default: true,
  tag: 'tag:yaml.org,2002:float',
  resolve: (text: string): ExactNumber => ({numberText: text}),
  stringify: ({value}: {value: unknown}) => (value as ExactNumber).numberText,
} as const;

/** A tree as a YAML document; text of several lines as a block. */
export function printYaml(root: JsonNode): string {
  const document = new Document(undefined, {customTags: tags => [exactNumber, ...tags]});
  document.contents = yamlNode(root);
  return document.toString({lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER});
}

/** A block loses blanks at the ends of lines; quotes keep all. */
function textNode(value: string): Scalar {
  const scalar = new Scalar(value);
  if (value.includes('\n') && (/^[ \t]/.test(value) || /[ \t\r]$/m.test(value))) scalar.type = 'QUOTE_DOUBLE';
  return scalar;
}

/** A plain `<<` would be a merge. */
function keyNode(key: string): Scalar {
  const scalar = new Scalar(key);
  if (key === '<<') scalar.type = 'QUOTE_DOUBLE';
  return scalar;
}

function yamlNode(node: JsonNode): YAMLMap | YAMLSeq | Scalar {
  switch (node.kind) {
    case 'object': {
      const map = new YAMLMap();
      for (const [key, {value}] of node.members) map.items.push(new Pair(keyNode(key), yamlNode(value)));
      return map;
    }
    case 'array': {
      const list = new YAMLSeq();
      for (const item of node.items) list.items.push(yamlNode(item));
      return list;
    }
    case 'number':
      return new Scalar({numberText: node.text});
    case 'string':
      return textNode(node.value);
    case 'word':
      return new Scalar(node.value);
  }
}
