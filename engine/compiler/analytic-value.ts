import {analyticColumn} from '#engine/planner/plan.ts';
import type {Code, Site} from './code.ts';

/** Code of an analytic value in a later stage: it travels with the row as a column. */
export function analyticValue(slot: number, stream: string, type: Code['type'], site: Pick<Site, 'column'>): Code {
  return {text: site.column(stream, analyticColumn(slot)), type, nullable: true, simple: true, fails: false};
}
