import type {AggregateFunction, AggregateKernel} from '#engine/functions/function.ts';
import type {BoundAggregate} from '#engine/planner/bound-expression.ts';
import type {AggregateNode, FilterNode} from '#engine/planner/plan.ts';
import {printKuiper} from '#engine/planner/print-kuiper.ts';
import {canMerge} from '#engine/planner/window-holding.ts';
import {type Code, hold, type Site, untypedName} from './code.ts';
import type {Emission} from './emission.ts';
import {compileCondition, compileExpression} from './expression.ts';
import type {ItemShape} from './item-site.ts';
import {hasNull, readColumn} from './row-access.ts';
import {RowSite} from './row-site.ts';
import type {RuleFacts} from './rule-facts.ts';

type Kernel = AggregateKernel<never>;

/** How failures of one program are named; a position is the place of its label. */
export interface Labels {
  readonly list: string[];
  add(label: string): number;
}

/** Generates the function that adds rows to groups, `seal`, `empty` and `merge`. The shape of the items must be complete. */
export function accumulateFunctions(
  where: FilterNode | undefined,
  node: AggregateNode,
  shape: ItemShape,
  facts: RuleFacts,
  emission: Emission,
  labels: Labels,
): readonly string[] {
  const site = new RowSite(emission, facts);
  const {lines} = site;
  if (where !== undefined) {
    const condition = site.compileGuarded(where.condition, compileCondition);
    lines.push(`if (!${condition.text}) continue;`);
  }
  const isGrouped = node.groupBy.length > 0;
  if (isGrouped) {
    lines.push(`at = ${labels.add('run Group By error: ')};`);
    const key = groupKey(node, site);
    lines.push(`const key = ${key};`, 'let g = groups.get(key);');
  }
  const row = rowMembers(node, shape, site, facts, emission);
  lines.push(`if (g === undefined) groups.set(${isGrouped ? 'key' : '""'}, g = ${newGroup(node, row, emission)});`);
  if (node.takesLastRow && row.length > 0) lines.push(`else { ${row.map(([member, text]) => `g.${member} = ${text};`).join(' ')} }`);
  for (const [slot, aggregate] of node.aggregates.entries())
    accumulateSlot(slot, aggregate, node.takesLastRow === true, site, facts, labels);
  const scopeLines = site.needsScope ? ['scope.metadata = metadata[i];', 'scope.timestamp = timestamps[i];'] : [];
  if (site.needsScope) shape.needsScope = true;
  return [
    `function accumulate(table, rows, metadata, timestamps, from, to) {
const groups = table.groups;
let at = 0;
${isGrouped ? '' : 'let g = groups.get("");'}
for (let i = from; i < to; i++) {
at = 0;
try {
const row = rows[i];
${[site.declarations, ...scopeLines, ...lines].join('\n')}
} catch (error) {
table.fail(error, at);
return;
}
}
}`,
    sealFunction(node, facts, emission, labels),
    emptyFunction(node, shape),
    mergeFunction(node, shape, emission),
  ];
}

/** The text of a row's group: `%v` of each item joined by commas; where the only item is a numeric column, its number. */
function groupKey({groupBy}: AggregateNode, site: RowSite): string {
  const keys = groupBy.map(item => ({item, code: site.compile(item)}));
  const [only] = keys;
  if (keys.length === 1 && only!.item.kind === 'column') {
    const {kind} = only!.item.type;
    if (kind === 'int' || kind === 'float' || kind === 'string') return `${only!.code.text} ?? "<nil>"`;
  }
  return keys.map(({code}) => keyText(code, site)).join(' + "," + ');
}

function keyText(code: Code, site: Site): string {
  const {before, name} = hold(code, site);
  return `(${before}${site.emission.call('groupKey', untypedName(name, code, site))})`;
}

/** A value that fails is a value for `count`, as it is not null; for the others it fails the window. */
function accumulateSlot(
  slot: number,
  aggregate: BoundAggregate,
  takesLastRow: boolean,
  site: RowSite,
  facts: RuleFacts,
  labels: Labels,
): void {
  const {definition, argument, filter, distinct} = aggregate;
  const {emission, lines} = site;
  const slotText = printKuiper({kind: 'slot', of: 'aggregate', slot, type: aggregate.type, span: aggregate.span}, facts);
  lines.push(`at = ${labels.add(`run Select error: expr: ${slotText} meet error, err:`)};`);
  const countsFailures = definition.name === 'count' && !distinct && !takesLastRow;
  const value = argument && site.compileGuarded(argument, compileExpression, filter === undefined && !countsFailures);
  const condition = filter && site.compileGuarded(filter, compileCondition);
  if (condition !== undefined) lines.push(`if (${condition.text}) {`);
  const kernel = kernelOf(aggregate);
  const name = value === undefined ? 'true' : emission.local('x');
  if (value !== undefined) {
    if (countsFailures && value.fails) lines.push(`let ${name}; try { ${name} = ${value.text}; } catch { ${name} = true; }`);
    else lines.push(`const ${name} = ${value.text};`);
  }
  const plain = value === undefined || kernel !== undefined ? name : untypedName(name, value, site);
  const tests = [
    ...(value?.nullable && (kernel !== undefined || distinct) ? [`${name} !== null`] : []),
    ...(distinct ? [emission.call('isDistinct', `g.d${slot}`, name)] : []),
  ];
  const add =
    kernel === undefined
      ? `g.s${slot} = ${emission.shared(definition.add)}(g.s${slot}, ${plain}, ${emission.constant(aggregate.options)});`
      : `g.s${slot} = ${emission.shared(kernel.add)}(g.s${slot}, ${plain});`;
  lines.push(tests.length === 0 ? add : `if (${tests.join(' && ')}) ${add}`);
  if (condition !== undefined) lines.push('}');
}

/** The form of an aggregate for the static type of its argument. Options are the general form's alone. */
function kernelOf({definition, argument, options}: BoundAggregate): Kernel | undefined {
  if (argument === undefined || options.length > 0) return undefined;
  return (definition as AggregateFunction).kernels?.find(({kind}) => kind === argument.type.kind);
}

/** What a group takes of the row at hand. */
function rowMembers(
  node: AggregateNode,
  shape: ItemShape,
  site: RowSite,
  facts: RuleFacts,
  emission: Emission,
): readonly (readonly [member: string, text: string])[] {
  return [
    ...[...shape.columns.values()].map(
      ({column, member}) => [member, site.known(column) ?? readColumn('row', column, facts, emission)] as const,
    ),
    ...[...shape.nulls.values()].map(({column, member}) => [member, hasNull('row', column, facts, emission)] as const),
    ...(shape.needsRow ? [['row', 'row'] as const] : []),
    ...(shape.needsScope ? [['m', 'metadata[i]'] as const] : []),
    ...[...shape.aliases].map(slot => [`a${slot}`, isGroupingAlias(slot, node) ? site.slotText(slot) : 'undefined'] as const),
  ];
}

/** A new group: columns of the row at hand, initial states. All groups of a program have one shape. */
function newGroup(node: AggregateNode, row: ReturnType<typeof rowMembers>, emission: Emission): string {
  const members = row.map(([member, text]) => `${member}: ${text}`);
  for (const [slot, aggregate] of node.aggregates.entries()) {
    const kernel = kernelOf(aggregate);
    const initial =
      kernel === undefined
        ? `${emission.shared(aggregate.definition.initial)}(${emission.constant(aggregate.options)})`
        : `${emission.shared(kernel.initial)}()`;
    members.push(`s${slot}: ${initial}`, `r${slot}: null`);
    if (aggregate.distinct) members.push(`d${slot}: new Set()`);
  }
  return `{${[...members, 'keys: undefined'].join(', ')}}`;
}

function sealFunction({aggregates}: AggregateNode, facts: RuleFacts, emission: Emission, labels: Labels): string {
  const lines = aggregates.flatMap((aggregate, slot) => {
    const kernel = kernelOf(aggregate);
    const text = printKuiper({kind: 'slot', of: 'aggregate', slot, type: aggregate.type, span: aggregate.span}, facts);
    const result =
      kernel === undefined
        ? `${emission.shared(aggregate.definition.result)}(g.s${slot}, ${emission.constant(aggregate.options)})`
        : `${emission.shared(kernel.result)}(g.s${slot})`;
    return [`position = ${labels.add(`run Select error: expr: ${text} meet error, err:`)};`, `g.r${slot} = ${result};`];
  });
  return `function seal(g) {\n${lines.join('\n')}\n}`;
}

function emptyFunction({aggregates}: AggregateNode, shape: ItemShape): string {
  const members = [...shape.columns.values()].map(({member}) => `${member}: null`);
  for (const {member} of shape.nulls.values()) members.push(`${member}: false`);
  if (shape.needsRow) members.push(shape.facts.positions === undefined ? 'row: {}' : 'row: []');
  if (shape.needsScope) members.push('m: undefined');
  for (const slot of shape.aliases) members.push(`a${slot}: undefined`);
  for (const slot of aggregates.keys()) members.push(`s${slot}: undefined`, `r${slot}: null`);
  return `function empty() {\nreturn {${[...members, 'keys: undefined'].join(', ')}};\n}`;
}

/** Columns are those of the earlier group, which holds the first row, or where the node says so those of the later. */
function mergeFunction(node: AggregateNode, shape: ItemShape, emission: Emission): string {
  if (!canMerge(node)) return 'function merge() {\nthrow new Error("an aggregate of this rule does not merge");\n}';
  const members = [...shape.columns.values(), ...shape.nulls.values()].map(({member}) => `${member}: c.${member}`);
  if (shape.needsRow) members.push('row: c.row');
  if (shape.needsScope) members.push('m: c.m');
  for (const slot of shape.aliases) members.push(`a${slot}: ${isGroupingAlias(slot, node) ? `c.a${slot}` : 'undefined'}`);
  for (const [slot, aggregate] of node.aggregates.entries()) {
    const kernel = kernelOf(aggregate);
    const merged =
      kernel === undefined
        ? `${emission.shared(aggregate.definition.merge!)}(e.s${slot}, l.s${slot}, ${emission.constant(aggregate.options)})`
        : `${emission.shared(kernel.merge!)}(e.s${slot}, l.s${slot})`;
    members.push(`s${slot}: l === undefined ? e.s${slot} : ${merged}`, `r${slot}: null`);
  }
  const holder = node.takesLastRow ? 'l === undefined ? e : l' : 'e';
  return `function merge(e, l) {\nconst c = ${holder};\nreturn {${[...members, 'keys: undefined'].join(', ')}};\n}`;
}

/** A grouping alias is known already and must keep the value that grouped the row. */
function isGroupingAlias(slot: number, {groupBy}: AggregateNode): boolean {
  return groupBy.some(item => item.kind === 'slot' && item.of === 'alias' && item.slot === slot);
}
