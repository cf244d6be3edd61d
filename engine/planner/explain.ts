import {explainKuiper} from './explain-kuiper.ts';
import {explainTyped} from './explain-typed.ts';
import type {Plan} from './plan.ts';

export type ExplainForm = 'kuiper' | 'typed';

/**
 * The plan as text, one JSON object `{op, info}` a line, children indented by tabs.
 *
 * Unless asked otherwise a plan is told as eKuiper tells it, which its clients compare, and one over a stream typed by a device model, which
 * eKuiper does not have, with the types.
 */
export function explainPlan(plan: Plan, form: ExplainForm = hasDeviceTypes(plan) ? 'typed' : 'kuiper'): string {
  return form === 'typed' ? explainTyped(plan) : explainKuiper(plan);
}

function hasDeviceTypes(plan: Plan): boolean {
  return plan.sources.some(({schema}) => schema.open && schema.columns.length > 0);
}
