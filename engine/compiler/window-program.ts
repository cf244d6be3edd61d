import type {FailureLabels} from '#engine/operators/row-failure.ts';
import type {WindowProgram} from '#engine/operators/window-contents.ts';
import type {BoundWindowFunction} from '#engine/planner/bound-expression.ts';
import type {AggregateNode, FilterNode, HavingNode, OrderNode, ProjectNode} from '#engine/planner/plan.ts';
import {accumulateFunctions, type Labels} from './accumulate-code.ts';
import {untyped} from './code.ts';
import {Emission} from './emission.ts';
import {compileCondition} from './expression.ts';
import {ItemShape, ItemSite} from './item-site.ts';
import {writeResult} from './result-code.ts';
import {RowSite} from './row-site.ts';
import type {RuleFacts} from './rule-facts.ts';

/** The clauses after the window, and WHERE where it stands above it. */
export interface WindowClauses {
  readonly where: FilterNode | undefined;
  readonly aggregate: AggregateNode | undefined;
  readonly having: HavingNode | undefined;
  readonly order: OrderNode | undefined;
  readonly project: ProjectNode;
}

/** Generates the functions of one rule for what follows its window. `swallowed` is told of failures that eKuiper makes null of. */
export function compileWindowProgram(
  clauses: WindowClauses,
  facts: RuleFacts,
  swallowed: (error: unknown) => void,
): {readonly program: WindowProgram; readonly labels: FailureLabels; readonly usesScope: boolean} {
  const emission = new Emission();
  const labels = new LabelList();
  const shape = new ItemShape(clauses.project.aggregate ? 'groups' : 'rows', facts);
  const swallow = clauses.project.aggregate ? emission.constant(swallowed) : undefined;
  const site = (isSummary = false) => new ItemSite(emission, facts, shape, {swallow, isSummary});
  // The clauses come first: they decide what a group must hold.
  const functions = [
    havingFunction(clauses.having, site(shape.kind === 'rows'), labels),
    keysFunction(clauses.order, site(), labels),
    projectFunction(clauses.project, facts, site(), labels),
  ];
  const places = facts.windowFunctions.map((one, slot) => placeFunction(one, `place${slot}`, site()));
  functions.push(...places);
  if (shape.kind === 'rows') functions.push(itemsFunction(clauses.where, shape, facts, emission));
  else functions.push('function items() {\nreturn [];\n}');
  if (clauses.aggregate === undefined)
    functions.push('function accumulate() {}', 'function seal() {}', 'function empty() {\nreturn {};\n}', 'function merge() {}');
  else {
    const groups = shape.kind === 'groups' ? shape : new ItemShape('groups', facts);
    functions.push(...accumulateFunctions(clauses.where, clauses.aggregate, groups, facts, emission, labels));
    shape.needsScope ||= groups.needsScope;
  }
  const body = [
    shape.needsScope ? `const scope = ${emission.constant(facts.scope())};` : '',
    'let position = 0;',
    ...shape.aliasFunctions,
    ...functions,
    `const places = [${places.map((_, slot) => `place${slot}`).join(', ')}];`,
    'return {places, accumulate, seal, empty, merge, items, having, keys, project, position() { return position; }};',
  ];
  const program = emission.build<WindowProgram>(body.filter(line => line !== '').join('\n'));
  return {program, labels: labels.list, usesScope: shape.needsScope};
}

/** Position 0 is WHERE's. */
class LabelList implements Labels {
  readonly list: string[] = ['run Where error: '];

  add(label: string): number {
    return this.list.push(label) - 1;
  }
}

function havingFunction(having: HavingNode | undefined, site: ItemSite, labels: Labels): string {
  if (having === undefined) return 'function having() {\nreturn true;\n}';
  const code = site.compile(having.condition);
  site.lines.unshift(`position = ${labels.add('run Having error: ')};`);
  const isSure = code.type.kind === 'boolean' && !code.nullable;
  return site.define('having', `return ${isSure ? code.text : site.emission.call('havingHolds', untyped(code, site))};`);
}

function keysFunction(order: OrderNode | undefined, site: ItemSite, labels: Labels): string {
  if (order === undefined) return 'function keys() {\nreturn [];\n}';
  const keys = order.items.map(({expression}) => site.compile(expression).text);
  site.lines.unshift(`position = ${labels.add('run Order By error: ')};`);
  return site.define('keys', `return [${keys.join(', ')}];`);
}

function placeFunction({partitionBy, orderBy}: BoundWindowFunction, name: string, site: ItemSite): string {
  const partition = partitionBy.map(item => site.emission.call('groupKey', untyped(site.compile(item), site)));
  const keys = orderBy.map(({expression}) => untyped(site.compile(expression), site));
  return site.define(name, `return {partition: ${partition.join(' + "\\u0000" + ') || '""'}, keys: [${keys.join(', ')}]};`);
}

function projectFunction(node: ProjectNode, facts: RuleFacts, site: ItemSite, labels: Labels): string {
  site.lines.push(`position = ${labels.add('run Select error: ')};`);
  writeResult(
    node,
    facts,
    {
      emission: site.emission,
      lines: site.lines,
      compile: expression => site.compile(expression),
      failUnder: label => site.lines.push(`position = ${labels.add(label)};`),
      hasNull: column => site.hasNull(column),
      row: () => site.rowText(),
    },
    [],
    result => `return ${result};`,
  );
  return site.define('project', '');
}

/** Makes an item of each row that WHERE keeps. */
function itemsFunction(where: FilterNode | undefined, shape: ItemShape, facts: RuleFacts, emission: Emission): string {
  const site = new RowSite(emission, facts);
  if (where !== undefined) {
    const condition = site.compileGuarded(where.condition, compileCondition);
    site.lines.push(`if (!${condition.text}) continue;`);
  }
  if (site.needsScope) shape.needsScope = true;
  const aliases = [...shape.aliases].map(slot => `a${slot}: undefined`);
  const scope = site.needsScope ? 'scope.metadata = metadata[i]; scope.timestamp = timestamps[i];' : '';
  return `function items(rows, metadata, timestamps, summary) {
const items = [];
position = 0;
for (let i = 0; i < rows.length; i++) {
const row = rows[i];
${[site.declarations, scope, ...site.lines].join('\n')}
items.push({${['row', 'm: metadata[i]', 't: timestamps[i]', 'summary', ...aliases, 'keys: undefined'].join(', ')}});
}
return items;
}`;
}
