import {describe, expect, it} from 'vitest';
import {emptyPlan, type PassReport} from '#runner/reconcile/pass-report.ts';
import type {ObjectStatus} from '#runner/report/status.ts';
import {statusTable} from '#runner/report/status-table.ts';

const pass: PassReport = {
  at: 0,
  durationMs: 1,
  revision: 'abc',
  files: [{name: 'a.json', hash: 'h', state: 'broken', problems: ['a.json:1:1: expected an object'], inForce: undefined}],
  desired: {objects: new Map(), absent: new Map(), runs: new Map(), commands: [], conflicts: new Map()},
  engine: {version: '2.4.0', upTimeSeconds: 61, startedAt: 0, isArrokoth: false},
  problem: undefined,
  plan: emptyPlan,
  outcomes: [],
  observation: undefined,
  engineLostState: false,
  lookAgainAt: undefined,
};

const object = (name: string, more: Partial<ObjectStatus> = {}): ObjectStatus => ({
  kind: 'rule',
  name,
  state: 'applied',
  place: `a.json:${name.length}:5`,
  command: 0,
  hash: 'h',
  lastSuccess: undefined,
  ruleState: 'running',
  healthy: true,
  reasons: [],
  error: undefined,
  lastError: undefined,
  attempts: undefined,
  retryInMs: undefined,
  ...more,
});
const unwell = object('unwell', {
  healthy: false,
  reasons: [{reason: 'source', text: 'source demo is not connected: connection refused by tcp://10.0.0.1:1883', forSeconds: 12}],
});
const plain = {useColour: false, columns: undefined};

describe('the table of the status', () => {
  it('shows trouble first, with its reason and since when', () => {
    expect(statusTable(pass, [object('good'), unwell, object('bad', {state: 'failed', error: 'the engine answered 400: no'})], plain)).toBe(
      `engine    2.4.0, up 61 s
revision  abc
file      a.json: broken
          a.json:1:1: expected an object
objects   3, 2 not in order

OBJECT       STATE    RULE     FILE
rule unwell  unwell   running  a.json:6:5  source demo is not connected: connection refused by tcp://10.0.0.1:1883 (for 12 s)
rule bad     failed   running  a.json:3:5  the engine answered 400: no
rule good    applied  running  a.json:4:5
`,
    );
  });

  it('cuts each line to the terminal with an ellipsis', () => {
    const many = Array.from({length: 1000}, (_, i) => object(`a-rule-with-a-rather-long-name-${i}`));
    const lines = statusTable(pass, [...many, unwell], {useColour: false, columns: 60})
      .trimEnd()
      .split('\n');
    expect(Math.max(...lines.map(line => line.length))).toBeLessThanOrEqual(60);
    expect(lines.find(line => line.startsWith('rule '))).toMatch(/^rule unwell .*…$/);
    expect(lines.filter(line => line.startsWith('rule a-rule'))).toHaveLength(1000);
    expect(lines.at(-1)).toMatch(/^rule a-rule-.*….*-999 /);
  });

  it('is in colour where that is wanted and nowhere else', () => {
    expect(statusTable(pass, [unwell], {...plain, useColour: true})).toContain('\u001b[31mrule unwell');
    expect(statusTable(pass, [unwell], plain)).not.toContain('\u001b[');
  });

  it('lets no name and no error move the cursor', () => {
    const evil = object('evil', {state: 'failed', error: 'a\u001b[2Jb\nc\u009b', place: 'a\u001b[31m.json:1:1'});
    expect(statusTable(pass, [evil], plain)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it('says when nothing is declared', () => {
    expect(statusTable({...pass, files: []}, [], plain)).toContain('no object is declared');
  });
});
