import {errorOf} from '#engine/base/errors.ts';
import {countFiring} from '#engine/operators/counters.ts';
import {type ExpandParts, expandRows} from '#engine/operators/expand-rows.ts';
import type {ProjectNode} from '#engine/planner/plan.ts';
import type {Row} from '#engine/values/value.ts';
import type {NodeTable} from './node-table.ts';
import type {PipelineEnvironment, ResultOutput} from './pipeline.ts';

/** Where projected rows go: the rule's output, or what makes several rows of each before it. */
export function projectedOutput(project: ProjectNode, nodes: NodeTable, {output, clock}: PipelineEnvironment): ResultOutput {
  if (project.expands === undefined) return output;
  const counters = nodes.expansion()!;
  const parts: ExpandParts = {...project.expands, limit: project.limit, counters};
  const expanded = (rows: readonly Row[]): Row[] | undefined => {
    const at = clock.now();
    countFiring(counters, at);
    try {
      const made = expandRows(rows, parts);
      counters.recordsOut++;
      return made;
    } catch (thrown) {
      const error = errorOf(thrown);
      counters.fail(error.message, at);
      output.error(error);
      return undefined;
    }
  };
  return {
    // Each row is a message: it fails by itself, and the limit holds for what it makes.
    rows: rows => {
      for (const row of rows) {
        const made = expanded([row]);
        if (made !== undefined) output.rows(made);
      }
    },
    collection: rows => {
      const made = expanded(rows);
      if (made !== undefined) output.collection(made);
    },
    error: error => output.error(error),
  };
}

/** How many items of a firing are projected: the limit, unless it holds for the rows made of them. `LIMIT 0` mutes the rule in any case. */
export function projectLimit({expands, limit}: ProjectNode): number | undefined {
  return expands === undefined || limit === 0 ? limit : undefined;
}
