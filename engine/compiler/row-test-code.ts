import type {RowKey, RowTest} from '#engine/operators/row-test.ts';
import type {BoundExpression} from '#engine/planner/bound-expression.ts';
import {type Code, hold, type Site, untypedName} from './code.ts';
import {Emission} from './emission.ts';
import {compileCondition, compileExpression} from './expression.ts';
import {RowSite} from './row-site.ts';
import type {RuleFacts} from './rule-facts.ts';
import {usesHits} from './uses-hits.ts';

/**
 * Generates the test of a window's condition: OVER(WHEN …), the conditions of a state window. A failure is false. A condition that asks how
 * often it was true before has that counted here.
 */
export function compileRowTest(condition: BoundExpression, facts: RuleFacts): RowTest {
  const emission = new Emission();
  const site = new RowSite(emission, facts);
  const {text} = site.compileGuarded(condition, compileCondition);
  if (usesHits(facts)) site.usesScope();
  const result = usesHits(facts)
    ? [`if (!${text}) return false;`, 'scope.hits.count++;', 'scope.hits.atMs = batch.timestamps[i];', 'return true;']
    : [`return ${text};`];
  return emission.build<RowTest>(
    functionOfRow(site, facts, ['try {', ...site.lines, ...result, '} catch (error) {', 'return false;', '}']),
  );
}

/** Generates the key of a partition: the texts of its items, separated. An item that fails counts as null. */
export function compileRowKey(items: readonly BoundExpression[], facts: RuleFacts): RowKey | undefined {
  if (items.length === 0) return undefined;
  const emission = new Emission();
  const site = new RowSite(emission, facts);
  const names = items.map(item => {
    const name = emission.local('k');
    const start = site.lines.length;
    const asText = (node: BoundExpression, own: Site): Code => {
      const code = compileExpression(node, own);
      const {before, name: value} = hold(code, own);
      return {...code, text: `(${before}${emission.call('groupKey', untypedName(value, code, own))})`};
    };
    const code = site.compileGuarded(item, asText, false);
    const written = site.lines.splice(start);
    site.lines.push(`let ${name} = "<nil>";`);
    // Columns and aliases may be read again by later items, so that their variables stay outside.
    site.lines.push(...written, `try { ${name} = ${code.text}; } catch (error) {}`);
    return name;
  });
  return emission.build<RowKey>(functionOfRow(site, facts, [...site.lines, `return ${names.join(' + "\\u0000" + ')};`]));
}

function functionOfRow(site: RowSite, facts: RuleFacts, body: readonly string[]): string {
  const {emission, needsScope} = site;
  const scope = needsScope ? ['scope.metadata = batch.metadata[i];', 'scope.timestamp = batch.timestamps[i];'] : [];
  return [
    needsScope ? `const scope = ${emission.constant(facts.scope())};` : '',
    'return function (batch, i) {',
    'const row = batch.rows[i];',
    site.declarations,
    ...scope,
    ...body,
    '};',
  ]
    .filter(line => line !== '')
    .join('\n');
}
