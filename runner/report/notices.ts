import {placeOf} from '#runner/desired/declared.ts';
import type {Outcome} from '#runner/reconcile/apply.ts';
import {changeId, changePlace} from '#runner/reconcile/change.ts';
import {errorText} from '#runner/reconcile/outcome-text.ts';
import {isInSync} from '#runner/reconcile/pass-report.ts';
import {troubleOf} from '#runner/reconcile/rule-health.ts';
import type {TrialResult} from '#runner/reconcile/trials.ts';
import {countRules, type Situation, secondsAgo} from './status.ts';

/** `changes`: whenever something was changed, and whenever trouble begins, changes or ends. `failures`: the latter. `every`: after each pass. */
export type NoticePolicy = 'changes' | 'failures' | 'every';

export interface NoticeContext {
  readonly policy: NoticePolicy;
  readonly host: string;
  readonly engineUrl: string;
}

/** Longer lists are cut, and `omitted` says by how many. */
const mostItems = 100;

/** Decides after which pass, look and trial the webhook is told, and what. Each method gives the document, or undefined for silence. */
export class Notices {
  readonly #context: NoticeContext;
  #passTrouble = '';
  #ruleTrouble = '';

  constructor(context: NoticeContext) {
    this.#context = context;
  }

  pass(situation: Situation): object | undefined {
    const trouble = passTrouble(situation);
    const hasChanged = situation.pass.outcomes.some(({result, change}) => result === 'done' && change.action !== 'ask');
    const isNews = trouble !== this.#passTrouble;
    this.#passTrouble = trouble;
    const isDue = isNews || this.#context.policy === 'every' || (hasChanged && this.#context.policy === 'changes');
    return isDue ? this.#document('pass', situation) : undefined;
  }

  look(situation: Situation): object | undefined {
    const trouble = [...(situation.health?.rules ?? [])]
      .flatMap(([rule, health]) => (health.reasons.length > 0 ? `${rule}: ${troubleOf(health)}` : []))
      .join('\n');
    const isNews = trouble !== this.#ruleTrouble;
    this.#ruleTrouble = trouble;
    return isNews ? this.#document('health', situation) : undefined;
  }

  trial(situation: Situation, {file, hash, result, reasons}: TrialResult): object {
    return {...this.#document('rollback', situation), rollback: {file, version: hash, result, reasons}};
  }

  #document(event: 'pass' | 'health' | 'rollback', {pass, health, now}: Situation): object {
    const {host, engineUrl} = this.#context;
    let omitted = 0;
    const cut = <T>(items: readonly T[]): readonly T[] => {
      omitted += Math.max(0, items.length - mostItems);
      return items.slice(0, mostItems);
    };
    const ailing = [...(health?.rules ?? [])].filter(([, {reasons}]) => reasons.length > 0);
    const document = {
      event,
      host,
      engine: {url: engineUrl, version: pass.engine?.version, reachable: pass.engine !== undefined},
      revision: pass.revision,
      inSync: isInSync(pass) && ailing.length === 0,
      problem: pass.problem,
      durationMs: Math.round(pass.durationMs),
      changes: event === 'pass' ? cut(troubleFirst(pass.outcomes)).map(changeDocument) : [],
      files: cut(pass.files.filter(({state}) => state !== 'good')).map(({name, state, problems}) => ({name, state, problems})),
      conflicts: cut([...pass.desired.conflicts.values()]).map(({key, origins}) => ({object: key, places: origins.map(placeOf)})),
      drifts: cut(pass.plan.drifts).map(({key, what}) => ({object: key, what})),
      held: cut(pass.plan.held).map(({key, reason}) => ({object: key, reason})),
      rules: {
        ...countRules(health),
        notWell: cut(ailing).map(([rule, {reasons}]) => ({
          rule,
          reasons: reasons.map(({code, text, since}) => ({reason: code, text, forSeconds: secondsAgo(since, now)})),
        })),
      },
    };
    return {...document, omitted};
  }
}

function troubleFirst(outcomes: readonly Outcome[]): readonly Outcome[] {
  const told = outcomes.filter(({change}) => change.action !== 'ask');
  return [...told.filter(({result}) => result !== 'done'), ...told.filter(({result}) => result === 'done')];
}

function changeDocument(outcome: Outcome): object {
  const {change, result} = outcome;
  return {
    action: change.action,
    object: 'command' in change ? `${change.command.method} ${change.command.path}` : change.key,
    place: changePlace(change),
    result,
    ...(result === 'done' ? {} : {error: errorText(outcome)}),
  };
}

/** What is wrong, in a form that is the same as long as the same is wrong. */
function passTrouble({pass: {problem, files, desired, plan, outcomes}}: Situation): string {
  return [
    ...(problem === undefined ? [] : [`problem ${problem}`]),
    ...files
      .filter(({state}) => state !== 'good' && state !== 'unsettled')
      .map(({name, state, problems}) => `${name} ${state} ${problems.join()}`),
    ...desired.conflicts.keys(),
    ...plan.drifts.map(({key, what}) => `${key} ${what}`),
    ...plan.held.map(({key, reason}) => `${key} ${reason}`),
    ...outcomes.filter(({result}) => result !== 'done').map(outcome => `${changeId(outcome.change)} ${errorText(outcome)}`),
  ].join('\n');
}
