import type {Expression, FunctionCall} from '../ast/expression.ts';
import type {CreateStatement, JoinClause, SelectStatement, Statement} from '../ast/statement.ts';
import {children, expressionsOf} from '../ast/walk.ts';
import {windowKindOf} from '../grammar/actions.ts';
import {SyntaxFault} from '../grammar/syntax-fault.ts';
import {printName} from '../print-literal.ts';
import {checkWindow} from './check-window.ts';

/** Levels of nodes in one expression; what walks a tree later may recurse. */
const deepestTree = 1000;

/** Refuses what the grammar lets through and no catalogue is needed to see. Throws a SyntaxFault. */
export function checkStatement(statement: Statement, text: string): void {
  if (statement.kind === 'select') checkSelect(statement);
  if (statement.kind === 'create') checkDefinition(statement, text);
}

function checkSelect(statement: SelectStatement): void {
  for (const {expression} of expressionsOf(statement)) checkExpression(expression);
  statement.joins.forEach(checkJoin);
  if (statement.window !== undefined) checkWindow(statement.window);
  for (const {expression} of statement.orderBy) {
    if (isLiteral(expression)) {
      throw new SyntaxFault('ORDER BY takes columns and expressions, not positions', expression.span, 'Name the column.');
    }
  }
}

/** Refuses an expression that nests too deeply or holds what may not stand where it stands. */
export function checkExpression(root: Expression): void {
  const open: {node: Expression; depth: number}[] = [{node: root, depth: 1}];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const {node, depth} = next;
    if (depth > deepestTree) {
      throw new SyntaxFault(
        `the expression nests deeper than ${deepestTree} levels`,
        root.span,
        'Use IN with a list instead of many ORs, or split it into fields.',
      );
    }
    checkNode(node);
    for (const child of children(node)) open.push({node: child, depth: depth + 1});
  }
}

function checkNode(node: Expression): void {
  if (node.kind === 'call') {
    checkCall(node);
  } else if (node.kind === 'element' && node.index.kind === 'string') {
    const name = node.index.value;
    throw new SyntaxFault(
      'an index is a whole number, not a text',
      node.index.span,
      `Write ->${printName(name)} for a member of an object.`,
    );
  } else if (node.kind === 'slice' && node.from?.kind === 'integer' && node.to?.kind === 'integer') {
    const {from, to} = node;
    if (from.value >= 0 && to.value >= 0 && from.value >= to.value) {
      throw new SyntaxFault(`the start ${from.value} of a slice must be below its end ${to.value}`, from.span);
    }
  }
}

function checkCall(call: FunctionCall): void {
  if (windowKindOf(call) !== undefined) {
    throw new SyntaxFault(`"${call.name}" is a window and belongs to GROUP BY`, call.span, 'It stands there as an item of its own.');
  }
  const unit = call.arguments.find(argument => argument.kind === 'time-unit');
  if (unit !== undefined) {
    const word = unit.unit;
    throw new SyntaxFault(
      `"${word}" is a time unit and belongs to a window`,
      unit.span,
      `Write \`${word}\` in back-quotes for a column of that name.`,
    );
  }
  const {over} = call;
  const [first] = over?.partitionBy ?? [];
  if (first !== undefined && over?.when !== undefined && over.when.span.start < first.span.start) {
    throw new SyntaxFault('in the OVER of a function PARTITION BY stands before WHEN', over.span);
  }
}

function isLiteral({kind}: Expression): boolean {
  return kind === 'integer' || kind === 'float' || kind === 'string' || kind === 'boolean' || kind === 'null';
}

function checkJoin({type, on}: JoinClause): void {
  if (type === 'cross' && on !== undefined)
    throw new SyntaxFault('CROSS JOIN takes no ON', on.span, 'Write INNER JOIN … ON, or leave ON out.');
}

function checkDefinition({columns, options}: CreateStatement, text: string): void {
  for (const {type, defaultValue, name} of columns) {
    if (defaultValue !== undefined && !['bigint', 'float', 'string', 'boolean'].includes(type.kind)) {
      throw new SyntaxFault(
        `column "${name}" is ${type.kind}: DEFAULT stands with bigint, float, string and boolean only`,
        defaultValue.span,
      );
    }
  }
  for (const {key, value, span} of options) {
    if (text[span.end - 1] === "'") {
      throw new SyntaxFault(`the value of ${key} stands in double quotes`, span, `Write ${key}=${JSON.stringify(value)}.`);
    }
  }
}
