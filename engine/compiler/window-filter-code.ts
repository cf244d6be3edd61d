import type {WindowProgram} from '#engine/operators/window-contents.ts';
import type {WindowFilterLoop} from '#engine/operators/window-filter.ts';
import type {AggregateNode, FilterNode} from '#engine/planner/plan.ts';
import {accumulateFunctions} from './accumulate-code.ts';
import {Emission} from './emission.ts';
import {compileCondition} from './expression.ts';
import {ItemShape} from './item-site.ts';
import {RowSite} from './row-site.ts';
import type {RuleFacts} from './rule-facts.ts';

type Program = Pick<WindowProgram, 'accumulate' | 'seal' | 'position'>;

/** Generates WHERE with aggregates: what computes them over a window, and the loop that tests its rows with them in hand. */
export function compileWindowFilter(
  node: FilterNode,
  facts: RuleFacts,
): {readonly program: Program; readonly run: WindowFilterLoop; readonly usesScope: boolean} {
  const aggregates = node.aggregates!;
  const whole: AggregateNode = {kind: 'aggregate', input: node.input, groupBy: [], aggregates};
  const own: RuleFacts = {...facts, aggregates};
  const emission = new Emission();
  const labels = {list: [] as string[], add: (label: string) => labels.list.push(label) - 1};
  const shape = new ItemShape('groups', own);
  const functions = accumulateFunctions(undefined, whole, shape, own, emission, labels);
  const site = new RowSite(emission, facts);
  const {text} = site.compileGuarded(node.condition, compileCondition);
  const usesScope = shape.needsScope || site.needsScope;
  const scope = site.needsScope ? ['scope.metadata = metadata[i];', 'scope.timestamp = timestamps[i];'] : [];
  const body = [
    usesScope ? `const scope = ${emission.constant(facts.scope())};` : '',
    'let position = 0;',
    ...functions,
    'function run(window, w) {',
    'const {rows, metadata, timestamps} = window;',
    'const passed = {rows: [], metadata: [], timestamps: [], start: window.start, end: window.end, trigger: window.trigger};',
    'for (let i = 0; i < rows.length; i++) {',
    'const row = rows[i];',
    site.declarations,
    ...scope,
    ...site.lines,
    `if (!${text}) continue;`,
    'passed.rows.push(row);',
    'passed.metadata.push(metadata[i]);',
    'passed.timestamps.push(timestamps[i]);',
    '}',
    'return passed;',
    '}',
    'return {run, program: {accumulate, seal, position() { return position; }}};',
  ];
  const built = emission.build<{readonly program: Program; readonly run: WindowFilterLoop}>(body.filter(line => line !== '').join('\n'));
  return {...built, usesScope};
}
