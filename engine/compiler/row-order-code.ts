import type {RowKeys} from '#engine/operators/row-order.ts';
import type {OrderNode} from '#engine/planner/plan.ts';
import {Emission} from './emission.ts';
import {compileExpression} from './expression.ts';
import {RowSite} from './row-site.ts';
import type {RuleFacts} from './rule-facts.ts';

/** Generates what reads the values of ORDER BY from the rows of a window. */
export function compileRowKeys({items}: OrderNode, facts: RuleFacts): {readonly keys: RowKeys; readonly usesScope: boolean} {
  const emission = new Emission();
  const site = new RowSite(emission, facts);
  const values = items.map(({expression}) => site.compileGuarded(expression, compileExpression).text);
  const body = [
    site.needsScope ? `const scope = ${emission.constant(facts.scope())};` : '',
    'return function keys({rows, metadata, timestamps}) {',
    'const list = [];',
    'for (let i = 0; i < rows.length; i++) {',
    'const row = rows[i];',
    site.declarations,
    ...(site.needsScope ? ['scope.metadata = metadata[i];', 'scope.timestamp = timestamps[i];'] : []),
    ...site.lines,
    `list.push([${values.join(', ')}]);`,
    '}',
    'return list;',
    '};',
  ];
  return {keys: emission.build<RowKeys>(body.filter(line => line !== '').join('\n')), usesScope: site.needsScope};
}
