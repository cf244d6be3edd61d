import {readdirSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {StatementError} from '#engine/language/syntax-error.ts';
import {UnsupportedError} from '#engine/planner/unsupported.ts';
import {type ConformanceCase, readCases} from '#test/support/conformance.ts';
import {planSql} from '#test/support/planning.ts';
import {projectRoot} from '#test/support/source-tree.ts';

/** Refused for reasons that are not the statement's: options of the rule or its sink, definitions of streams. */
const outsideOfPlanning = /invalid options|unmarshal|invalid duration|"error":(2201|3000)|temp stream|neither sql nor graph/;

type Verdict = 'accepted' | 'refused' | 'unsupported';

function verdictOf({sql, streams, tables, with: written, options}: ConformanceCase): {readonly verdict: Verdict; readonly message: string} {
  try {
    planSql(sql, {streams, tables, with: written, options: {isEventTime: options['isEventTime'] === true}});
    return {verdict: 'accepted', message: ''};
  } catch (error) {
    // Anything else is a defect of the planner, not a refusal.
    if (!(error instanceof StatementError)) throw error;
    return {verdict: error instanceof UnsupportedError ? 'unsupported' : 'refused', message: error.message};
  }
}

const cases = readdirSync(path.join(projectRoot, 'test/conformance'))
  .filter(file => file.endsWith('.yaml'))
  .flatMap(readCases)
  .filter(one => !one.open && !('qos' in one.options) && (one.refused === undefined || !outsideOfPlanning.test(one.refused)));

describe('a statement of the conformance cases', () => {
  it('is refused where it is wrong', () => {
    const wrong = cases.filter(one => one.refused !== undefined && verdictOf(one).verdict === 'accepted');
    expect(wrong.map(one => `${one.file}: ${one.sql}`)).toEqual([]);
  });

  it('is not refused where it is right', () => {
    const right = cases.filter(one => one.refused === undefined).map(one => ({one, ...verdictOf(one)}));
    expect(right.filter(({verdict}) => verdict === 'refused').map(({one, message}) => `${one.file}: ${one.sql}\n${message}`)).toEqual([]);
    expect(right.filter(({verdict}) => verdict === 'accepted').length).toBeGreaterThan(right.length / 4);
  });
});
