import {expect, it} from 'vitest';
import {errorCode} from '#engine/base/errors.ts';
import {readPage} from '#test/support/documents.ts';

it('the page of errors has every code under its name', () => {
  const rows = [...readPage('docs/reference/errors.md').matchAll(/^\| (\d+) \| (\w+) \| (\d+) \| .+ \|$/gm)];
  expect(Object.fromEntries(rows.map(([, code, name]) => [name, Number(code)]))).toEqual(errorCode);
  // The server knows one exception: what is not there is 404.
  expect(rows.filter(([, code, , status]) => Number(status) !== (Number(code) === errorCode.notFound ? 404 : 400))).toEqual([]);
});
