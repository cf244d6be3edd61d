import type {BoundCase} from '#engine/planner/bound-expression.ts';
import {type Code, type Compile, hold, type Site, untyped} from './code.ts';
import {comparisonCode} from './comparison-code.ts';

/** The first branch whose condition holds (a null one does not); without ELSE, null. Results keep one form: typed when all have one type. */
export function caseCode(node: BoundCase, site: Site, compile: Compile): Code {
  const operand = node.operand && compile(node.operand, site);
  const held = operand && hold(operand, site);
  const subject = operand && held && {...operand, text: held.name, simple: true, fails: false};
  const resultText = (code: Code): string => (node.type.kind === 'int' ? code.text : untyped(code, site));
  let fails = operand?.fails ?? false;
  let nullable = false;
  const results = node.branches.map(({when, then}) => {
    const compiled = compile(when, site);
    const test = subject ? comparisonCode('=', subject, compiled, site) : conditionCode(compiled, site);
    const result = compile(then, site);
    fails ||= test.fails || result.fails;
    nullable ||= result.nullable;
    return `${test.text} ? ${resultText(result)} : `;
  });
  const otherwise = node.otherwise && compile(node.otherwise, site);
  fails ||= otherwise?.fails ?? false;
  nullable ||= otherwise?.nullable ?? true;
  const text = `(${held?.before ?? ''}${results.join('')}${otherwise === undefined ? 'null' : resultText(otherwise)})`;
  return {text, type: node.type, nullable, simple: false, fails};
}

function conditionCode(code: Code, site: Site): Code {
  if (code.type.kind === 'boolean') return code.nullable ? {...code, text: `(${code.text} === true)`} : code;
  return {...code, text: site.emission.call('holds', untyped(code, site)), fails: true};
}
