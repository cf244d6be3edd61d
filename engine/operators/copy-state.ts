/**
 * A copy of an operator's state: later changes of the original do not show in it. Containers are copied; values that nothing ever changes,
 * datetimes and bytes, are shared.
 */
export function copyState<T>(state: T): T {
  return copy(state) as T;
}

function copy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy);
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, copy(item)]));
  if (value instanceof Set) return new Set(value);
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  // fromEntries defines `__proto__` as a member like others.
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, copy(item)]));
}
