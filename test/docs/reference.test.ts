import {readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, it} from 'vitest';
import {projectRoot} from '#test/support/source-tree.ts';
import {referencePages} from '../../build/reference.ts';

it.each([...referencePages()])('%s is what the registry says (else run npx tsx build/reference.ts)', (file, text) => {
  expect(readFileSync(path.join(projectRoot, file), 'utf8')).toBe(text);
});
