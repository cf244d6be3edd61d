import {expect, it} from 'vitest';
import {emptyPlan, type PassReport} from '#runner/reconcile/pass-report.ts';
import {statusPage} from '#runner/report/status-page.ts';

const hostile = '<script>alert(1)</script>"\'&';
const pass: PassReport = {
  at: 0,
  durationMs: 1,
  revision: 'abc',
  files: [{name: `${hostile}.json`, hash: 'h', state: 'broken', problems: [hostile], inForce: undefined}],
  desired: {objects: new Map(), absent: new Map(), runs: new Map(), commands: [], conflicts: new Map()},
  engine: {version: hostile, upTimeSeconds: 61, startedAt: 0, isArrokoth: false},
  problem: undefined,
  plan: {...emptyPlan, held: [{key: `stream ${hostile}`, reason: hostile}]},
  outcomes: [],
  observation: undefined,
  engineLostState: false,
  lookAgainAt: undefined,
};

it('the page for people holds what files and engine say as text only', () => {
  const page = statusPage({pass, health: undefined, now: 5000}, {engineUrl: 'http://127.0.0.1:9081'});
  expect(page).toContain('Not everything is as declared');
  expect(page).toContain('5 s ago');
  expect(page).toContain('&#60;script&#62;');
  expect(page).not.toMatch(/<script|onerror=/);
  expect(page.match(/<(\w+)/g)!.every(tag => /^<(?:html|head|meta|title|style|body|h1|h2|table|tr|td|th|p|a|code|br)$/.test(tag))).toBe(
    true,
  );
});

it('says that nothing is known before the first pass', () => {
  expect(statusPage(undefined, {engineUrl: 'http://e', absence: 'no engine answers'})).toContain('http://e: no engine answers');
});
