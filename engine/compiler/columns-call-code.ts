import type {BoundColumnsCall} from '#engine/planner/bound-expression.ts';
import {type Code, type Compile, type Site, untyped} from './code.ts';
import {namedCall} from './named-call.ts';

/** A call that watches values: its state is the rule's, one for each place where it is called. */
export function columnsCallCode(node: BoundColumnsCall, site: Site, compile: Compile): Code {
  const {definition, watched} = node;
  const {emission} = site;
  const list = (values: readonly string[]): string => `[${values.join(', ')}]`;
  const leading = list(node.arguments.map(argument => untyped(compile(argument, site), site)));
  const values = list(watched.map(({expression}) => untyped(compile(expression, site), site)));
  const names = emission.constant(watched.map(({name, expression}) => (expression.kind === 'star' ? null : name)));
  const call = emission.shared(namedCall(definition.name, definition.step as never, 4));
  const text = emission.call('watch', call, site.memory(definition.initial), leading, names, values);
  return {text, type: node.type, nullable: true, simple: false, fails: true};
}
