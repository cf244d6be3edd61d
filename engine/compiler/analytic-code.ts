import type {AnalyticLoop} from '#engine/operators/analytic.ts';
import {Partitions} from '#engine/operators/partitions.ts';
import type {BoundAnalytic} from '#engine/planner/bound-expression.ts';
import {expressionKey} from '#engine/planner/expression-key.ts';
import {type AnalyticNode, analyticColumn} from '#engine/planner/plan.ts';
import {type Code, hold, untyped, untypedName} from './code.ts';
import {Emission} from './emission.ts';
import {namedCall} from './named-call.ts';
import {RowSite} from './row-site.ts';
import type {RuleFacts} from './rule-facts.ts';

type Placed = AnalyticNode['analytics'][number];

/** Functions that share one PARTITION BY keep their states in one list per partition. */
interface Group {
  readonly partitionBy: BoundAnalytic['partitionBy'];
  readonly members: Placed[];
  readonly partitions: Partitions;
  /** Text of the states of all partitions, and of the list of the row at hand. */
  readonly table: string;
  readonly states: string;
}

/**
 * Generates the loop that evaluates analytic functions. Each needs only those before it; their values are columns of the row that goes on
 * (`analyticColumn`), in the typed form where the type is known. Rows are those of one source.
 */
export function compileAnalyticLoop(
  {analytics}: AnalyticNode,
  facts: RuleFacts,
): {readonly run: AnalyticLoop; readonly partitions: readonly Partitions[]} {
  const emission = new Emission();
  const {site, groups, members} = partOf(analytics, facts, emission);
  const {needsScope} = site;
  const body = [
    needsScope ? `const scope = ${emission.constant(facts.scope())};` : '',
    'return function run(batch, analytic) {',
    'const rows = batch.rows, metadata = batch.metadata, timestamps = batch.timestamps, count = rows.length;',
    'let made = [], from = 0;',
    // States of functions without PARTITION BY are found once a batch.
    ...groups.filter(isSingle).map(({states, table}) => `const ${states} = ${table}.at("");`),
    'for (let i = 0; i < count; i++) {',
    'try {',
    'const row = rows[i];',
    ...(needsScope ? ['scope.metadata = metadata[i];', 'scope.timestamp = timestamps[i];'] : []),
    site.declarations,
    ...site.lines,
    `made.push({${[...carried(analytics[0]!.source, facts, emission), members].join(', ')}});`,
    '} catch (error) {',
    // Rows before it go first, so that errors and rows keep their order.
    'analytic.fail(error, batch, from, i, made);',
    'made = [];',
    'from = i + 1;',
    '}',
    '}',
    'analytic.finish(batch, from, made);',
    '};',
  ];
  const run = emission.build<AnalyticLoop>(body.filter(line => line !== '').join('\n'));
  return {run, partitions: groups.map(({partitions}) => partitions)};
}

interface Part {
  readonly site: RowSite;
  readonly groups: readonly Group[];
  /** Members of the row that goes on. */
  readonly members: string;
}

function partOf(analytics: readonly Placed[], facts: RuleFacts, emission: Emission): Part {
  const site = new RowSite(emission, facts);
  const groups = groupsOf(analytics, emission);
  const found = new Set([...groups.values()].filter(isSingle));
  for (const analytic of analytics) {
    const group = groups.get(keyOf(analytic))!;
    if (!found.has(group)) {
      found.add(group);
      const key = partitionKey(group, site);
      site.lines.push(`const ${group.states} = ${group.table}.at(${key});`);
    }
    site.defineAnalytic(analytic.slot, writeStep(analytic, group, site));
  }
  const members = analytics.map(({slot}) => `${analyticColumn(slot)}: ${site.analyticText(slot)}`).join(', ');
  return {site, groups: [...groups.values()], members};
}

/**
 * Members of the row that goes on: the columns that later stages read, or all of them where a star reads them. A missing column becomes
 * undefined, which reads as missing too; one shape for all rows is what makes reading them fast.
 */
function carried(source: string, {plan}: RuleFacts, emission: Emission): readonly string[] {
  const {columns} = plan.sources.find(({id}) => id === source)!;
  // A name that any source of a join may mean is looked for by which rows have it.
  if (columns === 'all' || plan.sources.length > 1) return ['...row'];
  return columns.map(name => {
    const value = name in Object.prototype ? emission.call('ownMember', 'row', emission.constant(name)) : `row[${emission.key(name)}]`;
    return emission.entry(name, value);
  });
}

function groupsOf(analytics: readonly Placed[], emission: Emission): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const analytic of analytics) {
    const key = keyOf(analytic);
    let group = groups.get(key);
    if (group === undefined) {
      const members: Placed[] = [];
      const partitions = new Partitions(() => members.map(({definition}) => definition.initial([])));
      const {partitionBy} = analytic;
      groups.set(key, (group = {partitionBy, members, partitions, table: emission.constant(partitions), states: emission.local('p')}));
    }
    group.members.push(analytic);
  }
  return groups;
}

const isSingle = ({partitionBy}: Group): boolean => partitionBy.length === 0;
const keyOf = ({partitionBy}: BoundAnalytic): string => partitionBy.map(expressionKey).join('\n');

/** `%v` of each item; a separator that texts hardly hold keeps `ab`, `c` and `a`, `bc` apart. */
function partitionKey({partitionBy}: Group, site: RowSite): string {
  const keys = partitionBy.map(item => {
    const code = site.compile(item);
    const {before, name} = hold(code, site);
    return `(${before}${site.emission.call('groupKey', untypedName(name, code, site))})`;
  });
  return keys.join(' + "\\u0000" + ');
}

/** Writes the step of one function and gives its value. */
function writeStep(analytic: Placed, group: Group, site: RowSite): Code {
  const {definition, arguments: values, when, type} = analytic;
  const {emission, lines} = site;
  const stars = values.flatMap((value, i) => (value.kind === 'star' ? [i] : []));
  const list = values.map(value => untyped(site.compile(value), site));
  const updated = when === undefined ? 'true' : `${untyped(site.compile(when), site)} !== false`;
  const state = `${group.states}[${group.members.indexOf(analytic)}]`;
  const parameters = [state, `[${list.join(', ')}]`, updated, ...(stars.length > 0 ? [emission.constant(stars)] : [])];
  const call = emission.shared(namedCall(definition.name, definition.step as never, parameters.length));
  const result = emission.local('s');
  const value = emission.local('y');
  lines.push(
    `const ${result} = ${call}(${parameters.join(', ')});`,
    `${state} = ${result}.state;`,
    `const ${value} = ${type.kind === 'int' ? emission.call('narrowed', `${result}.value`) : `${result}.value`};`,
  );
  return {text: value, type, nullable: true, simple: true, fails: false};
}
