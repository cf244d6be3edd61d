import {parseDuration} from '#engine/base/duration.ts';
import {canonicalJson, canonicalNumber} from '#runner/base/canonical-json.ts';
import {type JsonNode, type JsonObject, JsonSyntaxError, parseJson} from '#runner/base/json-text.ts';
import type {Comparison} from './content-comparison.ts';

/** The object of a text, or undefined. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const node = parseJson(text);
    return node.kind === 'object' ? node : undefined;
  } catch (thrown) {
    if (thrown instanceof JsonSyntaxError) return undefined;
    throw thrown;
  }
}

/**
 * How properties of a connector are compared: by value, with numbers exact, and a number of milliseconds equal to its duration text (`1000`
 * and `"1s"`), which is how engines store intervals.
 */
export const propertyComparison: Comparison = {
  isLeftAside: () => false,
  isSame: (_, declared, observed) => isSameProperty(declared, observed),
};

function isSameProperty(a: JsonNode, b: JsonNode): boolean {
  if (a.kind === 'object' && b.kind === 'object') {
    return (
      a.members.size === b.members.size &&
      [...a.members].every(([key, {value}]) => {
        const other = b.members.get(key)?.value;
        return other !== undefined && isSameProperty(value, other);
      })
    );
  }
  if (a.kind === 'array' && b.kind === 'array') {
    return a.items.length === b.items.length && a.items.every((item, i) => isSameProperty(item, b.items[i]!));
  }
  if (a.kind === 'number' && b.kind === 'string') return isSameLength(a.text, b.value);
  if (a.kind === 'string' && b.kind === 'number') return isSameLength(b.text, a.value);
  return canonicalJson(a) === canonicalJson(b);
}

function isSameLength(number: string, duration: string): boolean {
  const ms = parseDuration(duration);
  return ms !== undefined && canonicalNumber(String(ms)) === canonicalNumber(number);
}
