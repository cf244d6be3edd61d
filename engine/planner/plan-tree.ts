import type {Plan, PlanNode} from './plan.ts';

/** A line of an explained plan. `aligns`: the step of a join that holds the rows of its scan tables, a node of its own in eKuiper. */
export interface TreeLine {
  readonly node: PlanNode;
  readonly depth: number;
  readonly aligns: boolean;
}

/** Every node of a plan from the root down, the branches of a join one after the other. */
export function treeOf(plan: Plan, shows: (node: PlanNode) => boolean = () => true): readonly TreeLine[] {
  const found: TreeLine[] = [];
  const visit = (node: PlanNode, depth: number): void => {
    if (node.kind === 'merge') {
      for (const input of node.inputs) visit(input, depth);
      return;
    }
    const isShown = shows(node);
    if (isShown) found.push({node, depth, aligns: false});
    const below = isShown ? depth + 1 : depth;
    if (node.kind === 'source') return;
    if (node.kind !== 'join' || node.tables.length === 0) {
      visit(node.input, below);
      return;
    }
    found.push({node, depth: below, aligns: true});
    for (const input of [node.input, ...node.tables]) visit(input, below + 1);
  };
  visit(plan.root, 0);
  return found;
}

/** The nodes of the branches of a join: filters of single sources, and the sources. Streams first, then scan tables. */
export function branchNodes(plan: Plan): readonly PlanNode[] {
  const nodes: PlanNode[] = [];
  const visit = (node: PlanNode, isBranch: boolean): void => {
    if (node.kind === 'merge') {
      for (const input of node.inputs) visit(input, true);
      return;
    }
    if (isBranch) nodes.push(node);
    if (node.kind === 'source') return;
    visit(node.input, isBranch);
    if (node.kind === 'join') for (const table of node.tables) visit(table, true);
  };
  visit(plan.root, false);
  return nodes;
}
