import {existsSync, statSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, it} from 'vitest';
import {pages, prose, readPage} from '#test/support/documents.ts';
import {projectRoot} from '#test/support/source-tree.ts';

describe.each(pages())('%s', page => {
  const links = [...prose(readPage(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(match => match[1]!);

  it('links to what is there', () => {
    const dead = links.filter(link => !/^(https?|mailto):/.test(link) && !resolves(page, link));
    expect(dead).toEqual([]);
  });

  it('names places of the project that exist', () => {
    const named = [...prose(readPage(page)).matchAll(/`((?:engine|runner|demo|configs|k8s|test|build|docs)\/[\w./-]+)`/g)].map(
      ([, place]) => place!,
    );
    const gone = named.filter(place => !existsSync(path.join(projectRoot, place)) && !existsSync(path.join(projectRoot, `${place}.ts`)));
    expect(gone).toEqual([]);
  });
});

it('is linked from the README or another page', () => {
  const linked = new Set(
    pages().flatMap(page =>
      [...prose(readPage(page)).matchAll(/\]\(([^)\s#]+)/g)].map(([, link]) => path.posix.join(path.posix.dirname(page), link!)),
    ),
  );
  const isLinked = (page: string): boolean => linked.has(page) || linked.has(path.posix.dirname(page));
  expect(pages().filter(page => page.startsWith('docs/') && !isLinked(page))).toEqual([]);
});

function resolves(page: string, link: string): boolean {
  const [target = '', anchor] = link.split('#');
  const file = target === '' ? page : path.posix.join(path.posix.dirname(page), decodeURI(target));
  const absolute = path.join(projectRoot, file);
  if (!existsSync(absolute)) return false;
  if (anchor === undefined || statSync(absolute).isDirectory() || !file.endsWith('.md')) return true;
  return headings(readPage(file)).has(anchor);
}

/** Anchors as GitHub makes them. */
function headings(text: string): ReadonlySet<string> {
  const anchors = [...prose(text).matchAll(/^#+ (.*)$/gm)].map(match =>
    match[1]!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return new Set(anchors);
}
