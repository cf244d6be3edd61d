import type {BoundAggregate, BoundExpression} from './bound-expression.ts';
import {mapList} from './bound-walk.ts';
import type {Plan, PlanNode, ProjectedField, ProjectNode} from './plan.ts';

/** The nodes from the root down to the source. */
export function nodesOf(plan: Plan): readonly PlanNode[] {
  const nodes: PlanNode[] = [];
  for (let node: PlanNode | undefined = plan.root; node !== undefined; node = node.kind === 'source' ? undefined : node.input)
    nodes.push(node);
  return nodes;
}

/** Rebuilds the tree from the source up; `map` sees each node with its new input. The root must stay a projection. */
export function mapNodes(plan: Plan, map: (node: PlanNode) => PlanNode): Plan {
  const rebuild = (node: PlanNode): PlanNode => {
    if (node.kind === 'source') return map(node);
    const input = rebuild(node.input);
    return map(input === node.input ? node : {...node, input});
  };
  const root = rebuild(plan.root) as ProjectNode;
  return root === plan.root ? plan : {...plan, root};
}

/** Every expression a node evaluates itself, aggregates' arguments and filters included. */
export function expressionsOf(node: PlanNode): readonly BoundExpression[] {
  const found: BoundExpression[] = [];
  mapNodeExpressions(node, expression => {
    found.push(expression);
    return expression;
  });
  return found;
}

/** Every expression of the plan: of its nodes and of its aliases. */
export function allExpressions(plan: Plan): readonly BoundExpression[] {
  return [...nodesOf(plan).flatMap(expressionsOf), ...plan.aliases.map(alias => alias.expression)];
}

/** The plan with each expression replaced by `map` of it. */
export function mapExpressions(plan: Plan, map: (expression: BoundExpression) => BoundExpression): Plan {
  const mapped = mapNodes(plan, node => mapNodeExpressions(node, map));
  const aliases = mapList(plan.aliases, alias => withExpression(alias, map));
  return aliases === plan.aliases ? mapped : {...mapped, aliases};
}

function mapNodeExpressions(node: PlanNode, map: (expression: BoundExpression) => BoundExpression): PlanNode {
  switch (node.kind) {
    case 'source':
      return node;
    case 'filter':
    case 'having': {
      const condition = map(node.condition);
      return condition === node.condition ? node : {...node, condition};
    }
    case 'window': {
      const filter = node.filter && map(node.filter);
      return filter === node.filter ? node : {...node, filter};
    }
    case 'aggregate': {
      const groupBy = mapList(node.groupBy, map);
      const aggregates = mapList(node.aggregates, aggregate => mapAggregate(aggregate, map));
      return groupBy === node.groupBy && aggregates === node.aggregates ? node : {...node, groupBy, aggregates};
    }
    case 'order': {
      const items = mapList(node.items, item => withExpression(item, map));
      return items === node.items ? node : {...node, items};
    }
    case 'project': {
      const fields = mapList(node.fields, field => mapField(field, map));
      return fields === node.fields ? node : {...node, fields};
    }
  }
}

function mapAggregate(aggregate: BoundAggregate, map: (expression: BoundExpression) => BoundExpression): BoundAggregate {
  const argument = aggregate.argument && map(aggregate.argument);
  const filter = aggregate.filter && map(aggregate.filter);
  return argument === aggregate.argument && filter === aggregate.filter ? aggregate : {...aggregate, argument, filter};
}

function mapField(field: ProjectedField, map: (expression: BoundExpression) => BoundExpression): ProjectedField {
  if (field.kind === 'expression') return withExpression(field, map);
  const replace = mapList(field.replace, item => withExpression(item, map));
  return replace === field.replace ? field : {...field, replace};
}

function withExpression<T extends {readonly expression: BoundExpression}>(
  item: T,
  map: (expression: BoundExpression) => BoundExpression,
): T {
  const expression = map(item.expression);
  return expression === item.expression ? item : {...item, expression};
}
