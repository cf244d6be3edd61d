import type {BoundAggregate, BoundAnalytic, BoundExpression, BoundWindowFunction} from './bound-expression.ts';
import {mapList} from './bound-walk.ts';
import {
  type AnalyticNode,
  analyticColumn,
  dedupColumn,
  type MergeNode,
  type Plan,
  type PlanNode,
  type ProjectedField,
  type ProjectNode,
  type SourceNode,
  type WindowSpec,
} from './plan.ts';
import {branchNodes} from './plan-tree.ts';

/** The nodes from the root down to the source, or to where the streams of a join meet; not the branches of a join (`branchNodes`). */
export function nodesOf(plan: Plan): readonly PlanNode[] {
  const nodes: PlanNode[] = [];
  for (let node: PlanNode | undefined = plan.root; node !== undefined; node = isLeaf(node) ? undefined : node.input) nodes.push(node);
  return nodes;
}

const isLeaf = (node: PlanNode): node is SourceNode | MergeNode => node.kind === 'source' || node.kind === 'merge';

/** The analytic functions of the plan by their slots. */
export function analyticsOf(plan: Plan): AnalyticNode['analytics'] {
  const analytics: AnalyticNode['analytics'][number][] = [];
  for (const node of nodesOf(plan)) if (node.kind === 'analytic') for (const one of node.analytics) analytics[one.slot] = one;
  return analytics;
}

/** Columns that stages of the plan add to rows for later stages. */
export function internalColumns(plan: Plan): readonly string[] {
  return nodesOf(plan).flatMap(node => {
    if (node.kind === 'dedup') return [dedupColumn];
    return node.kind === 'analytic' ? node.analytics.map(({slot}) => analyticColumn(slot)) : [];
  });
}

/** The window functions of the plan by their slots. */
export function windowFunctionsOf(plan: Plan): readonly BoundWindowFunction[] {
  return nodesOf(plan).flatMap(node => (node.kind === 'windowFunc' ? node.functions : []));
}

/** Rebuilds the tree from the source up; `map` sees each node with its new input. The root must stay a projection. */
export function mapNodes(plan: Plan, map: (node: PlanNode) => PlanNode): Plan {
  const rebuild = (node: PlanNode): PlanNode => {
    if (node.kind === 'source') return map(node);
    if (node.kind === 'merge') {
      const inputs = mapList(node.inputs, rebuild);
      return map(inputs === node.inputs ? node : {...node, inputs});
    }
    const input = rebuild(node.input);
    const same = input === node.input ? node : {...node, input};
    if (same.kind !== 'join') return map(same);
    const tables = mapList(same.tables, rebuild);
    return map(tables === same.tables ? same : {...same, tables});
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
  return [...nodesOf(plan), ...branchNodes(plan)].flatMap(expressionsOf).concat(plan.aliases.map(alias => alias.expression));
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
    case 'merge':
    case 'watermark':
      return node;
    case 'join': {
      const steps = mapList(node.steps, step => {
        const on = step.on && map(step.on);
        return on === step.on ? step : {...step, on};
      });
      return steps === node.steps ? node : {...node, steps};
    }
    case 'filter': {
      const condition = map(node.condition);
      const aggregates = node.aggregates && mapList(node.aggregates, aggregate => mapAggregate(aggregate, map));
      if (condition === node.condition && aggregates === node.aggregates) return node;
      return {...node, condition, ...(aggregates && {aggregates})};
    }
    case 'analytic': {
      const analytics = mapList(node.analytics, one => mapAnalytic(one, map));
      return analytics === node.analytics ? node : {...node, analytics};
    }
    case 'dedup': {
      // Reads columns, which no rewrite replaces.
      for (const column of [node.start, node.end, node.now]) map(column);
      return node;
    }
    case 'windowFunc': {
      const functions = mapList(node.functions, one => mapWindowFunction(one, map));
      return functions === node.functions ? node : {...node, functions};
    }
    case 'having': {
      const condition = map(node.condition);
      return condition === node.condition ? node : {...node, condition};
    }
    case 'window': {
      const filter = node.filter && map(node.filter);
      const window = mapWindow(node.window, map);
      return filter === node.filter && window === node.window ? node : {...node, filter, window};
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

function mapWindow(spec: WindowSpec, map: (expression: BoundExpression) => BoundExpression): WindowSpec {
  if (spec.kind === 'sliding') {
    const when = spec.when && map(spec.when);
    return when === spec.when ? spec : {...spec, when};
  }
  if (spec.kind !== 'state') return spec;
  const begin = map(spec.begin);
  const emit = spec.emit && map(spec.emit);
  const partitionBy = mapList(spec.partitionBy, map);
  return begin === spec.begin && emit === spec.emit && partitionBy === spec.partitionBy ? spec : {...spec, begin, emit, partitionBy};
}

function mapAggregate(aggregate: BoundAggregate, map: (expression: BoundExpression) => BoundExpression): BoundAggregate {
  const argument = aggregate.argument && map(aggregate.argument);
  const filter = aggregate.filter && map(aggregate.filter);
  return argument === aggregate.argument && filter === aggregate.filter ? aggregate : {...aggregate, argument, filter};
}

function mapAnalytic<T extends BoundAnalytic>(analytic: T, map: (expression: BoundExpression) => BoundExpression): T {
  const values = mapList(analytic.arguments, map);
  const partitionBy = mapList(analytic.partitionBy, map);
  const when = analytic.when && map(analytic.when);
  const isSame = values === analytic.arguments && partitionBy === analytic.partitionBy && when === analytic.when;
  return isSame ? analytic : {...analytic, arguments: values, partitionBy, when};
}

function mapWindowFunction(one: BoundWindowFunction, map: (expression: BoundExpression) => BoundExpression): BoundWindowFunction {
  const partitionBy = mapList(one.partitionBy, map);
  const orderBy = mapList(one.orderBy, item => withExpression(item, map));
  return partitionBy === one.partitionBy && orderBy === one.orderBy ? one : {...one, partitionBy, orderBy};
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
