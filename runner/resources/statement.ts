import {messageOf} from '#engine/base/errors.ts';
import type {Statement} from '#engine/language/ast/statement.ts';
import {parseStatement} from '#engine/language/parse.ts';
import {StatementError} from '#engine/language/syntax-error.ts';
import type {JsonString} from '#runner/base/json-text.ts';
import type {StatementFault} from '#runner/desired/command-route.ts';

/** The tree of a string's SQL, or where it is wrong. */
export function readStatement(node: JsonString): {readonly statement: Statement | undefined; readonly fault: StatementFault | undefined} {
  try {
    return {statement: parseStatement(node.value), fault: undefined};
  } catch (thrown) {
    const fault =
      thrown instanceof StatementError
        ? {node, offset: thrown.span.start, message: `SQL: ${thrown.reason}${thrown.hint === undefined ? '' : `. ${thrown.hint}`}`}
        : {node, offset: 0, message: `SQL: ${messageOf(thrown)}`};
    return {statement: undefined, fault};
  }
}

/** Names of all functions that a statement calls. */
export function calledFunctions(statement: Statement): ReadonlySet<string> {
  const names = new Set<string>();
  const walk = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return;
    if (Array.isArray(node)) {
      for (const item of node) walk(item);
      return;
    }
    const {kind, name} = node as {kind?: unknown; name?: unknown};
    if (kind === 'call' && typeof name === 'string') names.add(name);
    for (const [key, child] of Object.entries(node)) if (key !== 'span') walk(child);
  };
  walk(statement);
  return names;
}
