import type {JoinCondition} from '#engine/operators/join-sets.ts';
import type {LookupJoinParts} from '#engine/operators/lookup-join.ts';
import type {BoundExpression} from '#engine/planner/bound-expression.ts';
import {allOf, conjunctsOf, type Equality, equalityOf, lookupCondition} from '#engine/planner/join-condition.ts';
import type {JoinStep} from '#engine/planner/plan.ts';
import {boolean} from '#engine/values/data-type.ts';
import {type Code, type Site, untyped} from './code.ts';
import {Emission} from './emission.ts';
import {compileExpression} from './expression.ts';
import {RowSite} from './row-site.ts';
import type {RuleFacts} from './rule-facts.ts';

/** Generates the functions of a join of sets. */
export function compileJoinCondition({source, on}: JoinStep, facts: RuleFacts): JoinCondition {
  const {keys, rest} = splitKeys(on, source, facts);
  const emission = new Emission();
  const functions = [
    keyFunction(
      'leftKey',
      keys.map(key => key.left),
      emission,
      facts,
      false,
    ),
    keyFunction(
      'rightKey',
      keys.map(key => key.right),
      emission,
      facts,
      false,
    ),
    conditionFunction('rest', rest, emission, facts),
    conditionFunction('on', on, emission, facts),
  ];
  const built = buildFunctions<Omit<JoinCondition, 'keyCount'>>(functions, ['leftKey', 'rightKey', 'rest', 'on'], emission, facts);
  return {...built, keyCount: keys.length};
}

type LookupCode = Pick<LookupJoinParts, 'values' | 'rest'>;

/** Generates the functions that ask a lookup table. */
export function compileLookupCondition({source, on}: JoinStep, facts: RuleFacts): LookupCode & {readonly keys: readonly string[]} {
  const {keys, values, rest} = lookupCondition(on, source, facts.aliases);
  const emission = new Emission();
  const functions = [keyFunction('values', values, emission, facts, true), conditionFunction('rest', rest, emission, facts)];
  return {...buildFunctions<LookupCode>(functions, ['values', 'rest'], emission, facts), keys};
}

/**
 * The equalities that may be tested first: those before which nothing stands that could fail. Behind anything else hashing would hide a
 * failure that testing all pairs tells.
 */
function splitKeys(
  on: BoundExpression | undefined,
  source: string,
  facts: RuleFacts,
): {readonly keys: readonly Equality[]; readonly rest: BoundExpression | undefined} {
  const keys: Equality[] = [];
  const rest: BoundExpression[] = [];
  let isSafe = true;
  for (const condition of conjunctsOf(on)) {
    const equality = isSafe ? equalityOf(condition, source, facts.aliases) : undefined;
    if (equality !== undefined) keys.push(equality);
    else {
      rest.push(condition);
      isSafe &&= !mayFail(condition, facts);
    }
  }
  return {keys, rest: allOf(rest)};
}

function mayFail(condition: BoundExpression, facts: RuleFacts): boolean {
  const site = new RowSite(new Emission(), facts);
  return onCode(site.compile(condition), site).fails || site.fails;
}

function onCode(code: Code, site: Site): Code {
  if (code.type.kind === 'boolean')
    return code.nullable ? {...code, text: `(${code.text} === true)`, nullable: false, simple: false} : code;
  return {text: site.emission.call('joinHolds', untyped(code, site)), type: boolean, nullable: false, simple: false, fails: true};
}

interface JoinFunction {
  readonly text: string;
  readonly needsScope: boolean;
}

/** One value by itself where only one is asked for and no list is wanted. */
function keyFunction(
  name: string,
  values: readonly BoundExpression[],
  emission: Emission,
  facts: RuleFacts,
  isList: boolean,
): JoinFunction {
  const site = new RowSite(emission, facts);
  const codes = values.map(value => site.compile(value));
  const texts = codes.map(code => (isList ? untyped(code, site) : code.text));
  return defineFunction(name, isList || texts.length !== 1 ? `[${texts.join(', ')}]` : texts[0]!, site);
}

function conditionFunction(name: string, condition: BoundExpression | undefined, emission: Emission, facts: RuleFacts): JoinFunction {
  if (condition === undefined) return {text: `const ${name} = undefined;`, needsScope: false};
  const site = new RowSite(emission, facts);
  const {text} = onCode(site.compileGuarded(condition, compileExpression), site);
  return defineFunction(name, text, site);
}

function defineFunction(name: string, result: string, site: RowSite): JoinFunction {
  const scope = site.needsScope ? 'scope.metadata = metadata;' : '';
  const body = [scope, site.declarations, ...site.lines, `return ${result};`].filter(line => line !== '');
  return {text: `function ${name}(row, metadata) {\n${body.join('\n')}\n}`, needsScope: site.needsScope};
}

function buildFunctions<T>(functions: readonly JoinFunction[], names: readonly string[], emission: Emission, facts: RuleFacts): T {
  const scope = functions.some(one => one.needsScope) ? [`const scope = ${emission.constant(facts.scope())};`] : [];
  return emission.build<T>([...scope, ...functions.map(one => one.text), `return {${names.join(', ')}};`].join('\n'));
}
