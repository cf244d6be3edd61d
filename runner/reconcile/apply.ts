import type {Clock} from '#engine/base/clock.ts';
import {messageOf} from '#engine/base/errors.ts';
import {eachLimited} from '#runner/base/each-limited.ts';
import type {KindName, ObjectKey} from '#runner/desired/declared.ts';
import type {DesiredState} from '#runner/desired/desired-state.ts';
import type {EngineClient} from '#runner/observed/engine-client.ts';
import {type EngineAnswer, type EngineRequest, isSuccess, RequestFailure} from '#runner/observed/engine-request.ts';
import {EngineView, ObservationError} from '#runner/observed/engine-view.ts';
import type {ResourceKind} from '#runner/resources/resource-kind.ts';
import type {Attempts, Failure} from './attempts.ts';
import {type Change, changeId, changesContent, type ObjectChange, type RemoveChange} from './change.ts';
import {stoppedByError} from './diff-runs.ts';
import type {Observation} from './observation.ts';
import {inOrder, serialSteps} from './order.ts';
import {verdictOf} from './retry-policy.ts';
import {createRuleStops, type RuleStops} from './rule-stops.ts';

export type Outcome =
  | {readonly result: 'done'; readonly change: Change; readonly answer: string}
  | {readonly result: 'failed'; readonly change: Change; readonly failure: Failure}
  /** Failed in an earlier pass and not tried in this one. */
  | {readonly result: 'waiting'; readonly change: Change; readonly failure: Failure}
  | {readonly result: 'blocked'; readonly change: Change; readonly by: ObjectKey}
  /** The engine went away, or the runner is stopping. */
  | {readonly result: 'skipped'; readonly change: Change};

export interface ApplyOptions {
  readonly desired: DesiredState;
  readonly client: EngineClient;
  readonly clock: Clock;
  readonly attempts: Attempts;
  readonly parallelism: number;
  readonly signal: AbortSignal;
  /** The engine ahead of the changes. */
  readonly before: Observation;
  kindOf(kind: KindName): ResourceKind;
  /** Called as each change ends, in the order in which they end. */
  onOutcome(outcome: Outcome): void;
}

/**
 * Sends the changes step by step, within a step side by side. A failed change blocks those that need its object and nothing else. Ends
 * early when the engine is gone; requests in flight are always awaited.
 */
export async function applyChanges(changes: readonly Change[], options: ApplyOptions): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const failed = new Set<ObjectKey>();
  const made = new Set<ObjectKey>();
  const stops = createRuleStops(changes, options.desired, options.client);
  let isEngineGone = false;
  /** When the first of what failed is tried again. A delete that was refused may wait for that: what uses its object is still there. */
  let nextRetryAt: number | undefined;

  const record = (outcome: Outcome) => {
    outcomes.push(outcome);
    const retryAt = 'failure' in outcome ? outcome.failure.retryAt : undefined;
    if (retryAt !== undefined) nextRetryAt = Math.min(nextRetryAt ?? retryAt, retryAt);
    if (outcome.result === 'done' && outcome.change.action === 'create') made.add(outcome.change.key);
    if (outcome.result !== 'done' && 'key' in outcome.change && outcome.change.action !== 'delete') failed.add(outcome.change.key);
    options.onOutcome(outcome);
  };
  const apply = async (change: Change) => {
    const {attempts, clock} = options;
    if (isEngineGone || options.signal.aborted) return record({result: 'skipped', change});
    const by = blockerOf(change, failed);
    if (by !== undefined) return record({result: 'blocked', change, by});
    const id = changeId(change);
    const hash = contentOf(change, key => made.has(key) || options.before.texts.has(key));
    const waiting = attempts.waiting(id, hash, clock.now());
    if (waiting) return record({result: 'waiting', change, failure: waiting});
    if ('command' in change && change.refusal !== undefined) {
      const failure = attempts.failed(id, hash, clock.now(), {message: `not sent: ${change.refusal}`, mayRetry: false});
      return record({result: 'failed', change, failure});
    }
    try {
      const answer = await send(change, options, stops);
      if (isSuccess(answer)) {
        if ('key' in change) stops.settled(change.key);
        // A rule that keeps failing is started later and later: should it be down again, the next start waits.
        if (change.reason === stoppedByError) attempts.failed(id, hash, clock.now(), {message: stoppedByError, mayRetry: true});
        else if (!changesContent(change)) attempts.succeeded(id);
        return record({result: 'done', change, answer: answer.text});
      }
      const followsAt = verdictOf(answer.status) === 'settle' && change.action === 'delete' ? nextRetryAt : undefined;
      const failure = attempts.failed(id, hash, clock.now(), {
        message: lackIn(answer, change, options) ?? explain(answer),
        status: answer.status,
        mayRetry: verdictOf(answer.status) === 'again' || isHeld(change, answer, options),
        retryAfterMs: followsAt === undefined ? answer.retryAfterMs : followsAt - clock.now(),
      });
      return record({result: 'failed', change, failure});
    } catch (thrown) {
      if (!(thrown instanceof RequestFailure) && !(thrown instanceof ObservationError)) throw thrown;
      if (thrown instanceof RequestFailure && verdictOf(thrown.reason) === 'away') isEngineGone = true;
      const failure = attempts.failed(id, hash, clock.now(), {message: messageOf(thrown), mayRetry: true});
      return record({result: 'failed', change, failure});
    }
  };

  const levelOf = (kind: KindName) => options.kindOf(kind).level;
  for (const [step, list] of inOrder(changes, levelOf)) await eachLimited(list, serialSteps.has(step) ? 1 : options.parallelism, apply);
  if (!isEngineGone) await stops.startRest();
  return outcomes;
}

function blockerOf(change: Change, failed: ReadonlySet<ObjectKey>): ObjectKey | undefined {
  const needs = 'declared' in change ? change.declared.needs : 'needs' in change ? change.needs : [];
  return needs.find(need => failed.has(need));
}

/**
 * What a failure is remembered for: the content, and which of the things that it needs are there. A rule that was refused for want of a stream
 * is tried again when somebody else has made that.
 */
export function contentOf(change: Change, isThere: (key: ObjectKey) => boolean): string {
  if ('command' in change) return change.command.hash;
  if (!('declared' in change)) return change.reason;
  const {hash, needs} = change.declared;
  return [hash, ...needs.filter(isThere)].join(' ');
}

/** Whether the engine refused because of what it runs: that may be over later without new content. */
function isHeld(change: Change, answer: EngineAnswer, {kindOf}: ApplyOptions): boolean {
  if (change.action === 'delete') return true;
  return change.action === 'update' && kindOf(change.declared.kind).isHeldByRules?.(answer) === true;
}

async function send(change: Change, options: ApplyOptions, stops: RuleStops): Promise<EngineAnswer> {
  const {client} = options;
  switch (change.action) {
    case 'create':
      return create(change, options);
    case 'update':
      return update(change, options, stops);
    case 'delete':
      return remove(change, options);
    case 'start':
    case 'stop':
    case 'restart':
      return client.send({method: 'POST', path: `/rules/${encodeURIComponent(change.rule)}/${change.action}`});
    case 'act':
    case 'ask': {
      const {method, path, body} = change.command;
      return client.send({method, path, body});
    }
  }
}

/** A create that is refused because the object came into being meanwhile becomes a comparison, then an update. */
async function create({declared}: ObjectChange, options: ApplyOptions): Promise<EngineAnswer> {
  const kind = options.kindOf(declared.kind);
  const answer = await options.client.send(kind.create(declared));
  if (verdictOf(answer.status) !== 'settle') return answer;
  const held = await kind.readOne(new EngineView(options.client, options.parallelism), declared.name);
  if (held === undefined) return answer;
  // One that another scope has made meanwhile stays: the next pass says whose it is.
  const scope = kind.scopeOf?.(held);
  if (scope !== undefined && scope !== kind.scopeOf?.(declared.content)) return answer;
  if (kind.isSame(declared, held)) return {...answer, status: 200};
  return options.client.send(kind.update(declared));
}

/**
 * An update that is refused while rules use the object is repeated without them; they are restarted after it anyway. What the engine
 * cannot change in place is made anew; where that is refused too, what was there is put back.
 */
async function update({key, declared, observed}: ObjectChange, {client, kindOf}: ApplyOptions, stops: RuleStops): Promise<EngineAnswer> {
  const kind = kindOf(declared.kind);
  const request = kind.update(declared);
  const answer = await client.send(request);
  if (kind.isFixed?.(answer)) {
    const removed = await client.send(forced(kind.remove(declared.name)));
    if (!isSuccess(removed)) return removed;
    const created = await client.send(kind.create(declared));
    const isRefused = verdictOf(created.status) === 'settle';
    if (isRefused && observed !== undefined && kind.bodyOf) await client.send(kind.update({...declared, body: kind.bodyOf(observed)}));
    return created;
  }
  if (!kind.isHeldByRules?.(answer) || !(await stops.stopUsersOf(key))) return answer;
  return client.send(request);
}

/** A delete that is refused because the object is gone is done. */
async function remove({kind: kindName, name, makesWay}: RemoveChange, options: ApplyOptions): Promise<EngineAnswer> {
  const kind = options.kindOf(kindName);
  const request = kind.remove(name);
  const answer = await options.client.send(makesWay ? forced(request) : request);
  if (verdictOf(answer.status) !== 'settle') return answer;
  const held = await kind.readOne(new EngineView(options.client, options.parallelism), name);
  return held === undefined ? {...answer, status: 200} : answer;
}

/** Deletes a stream or table whatever reads it. */
function forced(request: EngineRequest): EngineRequest {
  return {...request, path: `${request.path}?force=true`};
}

/** What to say when the engine does not know this kind of thing at all: builds of eKuiper differ, and so do engines. */
function lackIn({status, text}: EngineAnswer, change: Change, {kindOf}: ApplyOptions): string | undefined {
  if (!('declared' in change) || status !== 404 || text.trim() !== '404 page not found') return undefined;
  const {kind, name} = change.declared;
  const {path} = kindOf(kind).create(change.declared);
  const last = `/${name.split('/').at(-1)}`;
  return `the engine has no ${path.endsWith(last) ? path.slice(0, -last.length) : path}: it does not know this kind of object`;
}

/** The engine's own words, without its JSON around them. */
export function explain({status, text}: EngineAnswer): string {
  let message = text.trim();
  try {
    const parsed = JSON.parse(message) as {message?: unknown} | null;
    if (typeof parsed?.message === 'string') message = parsed.message;
  } catch {
    // Not every engine answers errors as JSON.
  }
  const words = message.slice(0, 1000);
  return words === '' ? `the engine answered ${status}` : `the engine answered ${status}: ${words}`;
}
