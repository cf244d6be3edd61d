import type {Outcome} from '#runner/reconcile/apply.ts';
import type {Change} from '#runner/reconcile/change.ts';
import {isInSync, type PassReport} from '#runner/reconcile/pass-report.ts';
import {objectStatuses, unhealthyRules} from './status.ts';

/** Counts since the runner began, and what the last pass saw, in Prometheus' text form. */
export class RunnerMetrics {
  readonly #changes = new Map<Change['action'], number>();
  readonly #errors = new Map<string, number>();
  #passes = 0;
  #passSeconds = 0;
  #last: PassReport | undefined;
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
    this.#last = report;
    if (isInSync(report)) this.#lastSuccessAt = report.at + report.durationMs;
  }

  /** `now` and the times of passes are on one clock; requests by `METHOD code`. */
  print(now: number, requests: ReadonlyMap<string, number>): string {
    const lines: string[] = [];
    const metric = (
      name: string,
      type: 'counter' | 'gauge',
      help: string,
      samples: readonly (readonly [Readonly<Record<string, string>>, number])[],
    ) => {
      lines.push(`# HELP arrokoth_runner_${name} ${help}`, `# TYPE arrokoth_runner_${name} ${type}`);
      for (const [labels, value] of samples) lines.push(`arrokoth_runner_${name}${labelText(labels)} ${value}`);
    };
    const report = this.#last;
    const states = new Map<string, number>();
    for (const {state} of report ? objectStatuses(report, now) : []) states.set(state, (states.get(state) ?? 0) + 1);

    metric('passes_total', 'counter', 'Passes since the start.', [[{}, this.#passes]]);
    metric('pass_seconds_total', 'counter', 'Time spent in passes.', [[{}, this.#passSeconds]]);
    metric(
      'changes_total',
      'counter',
      'Changes made to the engine, by action.',
      [...this.#changes].map(([action, value]) => [{action}, value]),
    );
    metric(
      'apply_errors_total',
      'counter',
      "Changes that failed, by the engine's status or the reason.",
      [...this.#errors].map(([reason, value]) => [{reason}, value]),
    );
    metric(
      'engine_requests_total',
      'counter',
      'Requests to the engine, by method and status.',
      [...requests].map(([key, value]) => {
        const [method = '', code = ''] = key.split(' ');
        return [{method, code}, value];
      }),
    );
    metric('engine_up', 'gauge', 'Whether the engine answered in the last pass.', [[{}, report?.engine ? 1 : 0]]);
    metric('in_sync', 'gauge', 'Whether everything was as declared after the last pass.', [[{}, report && isInSync(report) ? 1 : 0]]);
    metric(
      'seconds_since_success',
      'gauge',
      'Since the last pass after which everything was as declared.',
      this.#lastSuccessAt === undefined ? [] : [[{}, (now - this.#lastSuccessAt) / 1000]],
    );
    metric('objects_desired', 'gauge', 'Objects that the files declare.', [[{}, report?.desired.objects.size ?? 0]]);
    metric(
      'objects',
      'gauge',
      'Objects by state.',
      [...states].map(([state, value]) => [{state}, value]),
    );
    metric('unhealthy_rules', 'gauge', 'Rules that do not run as declared.', [[{}, report ? unhealthyRules(report).length : 0]]);
    metric(
      'files',
      'gauge',
      'Command files by state.',
      [...countBy(report?.files.map(({state}) => state) ?? [])].map(([state, value]) => [{state}, value]),
    );
    metric('revision_info', 'gauge', 'Identity of what the directory holds.', report ? [[{revision: report.revision}, 1]] : []);
    return `${lines.join('\n')}\n`;
  }
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function countBy(values: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) count(counts, value);
  return counts;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"\n]/g, '_')}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}
