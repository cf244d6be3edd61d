import type {Clock, Timestamp} from '#engine/base/clock.ts';
import {duration, flag, readSettings} from '#engine/base/settings.ts';
import type {Find} from '#engine/operators/lookup-join.ts';
import type {Row, Value} from '#engine/values/value.ts';

/** What `lookup` of a table's conf key says, the same for every connector. */
export const lookupSettings = {
  cache: flag('Whether answers are kept and given again without asking.'),
  cacheTtl: duration('How long an answer is kept; 0: as long as there is room.', {default: 0, example: '10m'}),
  cacheMissingKey: flag('Whether it is kept too that a key has no rows.'),
};

/** Answers kept for one rule; the oldest goes when another comes. */
const capacity = 10_000;

interface Entry {
  readonly rows: readonly Row[];
  readonly until: Timestamp;
}

/**
 * Puts a cache before a lookup, as its settings say. Keys count as equal when they have the same types and texts. An answer under way is
 * asked for once; a failure is not kept.
 */
export function withCache(find: Find, properties: unknown, where: string, clock: Clock): Find {
  const given = typeof properties === 'object' && properties !== null ? (properties as Readonly<Record<string, unknown>>) : {};
  const {values: settings} = readSettings(lookupSettings, given, where);
  if (!settings.cache) return find;
  const entries = new Map<string, Entry>();
  const asked = new Map<string, Promise<readonly Row[]>>();

  const keep = (key: string, rows: readonly Row[]): readonly Row[] => {
    if (rows.length === 0 && !settings.cacheMissingKey) return rows;
    entries.delete(key);
    if (entries.size >= capacity) entries.delete(entries.keys().next().value!);
    entries.set(key, {rows, until: settings.cacheTtl > 0 ? clock.now() + settings.cacheTtl : Number.POSITIVE_INFINITY});
    return rows;
  };

  return values => {
    const key = textOf(values);
    const known = entries.get(key);
    if (known !== undefined && clock.now() < known.until) return known.rows;
    const underWay = asked.get(key);
    if (underWay !== undefined) return underWay;
    const answer = find(values);
    if (!(answer instanceof Promise)) return keep(key, answer);
    const kept = answer.then(rows => keep(key, rows)).finally(() => asked.delete(key));
    asked.set(key, kept);
    return kept;
  };
}

function textOf(values: readonly Value[]): string {
  return JSON.stringify(values, (_, value: unknown) => (typeof value === 'bigint' ? {int: String(value)} : value));
}
