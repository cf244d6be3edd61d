import type {BoundAggregate, BoundAnalytic, BoundExpression, BoundWindowFunction} from './bound-expression.ts';
import type {Plan} from './plan.ts';

/** What the slots of a plan stand for. */
export interface SlotTable {
  readonly aliases: Plan['aliases'];
  readonly aggregates: readonly BoundAggregate[];
  /** Of a WHERE above a window. */
  readonly whereAggregates?: readonly BoundAggregate[];
  readonly analytics?: readonly BoundAnalytic[];
  readonly windowFunctions?: readonly BoundWindowFunction[];
}

/** An expression in the form of eKuiper's plan explanations: `binaryExpr:{ demo.a > 1 }`, `Call:{ name:count, args:[*] }`. */
export function printKuiper(node: BoundExpression, slots: SlotTable): string {
  const print = (child: BoundExpression): string => printKuiper(child, slots);
  const binary = (left: BoundExpression, operator: string, right: string): string => `binaryExpr:{ ${print(left)} ${operator} ${right} }`;
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'string' ? node.value : `${node.value}`;
    case 'column':
      return `${node.stream}.${node.name}`;
    case 'metadata':
      return ['meta', ...(node.stream === undefined ? [] : [node.stream]), ...node.path].join('.');
    case 'star':
      return '*';
    case 'slot':
      // Not expanded here: aliases that build on each other would double the text at each step.
      if (node.of === 'alias') return `$$alias.${slots.aliases[node.slot]!.name}`;
      if (node.of === 'analytic') return printAnalytic(slots.analytics?.[node.slot], slots);
      if (node.of === 'window-function') return printCall(slots.windowFunctions?.[node.slot]?.definition.name ?? '', []);
      if (node.of === 'window') return printAggregate(slots.whereAggregates![node.slot]!, slots);
      return node.of === 'aggregate' ? printAggregate(slots.aggregates[node.slot]!, slots) : `$$analytic_${node.slot}`;
    case 'member':
      return binary(node.target, '->', `jsonFieldName:${node.name}`);
    case 'element':
      return `binaryExpr:{ ${print(node.target)}[${print(node.index)}] }`;
    case 'slice':
      return `binaryExpr:{ ${print(node.target)}[ColonExpr:{ start:{ ${optional(node.from, print, '0')} }, end:{ ${optional(node.to, print, leastInt)} } }] }`;
    case 'unary':
      return node.operator === '-' ? `-${print(node.operand)}` : `NOT ${print(node.operand)}`;
    case 'binary':
      return binary(node.left, node.operator, print(node.right));
    case 'between':
      return binary(node.operand, node.negated ? 'NOT BETWEEN' : 'BETWEEN', `betweenExpr:{ ${print(node.low)}, ${print(node.high)} }`);
    case 'in':
      return binary(node.operand, node.negated ? 'NOT IN' : 'IN', `valueSetExpr:{ ${(node.items ?? [node.set!]).map(print).join(', ')} }`);
    case 'like':
      return binary(node.operand, node.negated ? 'NOT LIKE' : 'LIKE', `likePattern:{ ${print(node.pattern)} }`);
    case 'is-null':
      return `isNull:{ ${print(node.operand)}, negated:${node.negated} }`;
    case 'case': {
      const whens = node.branches.map(branch => `whenClause:{ ${print(branch.when)} -> ${print(branch.then)} }`).join(', ');
      return `caseExprValue:{ ${optional(node.operand, print)} ${whens} ${optional(node.otherwise, print)} }`;
    }
    case 'call':
      return printCall(node.definition.name, node.arguments.map(print));
    case 'columns-call':
      return printCall(node.definition.name, [...node.arguments, ...node.watched.map(item => item.expression)].map(print));
  }
}

/** A field with its name: the place where an alias is told in full. */
export function printAlias(name: string, expression: BoundExpression, slots: SlotTable): string {
  return `$$alias.${name},aliasRef:${printKuiper(expression, slots)}`;
}

function printAggregate({definition, argument, options}: BoundAggregate, slots: SlotTable): string {
  return printCall(definition.name, [argument === undefined ? '*' : printKuiper(argument, slots), ...options.map(String)]);
}

/** A call of an analytic function, as the line of its stage lists them. */
export function printAnalytic(analytic: BoundAnalytic | undefined, slots: SlotTable): string {
  if (analytic === undefined) return '';
  const {definition, arguments: values, partitionBy, when} = analytic;
  const print = (child: BoundExpression): string => printKuiper(child, slots);
  const members = [`name:${definition.name}`, `args:[${values.map(print).join(', ')}]`];
  if (partitionBy.length > 0) members.push(`partition:[${partitionBy.map(print).join(', ')}]`);
  if (when !== undefined) members.push(`when:{ ${print(when)} }`);
  return `Call:{ ${members.join(', ')} }`;
}

const printCall = (name: string, values: readonly string[]): string => `Call:{ name:${name}, args:[${values.join(', ')}] }`;

/** What eKuiper prints for the end of a slice that is not given. */
const leastInt = '-2147483648';

/** eKuiper prints an operand that is not written as nothing, and the bounds of a slice as `absent`. */
function optional(node: BoundExpression | undefined, print: (node: BoundExpression) => string, absent = ''): string {
  return node === undefined ? absent : print(node);
}
