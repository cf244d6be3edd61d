import {anyStream} from '../bound-expression.ts';
import {walk} from '../bound-walk.ts';
import {dedupColumn, type Plan, type SourceNode} from '../plan.ts';
import {allExpressions, mapNodes} from '../plan-walk.ts';
import type {Rewrite} from './rewrite.ts';

/** Names the columns of each source that the rule reads, so that the others need not be decoded. */
export const pruneColumns: Rewrite = {
  name: 'prune-columns',
  summary: 'Only columns that the rule reads are decoded.',
  apply: plan => {
    const pruned = new Map(plan.sources.map(source => [source.id, pruneSource(source, plan)]));
    const mapped = mapNodes(plan, node => (node.kind === 'source' ? pruned.get(node.id)! : node));
    return {...mapped, sources: [...pruned.values()]};
  },
};

function pruneSource(source: SourceNode, plan: Plan): SourceNode {
  const named = new Set<string>();
  if (source.timestamp !== undefined) named.add(source.timestamp.column);
  const stars: (readonly string[])[] = [];
  let usesMetadata = source.usesMetadata;
  const covers = (stream: string | undefined): boolean => stream === undefined || stream === source.id;
  const mayHave = (name: string): boolean => source.schema.open || source.schema.columns.some(column => column.name === name);
  for (const expression of allExpressions(plan)) {
    walk(expression, node => {
      if (
        node.kind === 'column' &&
        node.name !== dedupColumn &&
        (node.stream === source.id || (node.stream === anyStream && mayHave(node.name)))
      )
        named.add(node.name);
      if (node.kind === 'star' && covers(node.stream)) stars.push(node.except);
      if (node.kind === 'metadata' && covers(node.stream)) usesMetadata = true;
    });
  }
  for (const field of plan.root.fields) if (field.kind === 'star' && covers(field.stream)) stars.push(field.except);
  return {...source, columns: columnsOf(source, named, stars), usesMetadata};
}

/** A star over rows that may have undeclared columns reads all; over declared columns, those it does not leave out. */
function columnsOf({schema}: SourceNode, named: ReadonlySet<string>, stars: readonly (readonly string[])[]): SourceNode['columns'] {
  const left = stars.map(except => new Set(except));
  if (left.length === 0) return [...named].sort();
  const isRead = (name: string): boolean => named.has(name) || left.some(except => !except.has(name));
  if (schema.open || schema.columns.every(column => isRead(column.name))) return 'all';
  return schema.columns
    .map(column => column.name)
    .filter(isRead)
    .sort();
}
