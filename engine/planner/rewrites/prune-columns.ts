import {anyStream, type BoundColumn, type BoundExpression} from '../bound-expression.ts';
import {childrenOf} from '../bound-walk.ts';
import {dedupColumn, type Plan, type ReadPath, type SourceNode} from '../plan.ts';
import {allExpressions, mapNodes} from '../plan-walk.ts';
import type {Rewrite} from './rewrite.ts';

/** Names the columns of each source that the rule reads, and the members of structs, so that the others need not be decoded. */
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
  /** By their columns. */
  const named = new Map<string, ReadPath[]>();
  const add = (path: ReadPath): void => {
    const [column] = path;
    const paths = named.get(column);
    if (paths) paths.push(path);
    else named.set(column, [path]);
  };
  if (source.timestamp !== undefined) add([source.timestamp.column]);
  const stars: (readonly string[])[] = [];
  let usesMetadata = source.usesMetadata;
  const covers = (stream: string | undefined): boolean => stream === undefined || stream === source.id;
  const mayHave = (name: string): boolean => source.schema.open || source.schema.columns.some(column => column.name === name);
  for (const expression of allExpressions(plan)) {
    walkPaths(
      expression,
      ({stream, name}, members) => {
        if (name !== dedupColumn && (stream === source.id || (stream === anyStream && mayHave(name)))) add([name, ...members]);
      },
      node => {
        if (node.kind === 'star' && covers(node.stream)) stars.push(node.except);
        if (node.kind === 'metadata' && covers(node.stream)) usesMetadata = true;
      },
    );
  }
  for (const field of plan.root.fields) if (field.kind === 'star' && covers(field.stream)) stars.push(field.except);
  const left = stars.map(except => new Set(except));
  const isStarred = (name: string): boolean => left.some(except => !except.has(name));
  const columns = columnsOf(source, named, isStarred, left.length > 0);
  const reads =
    columns === 'all' ? columns : columns.flatMap((name): readonly ReadPath[] => (isStarred(name) ? [[name]] : distinct(named.get(name)!)));
  return {...source, columns, reads, usesMetadata};
}

/** Calls `read` for each column and the members that are taken of it at once, `visit` for every other node. */
function walkPaths(
  node: BoundExpression,
  read: (column: BoundColumn, members: readonly string[]) => void,
  visit: (node: BoundExpression) => void,
): void {
  const members: string[] = [];
  let target = node;
  for (; target.kind === 'member'; target = target.target) members.unshift(target.name);
  if (target.kind === 'column') {
    read(target, members);
    return;
  }
  visit(node);
  for (const child of childrenOf(node)) walkPaths(child, read, visit);
}

/** Each path once, in a fixed order. */
function distinct(paths: readonly ReadPath[]): readonly ReadPath[] {
  const byText = new Map(paths.map(path => [JSON.stringify(path), path]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path);
}

/** A star over rows that may have undeclared columns reads all; over declared columns, those it does not leave out. */
function columnsOf(
  {schema}: SourceNode,
  named: ReadonlyMap<string, unknown>,
  isStarred: (name: string) => boolean,
  hasStar: boolean,
): SourceNode['columns'] {
  if (!hasStar) return [...named.keys()].sort();
  const isRead = (name: string): boolean => named.has(name) || isStarred(name);
  if (schema.open || schema.columns.every(column => isRead(column.name))) return 'all';
  return schema.columns
    .map(column => column.name)
    .filter(isRead)
    .sort();
}
