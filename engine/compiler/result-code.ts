import type {ProjectedField, ProjectNode} from '#engine/planner/plan.ts';
import {printKuiper} from '#engine/planner/print-kuiper.ts';
import {compareBytes} from '#engine/values/byte-order.ts';
import type {Code} from './code.ts';
import type {Emission} from './emission.ts';
import type {ColumnName} from './row-access.ts';
import type {RuleFacts} from './rule-facts.ts';
import {starRow} from './star-code.ts';

type StarField = Extract<ProjectedField, {kind: 'star'}>;
type ExpressionField = Extract<ProjectedField, {kind: 'expression'}>;

/** A member of the result and the variable that holds it. */
export interface ResultMember {
  readonly name: string;
  readonly text: string;
  readonly nullable: boolean;
  /** Text that is true for a null that is shown: a column that the row has and that is null. Absent: no null is. */
  readonly showsNull?: string | undefined;
}

/** Where the statements that compute a result are written. */
export interface ResultWriter {
  readonly emission: Emission;
  readonly lines: string[];
  /** The code of an expression; it fails also when a statement written for it may. */
  compile(node: ExpressionField['expression']): Code;
  /** Notes that what follows fails under this label. */
  failUnder(label: string): void;
  /** Text that is true when the row has a column and it is null. */
  hasNull(column: ColumnName): string;
  /** Text of the row behind a star. */
  readonly row: () => string;
}

/**
 * Writes the statements that compute the fields of SELECT in their order, then `done` with the text of the result. Members come in the
 * order of their names, as eKuiper prints them, where no star decides.
 */
export function writeResult(
  node: ProjectNode,
  facts: RuleFacts,
  writer: ResultWriter,
  extra: readonly ResultMember[],
  done: (result: string) => string,
): void {
  const stars: StarField[] = [];
  const members: ResultMember[] = [];
  const spreads: ResultMember[] = [];
  for (const field of node.fields) {
    if (field.kind === 'star') {
      stars.push(field);
      for (const item of field.replace) members.push(compileMember({...item, isAliased: false}, item.name, facts, writer));
    } else {
      const member = compileMember(field, field.isAliased ? field.name : undefined, facts, writer);
      if (field.spread) spreads.push(member);
      else if (!field.invisible) members.push(member);
    }
  }
  members.push(...extra);
  const finish = spreads.length === 0 ? done : (result: string) => spreadInto(result, spreads, writer.emission) + done('whole');
  if (stars.length > 0) writeOverStar(stars, members, node, facts, writer, finish);
  else
    writeLiteral(
      members.sort((a, b) => compareBytes(a.name, b.name)),
      node,
      writer,
      finish,
    );
}

/** Statements that make `whole`: a result with the members of objects that are spread over it. */
function spreadInto(result: string, spreads: readonly ResultMember[], emission: Emission): string {
  const adds = spreads.map(({text}) => `${emission.call('addColumns', 'whole', text)}; `);
  return `const whole = {...${result}}; ${adds.join('')}`;
}

function compileMember(
  {name, expression, isAliased}: Pick<ExpressionField, 'name' | 'expression' | 'isAliased'>,
  alias: string | undefined,
  facts: RuleFacts,
  writer: ResultWriter,
): ResultMember {
  const {lines} = writer;
  const start = lines.length;
  const code = writer.compile(expression);
  if (code.fails) {
    const prefix = alias === undefined ? '' : `alias: ${alias} `;
    const written = lines.splice(start);
    writer.failUnder(`run Select error: ${prefix}expr: ${printKuiper(expression, facts)} meet error, err:`);
    lines.push(...written);
  }
  // As in eKuiper a null column goes on under its own name, and a column that is missing or has an alias leaves nothing.
  const showsNull =
    expression.kind === 'column' && expression.name === name && !isAliased
      ? writer.hasNull(expression)
      : showsEmpty(expression, facts)
        ? 'true'
        : undefined;
  if (code.simple) return {name, text: code.text, nullable: code.nullable, showsNull};
  const variable = writer.emission.local('m');
  lines.push(`const ${variable} = ${code.text};`);
  return {name, text: variable, nullable: code.nullable, showsNull};
}

/** Whether a field is an aggregate whose null, of a window without rows, is shown. */
function showsEmpty(node: ExpressionField['expression'], facts: RuleFacts): boolean {
  if (node.kind !== 'slot') return false;
  if (node.of === 'alias') return showsEmpty(facts.aliases[node.slot]!.expression, facts);
  return node.of === 'aggregate' && facts.aggregates[node.slot]?.definition.showsEmpty === true;
}

/** One literal when no field is null, the usual case: all results then share one shape. Null fields are left out otherwise. */
function writeLiteral(
  members: readonly ResultMember[],
  {sendNilField}: ProjectNode,
  writer: ResultWriter,
  done: (result: string) => string,
): void {
  const {emission, lines} = writer;
  const literal = `{${members.map(({name, text}) => emission.entry(name, text)).join(', ')}}`;
  const nullable = members.filter(member => member.nullable);
  if (sendNilField || nullable.length === 0) {
    lines.push(done(literal));
    return;
  }
  lines.push(`if (${nullable.map(({text}) => `${text} !== null`).join(' && ')}) {`, done(literal), '} else {', 'const result = {};');
  for (const member of members) lines.push(assign('result', member, emission, member.nullable));
  lines.push(done('result'), '}');
}

function writeOverStar(
  stars: readonly StarField[],
  members: readonly ResultMember[],
  {sendNilField}: ProjectNode,
  facts: RuleFacts,
  writer: ResultWriter,
  done: (result: string) => string,
): void {
  const {emission, lines} = writer;
  const base = starRow(writer.row(), stars, facts, emission);
  if (members.length === 0) {
    lines.push(done(base));
    return;
  }
  lines.push(`const result = {...${base}};`);
  for (const member of members) {
    lines.push(assign('result', member, emission, member.nullable && !sendNilField));
    // A field that is null hides the column of its name.
    if (member.nullable && !sendNilField) lines.push(`else delete result[${emission.key(member.name)}];`);
  }
  lines.push(done('result'));
}

function assign(target: string, {name, text, showsNull}: ResultMember, emission: Emission, unlessNull: boolean): string {
  const set =
    name === '__proto__'
      ? `${emission.call('defineMember', target, emission.key(name), text)};`
      : `${target}[${emission.key(name)}] = ${text};`;
  return unlessNull ? `if (${text} !== null${showsNull === undefined ? '' : ` || ${showsNull}`}) ${set}` : set;
}
