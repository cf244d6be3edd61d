import type {BoundExpression} from './bound-expression.ts';

/** The expressions directly below a node, in the order they are written. */
export function childrenOf(node: BoundExpression): readonly BoundExpression[] {
  switch (node.kind) {
    case 'literal':
    case 'column':
    case 'metadata':
    case 'slot':
      return [];
    case 'star':
      return node.replace === undefined ? [] : node.replace.map(item => item.expression);
    case 'columns-call':
      return [...node.arguments, ...node.watched.map(item => item.expression)];
    case 'member':
      return [node.target];
    case 'element':
      return [node.target, node.index];
    case 'slice':
      return present([node.target, node.from, node.to]);
    case 'unary':
    case 'is-null':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'between':
      return [node.operand, node.low, node.high];
    case 'in':
      return present([node.operand, ...(node.items ?? []), node.set]);
    case 'like':
      return [node.operand, node.pattern];
    case 'case':
      return present([node.operand, ...node.branches.flatMap(branch => [branch.when, branch.then]), node.otherwise]);
    case 'call':
      return node.arguments;
  }
}

/** Calls `visit` for the node and everything below it, outside in. */
export function walk(node: BoundExpression, visit: (node: BoundExpression) => void): void {
  visit(node);
  for (const child of childrenOf(node)) walk(child, visit);
}

/** Whether the node or something below it satisfies `test`. */
export function some(node: BoundExpression, test: (node: BoundExpression) => boolean): boolean {
  return test(node) || childrenOf(node).some(child => some(child, test));
}

/** The node with each direct child replaced by `map` of it; the node itself when no child changes. */
export function mapChildren(node: BoundExpression, map: (child: BoundExpression) => BoundExpression): BoundExpression {
  switch (node.kind) {
    case 'literal':
    case 'column':
    case 'metadata':
    case 'slot':
      return node;
    case 'star':
      return node.replace === undefined ? node : changed(node, {replace: mapNamed(node.replace, map)});
    case 'columns-call':
      return changed(node, {arguments: mapList(node.arguments, map), watched: mapNamed(node.watched, map)});
    case 'member':
      return changed(node, {target: map(node.target)});
    case 'element':
      return changed(node, {target: map(node.target), index: map(node.index)});
    case 'slice':
      return changed(node, {target: map(node.target), from: node.from && map(node.from), to: node.to && map(node.to)});
    case 'unary':
    case 'is-null':
      return changed(node, {operand: map(node.operand)});
    case 'binary':
      return changed(node, {left: map(node.left), right: map(node.right)});
    case 'between':
      return changed(node, {operand: map(node.operand), low: map(node.low), high: map(node.high)});
    case 'in':
      return changed(node, {operand: map(node.operand), items: node.items && mapList(node.items, map), set: node.set && map(node.set)});
    case 'like':
      return changed(node, {operand: map(node.operand), pattern: map(node.pattern)});
    case 'case':
      return changed(node, {
        operand: node.operand && map(node.operand),
        branches: mapBranches(node.branches, map),
        otherwise: node.otherwise && map(node.otherwise),
      });
    case 'call':
      return changed(node, {arguments: mapList(node.arguments, map)});
  }
}

/** The tree rebuilt from the leaves up: `map` sees each node after its children. */
export function rewriteBottomUp(node: BoundExpression, map: (node: BoundExpression) => BoundExpression): BoundExpression {
  return map(mapChildren(node, child => rewriteBottomUp(child, map)));
}

/** The list with each item mapped; the list itself when nothing changes. */
export function mapList<T>(list: readonly T[], map: (item: T) => T): readonly T[] {
  const mapped = list.map(map);
  return mapped.every((item, i) => item === list[i]) ? list : mapped;
}

type Named = readonly {readonly name: string; readonly expression: BoundExpression}[];

function mapNamed(items: Named, map: (child: BoundExpression) => BoundExpression): Named {
  return mapList(items, item => changed(item, {expression: map(item.expression)}));
}

type Branches = Extract<BoundExpression, {kind: 'case'}>['branches'];

function mapBranches(branches: Branches, map: (child: BoundExpression) => BoundExpression): Branches {
  // biome-ignore lint/suspicious/noThenProperty: the word of the language
  return mapList(branches, branch => changed(branch, {when: map(branch.when), then: map(branch.then)}));
}

function changed<T extends object>(node: T, fields: Partial<T>): T {
  const same = (Object.keys(fields) as (keyof T)[]).every(key => fields[key] === node[key]);
  return same ? node : {...node, ...fields};
}

function present(list: readonly (BoundExpression | undefined)[]): BoundExpression[] {
  return list.filter(item => item !== undefined);
}
