import {type JsonNode, type JsonObject, member} from '#runner/base/json-text.ts';
import {matchesPattern} from '#runner/base/pattern.ts';
import type {SourceText} from './source-text.ts';
import {ValueError, type ValueView} from './values.ts';

/** The variable that names the node, by the Downward API's `spec.nodeName`. */
const nodeVariable = 'NODE_NAME';

/**
 * Whether a document or object is meant for this node. `when` (of a checked shape) holds patterns for the node's name, for labels and for
 * variables: all of them must match, and of a list of patterns one. What cannot be told is reported and does not match.
 */
export function isMeant(when: JsonNode | undefined, view: ValueView, source: SourceText): boolean {
  if (when?.kind !== 'object') return when === undefined;
  try {
    const node = member(when, 'node');
    return (
      (!node || matches(node, nodeName(view))) &&
      everyMember(member(when, 'labels'), labelsOf(when, view)) &&
      everyMember(member(when, 'env'), name => view.variable(name))
    );
  } catch (thrown) {
    if (!(thrown instanceof ValueError)) throw thrown;
    source.report(when.start, `when: ${thrown.message}`);
    return false;
  }
}

function nodeName(view: ValueView): string {
  const name = view.variable(nodeVariable);
  if (name !== undefined && name !== '') return name;
  throw new ValueError(`the variable ${nodeVariable} is not set, which names the node`);
}

function labelsOf(when: JsonObject, view: ValueView): (name: string) => string | undefined {
  if (!when.members.has('labels')) return () => undefined;
  const labels = view.labels();
  return name => labels.get(name);
}

function everyMember(patterns: JsonNode | undefined, lookUp: (name: string) => string | undefined): boolean {
  return patterns?.kind !== 'object' || [...patterns.members].every(([name, {value}]) => matches(value, lookUp(name)));
}

/** A label or variable that is not there matches nothing, not even `*`. */
function matches(patterns: JsonNode, text: string | undefined): boolean {
  if (text === undefined) return false;
  if (patterns.kind === 'array') return patterns.items.some(pattern => matches(pattern, text));
  return patterns.kind === 'string' && matchesPattern(patterns.value, text);
}
