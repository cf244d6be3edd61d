import {contentHash} from '#runner/base/content-hash.ts';
import type {ObjectKey} from '#runner/desired/declared.ts';
import type {DesiredState} from '#runner/desired/desired-state.ts';
import type {GoodContent} from '#runner/desired/file-ledger.ts';
import type {Outcome} from './apply.ts';
import type {Change} from './change.ts';
import type {Inventory, InventoryEntry} from './inventory.ts';
import {type Observation, runStateOf} from './observation.ts';
import type {Plan} from './plan.ts';

/** What the inventory said before a pass entered its intent. */
export interface Remembered {
  readonly objects: ReadonlyMap<ObjectKey, InventoryEntry>;
  readonly restarts: ReadonlyMap<string, string>;
}

/** Enters what is about to be sent: a runner that is killed half-way must know afterwards what is its own and which rules it owes a restart. */
export function rememberIntent(inventory: Inventory, changes: readonly Change[]): Remembered {
  const before = {objects: new Map(inventory.objects), restarts: new Map(inventory.restarts)};
  for (const change of changes) {
    if (change.action === 'restart') inventory.restarts.set(change.rule, change.reason);
    if (change.action !== 'create' && change.action !== 'update') continue;
    const {key, declared, observed} = change;
    const entry = inventory.objects.get(key);
    // What the runner made stays its own, with the content that was sent last, until the new one is seen.
    if (entry?.state === 'made' && observed !== undefined) continue;
    inventory.objects.set(key, {
      file: declared.origin.file,
      hash: declared.hash,
      state: observed === undefined || entry?.state === 'making' ? 'making' : 'taking',
      isProtected: declared.isProtected,
      ...(observed === undefined || entry?.state === 'making' ? {} : {isAdopted: true}),
    });
  }
  return before;
}

/**
 * Enters what a pass found and did. `after` is the look at the engine that followed the changes (the one ahead of them when there were
 * none).
 */
export function rememberOutcome(
  inventory: Inventory,
  before: Remembered,
  desired: DesiredState,
  plan: Plan,
  outcomes: readonly Outcome[],
  after: Observation,
): void {
  for (const key of plan.same) rememberMade(inventory, desired, key, after);
  for (const outcome of outcomes) rememberOne(inventory, before, desired, outcome, after);

  for (const key of inventory.objects.keys()) {
    const isDeclared = desired.objects.has(key) || desired.conflicts.has(key);
    if (!isDeclared && !after.texts.has(key)) inventory.objects.delete(key);
  }
  for (const rule of inventory.restarts.keys()) {
    if (!desired.runs.get(rule)?.running) inventory.restarts.delete(rule);
  }
  const current = new Set(desired.commands.map(({hash}) => hash));
  for (const hash of inventory.done) if (!current.has(hash)) inventory.done.delete(hash);
}

/** Enters the actions done: they are not repeated, even when the engine is gone before anybody looks what came of the pass. */
export function rememberActions(inventory: Inventory, outcomes: readonly Outcome[]): boolean {
  const done = outcomes.flatMap(({change, result}) => (change.action === 'act' && result === 'done' ? [change.command.hash] : []));
  for (const hash of done) inventory.done.add(hash);
  return done.length > 0;
}

/** Enters the file contents in force. */
export function rememberFiles(inventory: Inventory, good: ReadonlyMap<string, GoodContent>): void {
  for (const [name, content] of good) inventory.files.set(name, content);
  for (const name of inventory.files.keys()) if (!good.has(name)) inventory.files.delete(name);
}

function rememberOne(inventory: Inventory, before: Remembered, desired: DesiredState, outcome: Outcome, after: Observation): void {
  const {change, result} = outcome;
  switch (change.action) {
    case 'create':
    case 'update':
      if (result === 'done') {
        rememberMade(inventory, desired, change.key, after);
        if (change.declared.kind === 'rule') inventory.restarts.delete(change.declared.name);
      } else if (result !== 'failed' || outcome.failure.status !== undefined) {
        // Refused or not sent: nothing was made. Without an answer it may have been.
        restore(inventory.objects, before.objects, change.key);
      }
      return;
    case 'delete':
      if (result === 'done') inventory.objects.delete(change.key);
      return;
    case 'start':
    case 'stop':
      if (result === 'done') inventory.restarts.delete(change.rule);
      return;
    case 'restart':
      if (result === 'done') inventory.restarts.delete(change.rule);
      // What it uses was not changed after all.
      else if (result === 'blocked') restore(inventory.restarts, before.restarts, change.rule);
      return;
    case 'act':
    case 'ask':
      if (result === 'done') inventory.done.add(change.command.hash);
  }
}

function rememberMade(inventory: Inventory, desired: DesiredState, key: ObjectKey, after: Observation): void {
  const declared = desired.objects.get(key);
  const text = after.texts.get(key);
  if (!declared || text === undefined) return;
  const {
    hash,
    isProtected,
    origin: {file},
  } = declared;
  const before = inventory.objects.get(key);
  const run = declared.kind === 'rule' ? desired.runs.get(declared.name) : undefined;
  const state = run && runStateOf(after.ruleStates.get(declared.name));
  const isRunning = state === 'running' || state === 'waiting';
  const running = run && isRunning === run.running ? run.running : before?.running;
  const settledHash = declared.content === text ? undefined : contentHash(text);
  const isAdopted = before === undefined || before.isAdopted === true;
  if (
    before?.state === 'made' &&
    before.hash === hash &&
    before.file === file &&
    before.isProtected === isProtected &&
    (before.isAdopted === true) === isAdopted &&
    before.running === running &&
    before.settledHash === settledHash
  ) {
    return;
  }
  inventory.objects.set(key, {
    file,
    hash,
    state: 'made',
    isProtected,
    ...(isAdopted ? {isAdopted} : {}),
    ...(settledHash === undefined ? {} : {settledHash}),
    ...(running === undefined ? {} : {running}),
  });
}

function restore<K, V>(map: Map<K, V>, before: ReadonlyMap<K, V>, key: K): void {
  const value = before.get(key);
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
