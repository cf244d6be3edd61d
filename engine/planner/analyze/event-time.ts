import type {PlanOptions} from '../plan.ts';
import type {Problems} from '../problems.ts';
import type {ResolvedSource} from './sources.ts';
import {nameOf} from './types.ts';

const kindsOfTime: ReadonlySet<string> = new Set(['any', 'int', 'float', 'string', 'datetime']);

/** Reports sources whose rows have no time: event time needs the option TIMESTAMP of each, and a column that can hold one. */
export function checkTimestamps(sources: readonly ResolvedSource[], options: PlanOptions, problems: Problems): void {
  if (!options.isEventTime) return;
  for (const source of sources) {
    if (source.isLookup) continue;
    const {span} = source.reference;
    const named = `${source.kind} "${source.stream}"`;
    const column = source.options.get('TIMESTAMP');
    if (!column) {
      const hint = `Declare "${source.stream}" WITH (TIMESTAMP="column"), or set the rule option "isEventTime" to false.`;
      problems.mistake(`event time needs the option TIMESTAMP of ${named}`, span, hint);
      continue;
    }
    const declared = source.schema.columns.find(({name}) => name === column);
    if (declared === undefined && !source.schema.open) {
      problems.mistake(
        `TIMESTAMP of ${named} is column "${column}", which is not declared`,
        span,
        'Every row would be dropped: declare it.',
      );
    } else if (declared !== undefined && !kindsOfTime.has(declared.type.kind)) {
      const hint = 'A time is a bigint, float, string or datetime.';
      problems.mistake(`TIMESTAMP of ${named} is column "${column}" of type ${nameOf(declared.type)}, which holds no time`, span, hint);
    }
  }
}
