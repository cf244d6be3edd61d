import type {BoundExpression, BoundLiteral} from '#engine/planner/bound-expression.ts';
import {boolean} from '#engine/values/data-type.ts';
import {elementCode, memberCode, sliceCode} from './access-code.ts';
import {arithmeticCode, negationCode} from './arithmetic-code.ts';
import {bitCode} from './bit-code.ts';
import {callCode} from './call-code.ts';
import {caseCode} from './case-code.ts';
import {type Code, type Site, untyped} from './code.ts';
import {columnsCallCode} from './columns-call-code.ts';
import {comparisonCode} from './comparison-code.ts';
import {logicCode, notCode} from './logic-code.ts';
import {betweenCode, inCode, isNullCode, likeCode} from './predicate-code.ts';

/** Compiles a bound expression: the one switch over its kinds. */
export function compileExpression(node: BoundExpression, site: Site): Code {
  switch (node.kind) {
    case 'literal':
      return literalCode(node, site);
    case 'column':
      return {text: site.column(node.stream, node.name), type: node.type, nullable: true, simple: true, fails: false};
    case 'slot':
      return site.slot(node);
    case 'star':
      return site.star(node);
    case 'metadata':
      return {text: site.emission.constant(site.metadataPath(node)), type: node.type, nullable: false, simple: true, fails: false};
    case 'member':
      return memberCode(node, site, compileExpression);
    case 'element':
      return elementCode(node, site, compileExpression);
    case 'slice':
      return sliceCode(node, site, compileExpression);
    case 'unary':
      return node.operator === '-' ? negationCode(node, site, compileExpression) : notCode(node, site, compileExpression);
    case 'binary':
      switch (node.operator) {
        case 'AND':
        case 'OR':
          return logicCode(node, site, compileExpression);
        case '&':
        case '|':
        case '^':
          return bitCode(node, site, compileExpression);
        case '+':
        case '-':
        case '*':
        case '/':
        case '%':
          return arithmeticCode(node, site, compileExpression);
        default:
          return comparisonCode(node.operator, compileExpression(node.left, site), compileExpression(node.right, site), site);
      }
    case 'between':
      return betweenCode(node, site, compileExpression);
    case 'in':
      return inCode(node, site, compileExpression);
    case 'like':
      return likeCode(node, site, compileExpression);
    case 'is-null':
      return isNullCode(node, site, compileExpression);
    case 'case':
      return caseCode(node, site, compileExpression);
    case 'call':
      return callCode(node, site, compileExpression);
    case 'columns-call':
      return columnsCallCode(node, site, compileExpression);
  }
}

/** Compiles an expression as a condition of WHERE and its like: text of a JavaScript boolean. */
export function compileCondition(node: BoundExpression, site: Site): Code {
  const code = compileExpression(node, site);
  if (code.type.kind === 'boolean') {
    return code.nullable ? {...code, text: `(${code.text} === true)`, nullable: false, simple: false} : code;
  }
  return {text: site.emission.call('holds', untyped(code, site)), type: boolean, nullable: false, simple: false, fails: true};
}

function literalCode({value, type}: BoundLiteral, site: Site): Code {
  if (value === null || typeof value === 'boolean') {
    return {text: String(value), type, nullable: value === null, simple: true, fails: false};
  }
  // An int in an untyped slot comes from a folded expression of unknown type and is a bigint there.
  const isInt = type.kind === 'int' && (typeof value === 'number' || typeof value === 'bigint');
  const bound = isInt && typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
  const text = site.emission.constant(bound);
  const literal = isInt || (type.kind === 'float' && typeof value === 'number') ? Number(value) : undefined;
  const isSafe = typeof bound === 'number';
  return {text, type, nullable: false, simple: true, fails: false, ...(literal !== undefined && isSafe && {literal})};
}
