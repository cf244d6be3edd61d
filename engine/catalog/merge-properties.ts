export type Properties = Readonly<Record<string, unknown>>;

/** `over` laid over `under`. Names match in any case; the spelling of `over` is kept. */
export function mergeProperties(under: Properties, over: Properties): Properties {
  const spelling = new Map(Object.keys(under).map(name => [name.toLowerCase(), name]));
  const merged = new Map(Object.entries(under));
  for (const [name, value] of Object.entries(over)) {
    const present = spelling.get(name.toLowerCase());
    if (present !== undefined && present !== name) merged.delete(present);
    merged.set(name, value);
  }
  return Object.fromEntries(merged);
}
