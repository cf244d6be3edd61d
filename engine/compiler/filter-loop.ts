import type {FilterLoop} from '#engine/operators/filter.ts';
import type {BoundExpression} from '#engine/planner/bound-expression.ts';
import {Emission} from './emission.ts';
import {compileCondition} from './expression.ts';
import {RowSite} from './row-site.ts';
import type {RuleFacts} from './rule-facts.ts';

/** Generates the loop of a filter in front of a window. The batch is copied only from the first row on that does not pass. */
export function compileFilterLoop(condition: BoundExpression, facts: RuleFacts): FilterLoop {
  const emission = new Emission();
  const site = new RowSite(emission, facts);
  const {text} = site.compileGuarded(condition, compileCondition);
  const scope = site.needsScope ? ['scope.metadata = metadata[i];', 'scope.timestamp = timestamps[i];'] : [];
  const body = [
    site.needsScope ? `const scope = ${emission.constant(facts.scope())};` : '',
    'return function run(batch, filter) {',
    'const rows = batch.rows, metadata = batch.metadata, timestamps = batch.timestamps, count = rows.length;',
    'let passed;',
    'for (let i = 0; i < count; i++) {',
    'let keeps = false;',
    'try {',
    'const row = rows[i];',
    site.declarations,
    ...scope,
    ...site.lines,
    `keeps = ${text};`,
    '} catch (error) {',
    'filter.fail(error, timestamps[i]);',
    '}',
    'if (keeps) {',
    'if (passed !== undefined) {',
    'passed.rows.push(rows[i]);',
    'passed.metadata.push(metadata[i]);',
    'passed.timestamps.push(timestamps[i]);',
    '}',
    '} else if (passed === undefined) {',
    'passed = {rows: rows.slice(0, i), metadata: metadata.slice(0, i), timestamps: timestamps.slice(0, i)};',
    '}',
    '}',
    'filter.finish(batch, passed ?? batch);',
    '};',
  ];
  return emission.build<FilterLoop>(body.filter(line => line !== '').join('\n'));
}
