import type {Expression, OverClause} from '#engine/language/ast/expression.ts';

/** The shape of an expression in prefix form, every node in parentheses: `a + b * 2` is `(+ a (* b 2))`. */
export function outline(node: Expression): string {
  switch (node.kind) {
    case 'integer':
      return typeof node.value === 'bigint' ? `${node.value}n` : String(node.value);
    case 'float':
      return `float:${node.text}`;
    case 'string':
      return JSON.stringify(node.value);
    case 'boolean':
      return String(node.value);
    case 'null':
      return 'null';
    case 'time-unit':
      return `unit:${node.unit}`;
    case 'column':
      return node.name;
    case 'member':
      return `(${node.operator} ${outline(node.target)} ${node.name})`;
    case 'element':
      return `([] ${outline(node.target)} ${outline(node.index)})`;
    case 'slice':
      return `([:] ${outline(node.target)} ${optional(node.from)} ${optional(node.to)})`;
    case 'wildcard': {
      const replace = node.replace.map(({expression, alias}) => `(as ${outline(expression)} ${alias})`);
      const parts = [...(node.except.length > 0 ? [`except:${node.except.join(',')}`] : []), ...replace];
      return `(* ${[node.stream ?? '', ...parts].join(' ').trim()})`.replace(' )', ')');
    }
    case 'unary':
      return `(${node.operator === '-' ? 'minus' : 'not'} ${outline(node.operand)})`;
    case 'binary':
      return `(${node.operator} ${outline(node.left)} ${outline(node.right)})`;
    case 'between':
      return `(${negated(node)}between ${outline(node.operand)} ${outline(node.low)} ${outline(node.high)})`;
    case 'in':
      return `(${negated(node)}in ${outline(node.operand)} ${node.items === undefined ? outline(node.set!) : `(${list(node.items)})`})`;
    case 'like':
      return `(${negated(node)}like ${outline(node.operand)} ${outline(node.pattern)})`;
    case 'is-null':
      return `(is-${negated(node)}null ${outline(node.operand)})`;
    case 'case': {
      const branches = node.branches.map(({when, then}) => `(when ${outline(when)} ${outline(then)})`).join(' ');
      return `(case ${optional(node.operand)} ${branches} ${optional(node.otherwise)})`;
    }
    case 'call': {
      const parts = [`call ${node.name}`, ...(node.distinct ? ['distinct'] : []), ...node.arguments.map(outline)];
      if (node.filter !== undefined) parts.push(`(filter ${outline(node.filter)})`);
      if (node.over !== undefined) parts.push(outlineOver(node.over));
      return `(${parts.join(' ')})`;
    }
  }
}

/** The shape of OVER: `(over (partition a) (order (desc b)) (when c))`. */
export function outlineOver({partitionBy, orderBy, when}: OverClause): string {
  const parts: string[] = [];
  if (partitionBy.length > 0) parts.push(`(partition ${list(partitionBy)})`);
  if (orderBy.length > 0) {
    parts.push(
      `(order ${orderBy.map(item => (item.descending ? `(desc ${outline(item.expression)})` : outline(item.expression))).join(' ')})`,
    );
  }
  if (when !== undefined) parts.push(`(when ${outline(when)})`);
  return `(${['over', ...parts].join(' ')})`;
}

function optional(node: Expression | undefined): string {
  return node === undefined ? '_' : outline(node);
}

function list(nodes: readonly Expression[]): string {
  return nodes.map(outline).join(' ');
}

function negated(node: {readonly negated: boolean}): string {
  return node.negated ? 'not-' : '';
}
