import type {RowLoop} from '#engine/operators/project.ts';
import type {FailureLabels} from '#engine/operators/row-failure.ts';
import type {FilterNode, ProjectNode} from '#engine/planner/plan.ts';
import {Emission} from './emission.ts';
import {compileCondition} from './expression.ts';
import {writeResult} from './result-code.ts';
import {hasNull} from './row-access.ts';
import {RowSite} from './row-site.ts';
import type {RuleFacts} from './rule-facts.ts';
import {usesHits} from './uses-hits.ts';

/** What the failure of a condition is called, be it WHERE or the FILTER of a window. */
export const conditionLabel = 'run Where error: ';

/** Labels of a rule whose fields cannot fail: one list for all of them. */
const conditionOnly: FailureLabels = [conditionLabel, 'run Select error: '];

/** Generates the loop of a rule without a window. */
export function compileRowLoop(
  filter: FilterNode | undefined,
  project: ProjectNode,
  facts: RuleFacts,
): {readonly run: RowLoop; readonly labels: FailureLabels} {
  const emission = new Emission();
  const site = new RowSite(emission, facts);
  const {lines} = site;
  const labels: string[] = [];
  if (filter !== undefined) {
    const condition = site.compileGuarded(filter.condition, compileCondition);
    if (site.needsScope) lines.unshift(...scopeLines);
    lines.push(`if (!${condition.text}) continue;`, 'kept++;');
  }
  const countsHits = usesHits(facts);
  if (countsHits) site.usesScope();
  const scopeIsSet = site.needsScope && filter !== undefined && lines[0] === scopeLines[0];
  const start = lines.length;
  if (filter !== undefined) lines.push('at = 1;');
  writeResult(
    project,
    facts,
    {
      emission,
      lines,
      compile: node => site.compile(node),
      failUnder: label => lines.push(`at = ${labels.push(label) + 1};`),
      hasNull: column => hasNull('row', column, facts, emission),
      row: () => 'row',
    },
    project.sendMeta ? [metaMember(lines)] : [],
    result => (project.limit === 0 ? '' : `const made = ${result}; if (count === 1) results = [made]; else results.push(made);`),
  );
  if (site.needsScope && !scopeIsSet) lines.splice(start, 0, ...scopeLines);
  const body = [
    site.needsScope ? `const scope = ${emission.constant(facts.scope())};` : '',
    // A batch of one, usual at low rates, makes its list at the size it needs.
    'const none = [];',
    'return function run(batch, project) {',
    'const rows = batch.rows, metadata = batch.metadata, timestamps = batch.timestamps, count = rows.length;',
    `let results = count === 1 ? none : [], kept = ${filter === undefined ? 'count' : '0'}, at = ${filter === undefined ? '1' : '0'};`,
    'for (let i = 0; i < count; i++) {',
    filter === undefined ? 'at = 1;' : 'at = 0;',
    'try {',
    'const row = rows[i];',
    site.declarations,
    ...lines,
    ...(countsHits ? [hitLine] : []),
    '} catch (error) {',
    // A row whose fields fail has passed WHERE all the same.
    ...(countsHits ? [`if (at !== 0) { ${hitLine} }`] : []),
    'results = project.fail(error, at, results, timestamps[i]);',
    '}',
    '}',
    'project.finish(batch, kept, results);',
    '};',
  ];
  return {
    run: emission.build<RowLoop>(body.filter(line => line !== '').join('\n')),
    labels: labels.length === 0 ? conditionOnly : [...conditionOnly, ...labels],
  };
}

const scopeLines = ['scope.metadata = metadata[i];', 'scope.timestamp = timestamps[i];'];

const hitLine = 'scope.hits.count++, scope.hits.atMs = timestamps[i];';

/** The row's metadata as a member of the result. */
function metaMember(lines: string[]) {
  lines.push('const meta = metadata[i] ?? null;');
  return {name: '__meta', text: 'meta', nullable: true};
}
