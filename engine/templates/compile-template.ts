import type {Timestamp} from '#engine/base/clock.ts';
import {EvaluationError} from '#engine/base/errors.ts';
import {systemClock} from '#engine/base/system-clock.ts';
import type {Value} from '#engine/values/value.ts';
import {compileTree} from './compile-nodes.ts';
import {deepCopy} from './deep.ts';
import {isTemplateFunction} from './functions/registry.ts';
import {parseTemplate} from './parse-template.ts';
import {RenderState} from './render-state.ts';
import {memberOf, printed} from './template-value.ts';
import type {TemplateNode} from './tree.ts';

/** A text with holes, ready for any number of rows. */
export interface Template {
  /**
   * The text for a row, or for a list of rows. Ints must be in the untyped form (bigint), else they print as floats. Throws an
   * EvaluationError when an action cannot be carried out on the data, or takes too long (see `Budget`).
   */
  render(data: Value): string;
}

/**
 * Compiles Go's text/template to closures; nothing of the template becomes code, and only own members of the data can be
 * read. Throws a TemplateError that says where it cannot be read and what was expected. `now` gives milliseconds since 1970.
 */
export function compileTemplate(text: string, now: () => Timestamp = systemClock.now): Template {
  if (!text.includes('{{')) return {render: () => text};
  const tree = parseTemplate(text, isTemplateFunction);
  const simple = simpleParts(tree.main.nodes);
  if (simple) return {render: data => renderSimple(simple, data)};
  const setting = {text, now, mutates: false};
  const run = compileTree(tree, setting);
  // Other sinks see the same rows.
  const own: (data: Value) => Value = setting.mutates ? deepCopy : data => data;
  return {
    render(data) {
      const state = new RenderState();
      try {
        run(state, own(data));
      } catch (thrown) {
        // The data or what the template made of it nests deeper than the stack.
        if (thrown instanceof RangeError) throw new EvaluationError(`the template cannot be rendered: ${thrown.message}`);
        throw thrown;
      }
      return state.output;
    },
  };
}

/** Text, or the name of a column. */
type SimplePart = {readonly text: string} | {readonly column: string};

/** The parts of a template of texts and columns alone, by far the most; undefined for any other. */
function simpleParts(nodes: readonly TemplateNode[]): readonly SimplePart[] | undefined {
  const parts: SimplePart[] = [];
  for (const node of nodes) {
    const column = node.kind === 'text' ? undefined : columnOf(node);
    if (node.kind === 'text') parts.push({text: node.text});
    else if (column !== undefined) parts.push({column});
    else return undefined;
  }
  return parts;
}

function columnOf(node: TemplateNode): string | undefined {
  if (node.kind !== 'action' || node.pipeline.variables.length > 0 || node.pipeline.commands.length !== 1) return undefined;
  const [operand, ...others] = node.pipeline.commands[0]!.operands;
  return others.length === 0 && operand.kind === 'dot' && operand.path.length === 1 ? operand.path[0] : undefined;
}

function renderSimple(parts: readonly SimplePart[], data: Value): string {
  let text = '';
  for (const part of parts) text += 'text' in part ? part.text : printed(memberOf(data, part.column));
  return text;
}
