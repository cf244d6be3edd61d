import type {Outcome} from '#runner/reconcile/apply.ts';
import type {Change} from '#runner/reconcile/change.ts';
import {isInSync, type PassReport} from '#runner/reconcile/pass-report.ts';
import {healthCodes} from '#runner/reconcile/rule-health.ts';
import type {TrialResult} from '#runner/reconcile/trials.ts';
import {type MetricFamily, printMetrics} from './prometheus-text.ts';
import {countRules, objectStatuses, type Situation} from './status.ts';

/** What the sidecar adds to what pass and rules say. */
export interface MetricsContext {
  /** By `METHOD code`. */
  readonly requests: ReadonlyMap<string, number>;
  /** What became of webhook documents; undefined without a webhook. */
  readonly webhook: Readonly<Record<string, number>> | undefined;
  /** Milliseconds since the epoch by the node's clock, which may be wrong. */
  readonly wallNow: number;
  readonly isEngineUp: boolean;
}

/** Counts since the runner began, and what the last pass and the last look saw, as Prometheus metrics. Label sets are bounded. */
export class RunnerMetrics {
  readonly #changes = new Map<Change['action'], number>();
  readonly #errors = new Map<string, number>();
  #passes = 0;
  #passSeconds = 0;
  #looks = 0;
  #rollbacks = 0;
  #lookSeconds = 0;
  #lastSuccessAt: number | undefined;

  outcome(outcome: Outcome): void {
    if (outcome.result === 'done') count(this.#changes, outcome.change.action);
    else if (outcome.result === 'failed')
      count(this.#errors, outcome.failure.status === undefined ? 'no_answer' : String(outcome.failure.status));
    else if (outcome.result === 'blocked') count(this.#errors, 'blocked');
  }

  pass(report: PassReport): void {
    this.#passes++;
    this.#passSeconds += report.durationMs / 1000;
    if (isInSync(report)) this.#lastSuccessAt = report.at + report.durationMs;
  }

  look(durationMs: number): void {
    this.#looks++;
    this.#lookSeconds += durationMs / 1000;
  }

  trial({result}: TrialResult): void {
    if (result === 'rolled back') this.#rollbacks++;
  }

  /** `situation` is undefined before the first pass. */
  print(situation: Situation | undefined, now: number, {requests, webhook, wallNow, isEngineUp}: MetricsContext): string {
    const {pass, health} = situation ?? {};
    const rules = countRules(health);
    const sinceSuccess = this.#lastSuccessAt === undefined ? undefined : (now - this.#lastSuccessAt) / 1000;
    const families: MetricFamily[] = [
      counter('passes_total', 'Passes since the start.', this.#passes),
      counter('pass_duration_seconds_total', 'Time spent in passes.', this.#passSeconds),
      counter('changes_total', 'Changes made to the engine, by action.', by('action', this.#changes)),
      counter('apply_errors_total', "Changes that failed, by the engine's status or the reason.", by('reason', this.#errors)),
      counter(
        'engine_requests_total',
        'Requests to the engine, by method and status.',
        [...requests].map(([key, value]) => {
          const [method = '', code = ''] = key.split(' ');
          return {labels: {method, code}, value};
        }),
      ),
      gauge('engine_up', 'Whether the engine answers.', isEngineUp ? 1 : 0),
      gauge('in_sync', 'Whether everything was as declared after the last pass.', pass && isInSync(pass) ? 1 : 0),
      gauge('seconds_since_success', 'Since the last pass after which everything was as declared.', sinceSuccess),
      gauge(
        'last_success_timestamp_seconds',
        "The same as a time by the node's clock.",
        sinceSuccess === undefined ? undefined : wallNow / 1000 - sinceSuccess,
      ),
      gauge('objects_desired', 'Objects that the files declare.', pass?.desired.objects.size ?? 0),
      gauge('objects', 'Objects by state.', by('state', countBy((situation ? objectStatuses(situation) : []).map(({state}) => state)))),
      gauge('files', 'Command files by state.', by('state', countBy(pass?.files.map(({state}) => state.replace(' ', '_')) ?? []))),
      gauge('healthy_rules', 'Rules that do as they should.', health && rules.healthy),
      gauge('unhealthy_rules', 'Rules that do not do as they should, each counted under its worst reason.', byReason(situation)),
      counter('rollbacks_total', 'Versions of files that were taken back.', this.#rollbacks),
      counter(
        'webhook_documents_total',
        'Documents for the webhook, by what became of them.',
        webhook && by('result', new Map(Object.entries(webhook))),
      ),
      counter('health_looks_total', 'Looks at how the rules do.', this.#looks),
      counter('health_look_duration_seconds_total', 'Time spent in looks at how the rules do.', this.#lookSeconds),
      gauge('revision_info', 'Identity of what the directory holds.', pass && [{labels: {revision: pass.revision}, value: 1}]),
    ];
    return printMetrics(families);
  }
}

type Value = number | undefined | MetricFamily['samples'];

function counter(name: string, help: string, value: Value): MetricFamily {
  return {name: `arrokoth_runner_${name}`, type: 'counter', help, samples: samplesOf(value)};
}

function gauge(name: string, help: string, value: Value): MetricFamily {
  return {name: `arrokoth_runner_${name}`, type: 'gauge', help, samples: samplesOf(value)};
}

function samplesOf(value: Value): MetricFamily['samples'] {
  if (typeof value === 'object') return value;
  return value === undefined ? [] : [{labels: {}, value}];
}

function by(label: string, counts: ReadonlyMap<string, number>): MetricFamily['samples'] {
  return [...counts].map(([name, value]) => ({labels: {[label]: name}, value}));
}

/** Every reason has its line, so that an alert sees a zero and not a gap. */
function byReason(situation: Situation | undefined): MetricFamily['samples'] {
  if (!situation?.health) return [];
  const counts = new Map<string, number>(healthCodes.map(code => [code, 0]));
  for (const {reasons} of situation.health.rules.values()) if (reasons[0]) count(counts, reasons[0].code);
  return by('reason', counts);
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function countBy(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) count(counts, value);
  return counts;
}
