import {maskText} from '#runner/base/mask.ts';

/** What one node of a running rule has counted, from `GET /rules/{id}/status`. */
export interface NodeReading {
  /** `demo`, `3_project`, `mqtt_0`. */
  readonly node: string;
  readonly role: 'source' | 'operator' | 'sink';
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly exceptions: number;
  /** The text of the last one, secrets masked; empty when there was none. */
  readonly lastException: string;
  /** 1 connected, 0 connecting, −1 not connected; undefined where there is no connection or the engine does not say. */
  readonly connection: 1 | 0 | -1 | undefined;
  readonly connectionMessage: string;
  /** When the connection was lost last, in ms on the engine's clock; 0 never. */
  readonly lostAt: number;
}

const metrics = [
  'records_in_total',
  'records_out_total',
  'exceptions_total',
  'last_exception',
  'connection_status',
  'connection_last_disconnected_time',
  'connection_last_disconnected_message',
  'connection_last_try_time',
] as const;
const metricKey = new RegExp(`^(source|op|sink)_(.+)_(\\d+)_(${metrics.join('|')})$`);
const roles = {source: 'source', op: 'operator', sink: 'sink'} as const;
const longestText = 500;

/** The nodes of a status answer, in its order; empty when the engine counts nothing, or `text` is no status. */
export function readNodes(text: string): readonly NodeReading[] {
  let status: unknown;
  try {
    status = JSON.parse(text);
  } catch {
    return [];
  }
  if (status === null || typeof status !== 'object') return [];
  const nodes = new Map<string, {role: NodeReading['role']; node: string; values: Map<string, unknown>}>();
  for (const [key, value] of Object.entries(status)) {
    const match = metricKey.exec(key);
    if (!match) continue;
    const [, kind, node, instance, metric] = match as unknown as [string, keyof typeof roles, string, string, string];
    const id = `${kind} ${node} ${instance}`;
    const entry = nodes.get(id) ?? {role: roles[kind], node, values: new Map()};
    entry.values.set(metric, value);
    nodes.set(id, entry);
  }
  return [...nodes.values()].map(({role, node, values}) => ({
    node,
    role,
    recordsIn: count(values.get('records_in_total')),
    recordsOut: count(values.get('records_out_total')),
    exceptions: count(values.get('exceptions_total')),
    lastException: words(values.get('last_exception')),
    connection: connectionOf(values),
    connectionMessage: words(values.get('connection_last_disconnected_message')),
    lostAt: count(values.get('connection_last_disconnected_time')),
  }));
}

/** A sink that has nothing to connect to says 0 for ever, and that it never tried. */
function connectionOf(values: ReadonlyMap<string, unknown>): NodeReading['connection'] {
  const state = values.get('connection_status');
  if (state === 1 || state === -1) return state;
  return state === 0 && count(values.get('connection_last_try_time')) > 0 ? 0 : undefined;
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

function words(value: unknown): string {
  // Cut behind the masking: a form that is cut short is not known for what it is.
  return typeof value === 'string' ? maskText(value.slice(0, 4 * longestText)).slice(0, longestText) : '';
}
