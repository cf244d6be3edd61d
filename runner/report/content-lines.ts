import {canonicalJson} from '#runner/base/canonical-json.ts';
import type {JsonNode} from '#runner/base/json-text.ts';
import {isSecretKey, maskText, printMaskedLeaf} from '#runner/base/mask.ts';
import {alignContent} from '#runner/resources/content-comparison.ts';
import {alignSql} from '#runner/resources/same-sql.ts';
import type {Shape} from '#runner/resources/shape.ts';
import {statementLines} from './statement-lines.ts';

/** A content as lines for people: keys sorted, statements broken at their clauses, secrets masked. */
export function contentLines(shape: Shape): readonly string[] {
  return shape.form === 'json' ? jsonLines(shape.node, undefined) : statementLines(maskText(shape.text))[0]!;
}

/**
 * The lines of what the engine holds and of what is declared, for comparison: what means the same is the same on both sides. A masked value
 * that differs is marked on the declared side.
 */
export function comparedLines(observed: Shape, declared: Shape): readonly [observed: readonly string[], declared: readonly string[]] {
  if (observed.form === 'json' && declared.form === 'json') {
    const aligned = alignContent(observed.node, declared.node, declared.comparison);
    return [jsonLines(aligned, declared.node), jsonLines(declared.node, aligned, {marksDifferences: true})];
  }
  if (observed.form === 'json' || declared.form === 'json') return [contentLines(observed), contentLines(declared)];
  const [after, before] = alignSql(declared.text, observed.text);
  const [beforeLines, afterLines] = statementLines(maskText(before), maskText(after));
  return [beforeLines!, afterLines!];
}

/** Where a value stands: its key, its indentation, and whether it is below a secret key. */
interface Place {
  readonly key: string;
  readonly indent: string;
  readonly isSecret: boolean;
}

/** `other` is the content on the other side: statements are broken as they are there, masked values compared with it. */
function jsonLines(root: JsonNode, other: JsonNode | undefined, {marksDifferences = false} = {}): readonly string[] {
  const print = (node: JsonNode, beside: JsonNode | undefined, {key, indent, isSecret}: Place): string => {
    const inner = `${indent}  `;
    if (node.kind === 'object') {
      const members = [...node.members].sort(([a], [b]) => (a < b ? -1 : 1));
      const lines = members.map(([name, {value}]) => {
        const counterpart = beside?.kind === 'object' ? beside.members.get(name)?.value : undefined;
        const text = print(value, counterpart, {key: name, indent: inner, isSecret: isSecret || isSecretKey(name)});
        return `${inner}${JSON.stringify(name)}:${text.startsWith('\n') ? '' : ' '}${text}`;
      });
      return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
    }
    if (node.kind === 'array') {
      const items = node.items.map((item, i) => {
        const counterpart = beside?.kind === 'array' ? beside.items[i] : undefined;
        return `${inner}${print(item, counterpart, {key, indent: inner, isSecret})}`;
      });
      return items.length === 0 ? '[]' : `[\n${items.join(',\n')}\n${indent}]`;
    }
    if (node.kind === 'string' && !isSecret) {
      const counterpart = beside?.kind === 'string' ? beside.value : node.value;
      if (key === 'sql') return printStatement(node.value, counterpart, inner);
      if (node.value.includes('\n')) return printLines(maskText(node.value).split('\n'), inner);
    }
    const shown = printMaskedLeaf(node, isSecret);
    const isLeaf = beside !== undefined && beside.kind !== 'object' && beside.kind !== 'array';
    const hidesDifference =
      marksDifferences && isLeaf && canonicalJson(node) !== canonicalJson(beside) && shown === printMaskedLeaf(beside, isSecret);
    return hidesDifference ? `${shown} (masked, differs)` : shown;
  };
  return print(root, other, {key: '', indent: '', isSecret: false}).split('\n');
}

function printStatement(sql: string, beside: string, indent: string): string {
  const [own, others] = alignSql(sql, beside);
  const [lines] = sql === beside ? statementLines(maskText(sql)) : statementLines(maskText(own), maskText(others));
  return lines!.length === 1 ? JSON.stringify(lines![0]) : printLines(lines!, indent);
}

/** A text of several lines, as no JSON could show it. */
function printLines(lines: readonly string[], indent: string): string {
  return `\n${lines.map(line => `${indent}${line}`.trimEnd()).join('\n')}`;
}
