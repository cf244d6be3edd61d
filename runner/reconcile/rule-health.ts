import type {NodeReading} from '#runner/observed/node-reading.ts';
import {runStateOf} from './observation.ts';

/**
 * Why a rule is not well, worst first. `refused`: the engine refuses its definition or what it needs. `pending`: not applied so far, tried
 * again. `run_state`: not running though it should, or the reverse. `source`, `sink`: not connected. `exceptions`: a node fails more than
 * it gets through.
 */
export const healthCodes = ['refused', 'pending', 'run_state', 'source', 'sink', 'exceptions'] as const;

export type HealthCode = (typeof healthCodes)[number];

export interface HealthReason {
  readonly code: HealthCode;
  /** The node or the state it is about: with the code, what stays the same while the text changes. */
  readonly subject: string;
  readonly text: string;
  readonly since: number;
}

/** How a rule does. No reason: it is well. */
export interface RuleHealth {
  readonly reasons: readonly HealthReason[];
  /** What the nodes had counted at the last look at them, of those that ever failed or lost a connection. */
  readonly nodes: ReadonlyMap<string, NodeMemory>;
  /** When one of its connections was lost last, on the engine's clock; 0 never. */
  readonly lostAt: number;
  readonly startingSince: number | undefined;
}

export interface NodeMemory {
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly exceptions: number;
  readonly at: number;
  /** Failures since this node last got more through than it failed. */
  readonly failedInARow: number;
  /** Since when it is connecting or not connected. */
  readonly unconnectedSince: number | undefined;
}

/** One look at a rule. */
export interface RuleReading {
  readonly shouldRun: boolean;
  /** In the engine's words; undefined when it has no such rule. */
  readonly status: string | undefined;
  /** What kept the pass from applying the rule. */
  readonly trouble?: {readonly code: 'refused' | 'pending'; readonly text: string} | undefined;
  /** Undefined: not asked at this look, what was known of them holds on. */
  readonly nodes?: readonly NodeReading[] | undefined;
  /** Of a rule that was not asked: its sources as another rule shows them that shares them. */
  readonly sources?: readonly NodeReading[] | undefined;
}

/** Failures in a row that make a node a failing one. A decode error now and then is none. */
const failuresInARow = 3;
/** For this long a rule may be starting and a node may be connecting. */
export const settleMs = 10_000;

export const well: RuleHealth = {reasons: [], nodes: new Map(), lostAt: 0, startingSince: undefined};

/** The health of a rule at `now` (ms) by what was known of it and what one look shows. Pure. */
export function healthOf(previous: RuleHealth | undefined, reading: RuleReading, now: number): RuleHealth {
  const before = previous ?? well;
  const found: Omit<HealthReason, 'since'>[] = [];
  const {shouldRun, status, trouble} = reading;
  if (trouble) found.push({...trouble, subject: ''});
  const state = runStateOf(status);
  const startingSince = shouldRun && status === 'starting' ? (before.startingSince ?? now) : undefined;
  if (!shouldRun) {
    if (state !== 'stopped') found.push({code: 'run_state', subject: 'running', text: `${status}, though it should be stopped`});
  } else if (status === undefined) {
    if (!trouble) found.push({code: 'run_state', subject: 'absent', text: 'the engine does not have it'});
  } else if (state === 'stopped' || state === 'failed') {
    found.push({code: 'run_state', subject: 'stopped', text: `${status}, though it should run`});
  } else if (startingSince !== undefined && now - startingSince >= settleMs) {
    found.push({code: 'run_state', subject: 'starting', text: `starting for ${seconds(now - startingSince)}`});
  }

  const runs = shouldRun && status === 'running';
  const known = runs ? before : well;
  const asked = runs ? reading.nodes : undefined;
  const sources = runs && !asked ? (reading.sources ?? []) : [];
  const lostAt = asked ? Math.max(0, ...asked.map(node => node.lostAt)) : known.lostAt;
  const nodes = asked ? rememberNodes(before, asked, lostAt, now) : rememberSources(known.nodes, sources, now);
  if (asked) found.push(...nodeReasons(before.nodes, nodes, asked, now));
  else found.push(...nodeReasons(before.nodes, nodes, sources, now).filter(({code}) => code === 'source'));
  const isKept = ({code}: HealthReason) => isNodeCode(code) && !(code === 'source' && sources.length > 0);
  const kept = asked ? [] : known.reasons.filter(isKept);
  if (found.length + kept.length + nodes.size + lostAt === 0 && startingSince === undefined) return well;
  const reasons = found.map(reason => ({
    ...reason,
    since: before.reasons.find(({code, subject}) => code === reason.code && subject === reason.subject)?.since ?? now,
  }));
  return {
    reasons: [...reasons, ...kept].sort((a, b) => healthCodes.indexOf(a.code) - healthCodes.indexOf(b.code)),
    nodes,
    lostAt,
    startingSince,
  };
}

/** Whether nothing is wrong, and nothing is about to be: neither starting nor connecting. */
export function isSteady({reasons, startingSince, nodes}: RuleHealth): boolean {
  return (
    reasons.length === 0 && startingSince === undefined && [...nodes.values()].every(({unconnectedSince}) => unconnectedSince === undefined)
  );
}

/** Whether a reason comes from the nodes of the running rule. */
export function isNodeCode(code: HealthCode): boolean {
  return code === 'source' || code === 'sink' || code === 'exceptions';
}

/** Identifies what is wrong, whatever its figures. */
export function troubleOf({reasons}: RuleHealth): string {
  return reasons.map(({code, subject}) => `${code} ${subject}`).join(', ');
}

/**
 * Some engines count a lost connection as a failure of every node behind it, and each try to connect as one of the sink. So what failed
 * while a connection is down, or since the last look when one was lost in between, is put down to that.
 */
function rememberNodes(before: RuleHealth, readings: readonly NodeReading[], lostAt: number, now: number): ReadonlyMap<string, NodeMemory> {
  const isExplained = !readings.every(isConnected) || lostAt > before.lostAt;
  const nodes = new Map<string, NodeMemory>();
  for (const reading of readings) {
    const {recordsIn, recordsOut, exceptions} = reading;
    if (exceptions === 0 && isConnected(reading)) continue;
    const known = before.nodes.get(nodeName(reading));
    nodes.set(nodeName(reading), {
      recordsIn,
      recordsOut,
      exceptions,
      at: now,
      failedInARow: isExplained ? 0 : failedInARow(known, reading),
      unconnectedSince: isConnected(reading) ? undefined : (known?.unconnectedSince ?? now),
    });
  }
  return nodes;
}

/** The connections of sources, their counters as they were. */
function rememberSources(
  before: ReadonlyMap<string, NodeMemory>,
  sources: readonly NodeReading[],
  now: number,
): ReadonlyMap<string, NodeMemory> {
  if (sources.every(source => isConnected(source) && before.get(nodeName(source))?.unconnectedSince === undefined)) return before;
  const nodes = new Map(before);
  for (const source of sources) {
    const name = nodeName(source);
    const known = before.get(name) ?? {recordsIn: 0, recordsOut: 0, exceptions: 0, at: now, failedInARow: 0};
    if (isConnected(source) && known.exceptions === 0) nodes.delete(name);
    else nodes.set(name, {...known, unconnectedSince: isConnected(source) ? undefined : (before.get(name)?.unconnectedSince ?? now)});
  }
  return nodes;
}

/** The first look at a node judges all it did since its rule began, as does one after a restart, which sets the counters back. */
function failedInARow(known: NodeMemory | undefined, reading: NodeReading): number {
  const then =
    known && reading.exceptions >= known.exceptions && reading.recordsIn >= known.recordsIn
      ? known
      : {exceptions: 0, recordsIn: 0, recordsOut: 0, failedInARow: 0};
  const failed = reading.exceptions - then.exceptions;
  // A filter lets nothing out and has not failed; of a sink only what it delivered counts.
  const succeeded =
    reading.role === 'sink' ? reading.recordsOut - then.recordsOut : Math.max(0, reading.recordsIn - then.recordsIn - failed);
  return succeeded > failed ? 0 : then.failedInARow + failed;
}

function nodeReasons(
  before: ReadonlyMap<string, NodeMemory>,
  nodes: ReadonlyMap<string, NodeMemory>,
  readings: readonly NodeReading[],
  now: number,
): Omit<HealthReason, 'since'>[] {
  const connections: Omit<HealthReason, 'since'>[] = [];
  const failures: Omit<HealthReason, 'since'>[] = [];
  const said = new Set<string>();
  for (const reading of readings) {
    const name = nodeName(reading);
    const memory = nodes.get(name);
    if (!memory) continue;
    const {role, connection, connectionMessage, exceptions, lastException} = reading;
    const since = memory.unconnectedSince;
    if (since !== undefined && (connection === -1 || now - since >= settleMs)) {
      const text = connectionMessage === '' ? `${name} is not connected` : `${name} is not connected: ${connectionMessage}`;
      connections.push({code: role === 'source' ? 'source' : 'sink', subject: name, text});
    }
    // An error travels on too, with its text: the first node in the order of the plan is the one that had it.
    if (memory.failedInARow >= failuresInARow && !said.has(lastException)) {
      said.add(lastException);
      const known = before.get(name);
      const rate =
        known && known.at < now && exceptions >= known.exceptions
          ? `, ${exceptions - known.exceptions} of them in the last ${seconds(now - known.at)}`
          : '';
      failures.push({
        code: 'exceptions',
        subject: name,
        text: `${name} failed ${memory.failedInARow} times in a row${rate}: ${lastException}`,
      });
    }
  }
  // A lost connection travels through the operators of some engines as an error: it is named once.
  return connections.length > 0 ? connections : failures;
}

/** Also of a node that has no connection. */
function isConnected({connection}: NodeReading): boolean {
  return connection !== 0 && connection !== -1;
}

function nodeName({role, node}: NodeReading): string {
  return `${role} ${node}`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
