import type {Clock} from '#engine/base/clock.ts';
import {messageOf} from '#engine/base/errors.ts';
import {type ObjectKey, objectKey, splitKey} from '#runner/desired/declared.ts';
import type {EngineClient} from '#runner/observed/engine-client.ts';
import {RequestFailure} from '#runner/observed/engine-request.ts';
import {EngineView, ObservationError, type RuleStatus} from '#runner/observed/engine-view.ts';
import {type NodeReading, readNodes} from '#runner/observed/node-reading.ts';
import type {Outcome} from './apply.ts';
import {type Candidate, chooseQuestions} from './choose-questions.ts';
import {errorText} from './outcome-text.ts';
import type {PassReport} from './pass-report.ts';
import {healthOf, isNodeCode, type RuleHealth, type RuleReading} from './rule-health.ts';

/** What one look at the rules found. */
export interface HealthReport {
  readonly at: number;
  /** Every rule that the files declare and no file disagrees about. Those that ended by themselves are left out. */
  readonly rules: ReadonlyMap<string, RuleHealth>;
  /** Rules asked about one by one. */
  readonly asked: ReadonlySet<string>;
}

export interface HealthWatchOptions {
  readonly client: EngineClient;
  readonly clock: Clock;
  readonly parallelism: number;
  /** Most rules asked about one by one at a look. */
  readonly mostQuestions: number;
}

const mostUrgent = 1000;
/** Of a look, for questions about single rules. */
const longestAskingMs = 2000;

/**
 * Looks at the rules the files declare: one request for the states of all, and a bounded number for the nodes of those that failed since
 * the last look, that were not well, that stand for a source, or whose turn it is.
 */
export class HealthWatch {
  readonly #options: HealthWatchOptions;
  #looks = 0;
  #health = new Map<string, RuleHealth>();
  /** As the engine counted them when it was asked about the rule last. */
  #exceptions = new Map<string, number>();
  #askedAt = new Map<string, number>();
  #sourceAskedAt = new Map<string, number>();

  constructor(options: HealthWatchOptions) {
    this.#options = options;
  }

  /**
   * One look after `pass`, whose wishes it takes. Up to a thousand `urgent` rules are asked about beyond the bound. Resolves with a text that says why
   * nothing could be learned when the engine does not answer.
   */
  async look(pass: PassReport, urgent: ReadonlySet<string> = new Set()): Promise<HealthReport | string> {
    const {client, parallelism, mostQuestions, clock} = this.#options;
    const view = new EngineView(client, parallelism);
    try {
      const statuses = await view.ruleStatuses();
      const wanted = wantedRules(pass);
      this.#looks++;
      const candidates = wanted.flatMap(one => {
        const status = statuses.get(one.rule);
        return one.shouldRun && status?.status === 'running' ? [this.#candidate(one, status, urgent)] : [];
      });
      const asked = chooseQuestions(
        candidates,
        Math.max(mostQuestions, Math.min(urgent.size, mostUrgent)),
        source => this.#sourceAskedAt.get(source) ?? 0,
      );
      const answers = await this.#ask(view, asked);
      return this.#judge(pass, wanted, statuses, answers, clock.now());
    } catch (thrown) {
      if (!(thrown instanceof RequestFailure) && !(thrown instanceof ObservationError)) throw thrown;
      return messageOf(thrown);
    }
  }

  /** Answers by rule. A change of the files must not wait for a slow engine to answer hundreds of questions: what is left waits its turn. */
  async #ask(view: EngineView, rules: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const {clock, parallelism} = this.#options;
    const endAt = clock.now() + longestAskingMs;
    const answers = new Map<string, string>();
    for (let at = 0; at < rules.length && clock.now() < endAt; at += parallelism) {
      const some = rules.slice(at, at + parallelism);
      for (const [rule, text] of await view.findAll(new Map(some.map(rule => [rule, `/rules/${encodeURIComponent(rule)}/status`]))))
        answers.set(rule, text);
    }
    return answers;
  }

  #candidate({rule, sources}: WantedRule, {exceptions}: RuleStatus, urgent: ReadonlySet<string>): Candidate {
    return {
      rule,
      isUrgent: urgent.has(rule),
      isSuspect:
        (exceptions ?? 0) !== (this.#exceptions.get(rule) ?? 0) ||
        (this.#health.get(rule)?.reasons.some(({code}) => isNodeCode(code)) ?? false),
      askedAt: this.#askedAt.get(rule) ?? 0,
      sources,
    };
  }

  #judge(
    pass: PassReport,
    wanted: readonly WantedRule[],
    statuses: ReadonlyMap<string, RuleStatus>,
    answers: ReadonlyMap<string, string>,
    now: number,
  ): HealthReport {
    const readings = new Map([...answers].map(([rule, text]) => [rule, readNodes(text)]));
    // This engine has one connection for all rules of a stream: what one of them shows of it holds for all.
    const shared = pass.engine?.isArrokoth ? sharedSources(readings.values()) : new Map<string, NodeReading>();
    const troubles = troublesOf(pass.outcomes);
    const health = new Map<string, RuleHealth>();
    for (const {rule, shouldRun, sources} of wanted) {
      const nodes = readings.get(rule);
      if (nodes) {
        this.#askedAt.set(rule, this.#looks);
        this.#exceptions.set(rule, statuses.get(rule)?.exceptions ?? 0);
        for (const source of sources) this.#sourceAskedAt.set(source, this.#looks);
      }
      const reading: RuleReading = {
        shouldRun,
        status: statuses.get(rule)?.status,
        trouble: troubles.get(objectKey('rule', rule)),
        nodes,
        sources: sources.flatMap(source => shared.get(source) ?? []),
      };
      health.set(rule, healthOf(this.#health.get(rule), reading, now));
    }
    this.#health = health;
    for (const memory of [this.#askedAt, this.#exceptions]) for (const rule of memory.keys()) if (!health.has(rule)) memory.delete(rule);
    return {at: now, rules: health, asked: new Set(answers.keys())};
  }
}

/** What a pass alone says of the rules: whether they run. Undefined when it could not look at the engine. */
export function healthByState(pass: PassReport): HealthReport | undefined {
  const {observation, outcomes} = pass;
  if (!observation) return undefined;
  const at = pass.at + pass.durationMs;
  const troubles = troublesOf(outcomes);
  const rules = wantedRules(pass).map(({rule, shouldRun}) => {
    const reading = {shouldRun, status: observation.ruleStates.get(rule), trouble: troubles.get(objectKey('rule', rule))};
    return [rule, healthOf(undefined, reading, at)] as const;
  });
  return {at, rules: new Map(rules), asked: new Set()};
}

interface WantedRule {
  readonly rule: string;
  readonly shouldRun: boolean;
  /** The streams and tables it reads, as far as the files declare them. */
  readonly sources: readonly string[];
}

function wantedRules({desired, plan}: PassReport): readonly WantedRule[] {
  return [...desired.runs.values()].flatMap(({rule, running}) => {
    const declared = desired.objects.get(objectKey('rule', rule));
    if (!declared || (running && plan.finished.has(rule))) return [];
    const sources = declared.needs.flatMap(key => {
      const {kind, name} = splitKey(key);
      return (kind === 'stream' || kind === 'table') && desired.objects.has(key) ? [name] : [];
    });
    return [{rule, shouldRun: running, sources}];
  });
}

function sharedSources(readings: Iterable<readonly NodeReading[]>): Map<string, NodeReading> {
  const sources = new Map<string, NodeReading>();
  for (const nodes of readings) for (const reading of nodes) if (reading.role === 'source') sources.set(reading.node, reading);
  return sources;
}

/** What kept objects from being applied; what is blocked has the trouble of its blocker. */
function troublesOf(outcomes: readonly Outcome[]): ReadonlyMap<ObjectKey, {code: 'refused' | 'pending'; text: string}> {
  const troubles = new Map<ObjectKey, {code: 'refused' | 'pending'; text: string}>();
  const codeOf = (outcome: Outcome) => {
    if (outcome.result === 'blocked') return troubles.get(outcome.by)?.code ?? 'pending';
    return 'failure' in outcome && outcome.failure.retryAt === undefined ? 'refused' : 'pending';
  };
  for (const outcome of outcomes) {
    if (outcome.result === 'done' || outcome.change.action === 'delete' || !('key' in outcome.change)) continue;
    const {key} = outcome.change;
    if (troubles.has(key)) continue;
    troubles.set(key, {code: codeOf(outcome), text: errorText(outcome)});
  }
  return troubles;
}
