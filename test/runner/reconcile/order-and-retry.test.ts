import {readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, it} from 'vitest';
import {steps} from '#runner/reconcile/order.ts';
import {type Result, retryTable, type Verdict, verdictOf} from '#runner/reconcile/retry-policy.ts';
import {projectRoot} from '#test/support/source-tree.ts';

const page = readFileSync(path.join(projectRoot, 'runner/RECONCILE.md'), 'utf8');

it('RECONCILE.md shows the retry policy as it is', () => {
  expect(page).toContain(`\n${retryTable()}\n`);
});

it('RECONCILE.md and the code draw the same steps, none left out', () => {
  const source = readFileSync(path.join(projectRoot, 'runner/reconcile/order.ts'), 'utf8');
  const drawing = /## Order\n\n```\n([\s\S]*?)```/.exec(page)![1]!;
  const inCode = source
    .slice(source.indexOf('/**'), source.indexOf('*/'))
    .split('\n')
    .filter(line => line.startsWith(' *     ') || line === ' *')
    .map(line => line.slice(7))
    .join('\n');
  expect(drawing.trim()).toBe(inCode.trim());
  const places = steps.map(step => drawing.indexOf(step));
  expect(places.every(place => place >= 0)).toBe(true);
});

it.each<[Result, Verdict]>([
  [200, 'done'],
  [201, 'done'],
  [204, 'done'],
  [301, 'settle'],
  [400, 'settle'],
  [401, 'again'],
  [403, 'settle'],
  [404, 'settle'],
  [408, 'again'],
  [409, 'settle'],
  [422, 'settle'],
  [425, 'again'],
  [429, 'again'],
  [500, 'again'],
  [503, 'again'],
  [599, 'again'],
  ['timeout', 'again'],
  ['broken', 'again'],
  ['refused', 'away'],
])('%s: %s', (result, verdict) => {
  expect(verdictOf(result)).toBe(verdict);
});
