import {parser as grammar} from '#grammar';
import type {Expression} from './ast/expression.ts';
import type {SelectStatement, Statement} from './ast/statement.ts';
import {checkExpression, checkStatement} from './check/check-statement.ts';
import {actions} from './grammar/actions.ts';
import {buildAutomaton} from './grammar/automaton.ts';
import {Lexer, type StartToken, type Token} from './grammar/lexer.ts';
import {runParser, UnexpectedToken} from './grammar/lr-parser.ts';
import {SyntaxFault} from './grammar/syntax-fault.ts';
import {explainUnexpected} from './mistakes/explain-unexpected.ts';
import {Situation} from './mistakes/situation.ts';
import {StatementError} from './syntax-error.ts';

const automaton = buildAutomaton(grammar);

/** Characters of the longest text that is read: bounds the time that one request can take. */
const longestText = 1_000_000;

/** Reads one statement; a semicolon may end it. Throws a StatementError. */
export function parseStatement(text: string): Statement {
  return parse<Statement>(text, 'STATEMENT', statement => checkStatement(statement, text));
}

/** Reads statements separated by semicolons. Throws a StatementError at the first that cannot be read. */
export function parseStatements(text: string): readonly Statement[] {
  return parse<readonly Statement[]>(text, 'STATEMENTS', statements => {
    for (const statement of statements) checkStatement(statement, text);
  });
}

/** Reads a SELECT, the only statement that a rule may have. */
export function parseSelect(text: string): SelectStatement {
  const statement = parseStatement(text);
  if (statement.kind === 'select') return statement;
  throw new StatementError(`found ${statement.kind.toUpperCase()}, expected SELECT`, {
    text,
    span: statement.span,
    hint: 'A rule is a SELECT statement.',
  });
}

/** Reads an expression that stands alone, as in the examples of functions. */
export function parseExpression(text: string): Expression {
  return parse<Expression>(text, 'EXPRESSION', checkExpression);
}

function parse<T>(text: string, start: StartToken, check: (tree: T) => void): T {
  if (text.length > longestText) {
    const span = {start: 0, end: 0, line: 1, column: 1};
    throw new StatementError(`the text has ${text.length} characters, expected at most ${longestText}`, {text: '', span});
  }
  const lexer = new Lexer(text, start);
  const tokens: Token[] = [];
  try {
    const tree = runParser(automaton, grammar.performAction, actions, () => lexer.next(), tokens) as T;
    check(tree);
    return tree;
  } catch (thrown) {
    const fault = thrown instanceof UnexpectedToken ? explainUnexpected(new Situation(automaton, text, tokens, lexer)) : thrown;
    if (!(fault instanceof SyntaxFault)) throw fault;
    throw new StatementError(fault.message, {text, span: fault.span, hint: fault.hint});
  }
}
