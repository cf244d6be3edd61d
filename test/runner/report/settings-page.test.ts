import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, it} from 'vitest';
import {settingsPage} from '#runner/report/settings-page.ts';
import {runnerSettings} from '#runner/settings.ts';
import {projectRoot} from '#test/support/source-tree.ts';

it('the reference page of the settings is what the settings say (UPDATE_DOCS=1 writes it)', () => {
  const file = path.join(projectRoot, 'docs/reference/runner-settings.md');
  const page = settingsPage(runnerSettings);
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, page);
  expect(readFileSync(file, 'utf8')).toBe(page);
});
