import {mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {readRevision} from '#runner/directory/read-revision.ts';
import type {Revision} from '#runner/directory/revision.ts';
import {KubeletVolume} from '#test/support/kubelet-volume.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'revision-'));
});
afterEach(() => rmSync(root, {recursive: true, force: true}));

const atOnce = async () => {};
const read = (directory = root) => readRevision(directory, atOnce);

function contents(revision: Revision): Record<string, string> {
  if (revision.state !== 'read') throw new Error(revision.reason);
  return Object.fromEntries(revision.files.map(file => [file.name, 'text' in file ? file.text : `! ${file.unreadable}`]));
}

describe('readRevision', () => {
  describe.each(['up to 1.22', 'from 1.23'] as const)('of a ConfigMap written by a kubelet %s', order => {
    it('gives the whole old or the whole new content between any two steps', async () => {
      const volume = new KubeletVolume(root, order);
      const old = {'changed.json': '1', 'kept.json': 'k', 'removed.json': 'r'};
      const next = {'changed.json': '2', 'kept.json': 'k', 'new.json': 'n'};
      volume.update(old);
      expect(contents(await read())).toEqual(old);
      let isSwapped = false;
      for (const step of volume.steps(next)) {
        step.run();
        isSwapped ||= step.name === 'swap';
        expect(contents(await read()), `after "${step.name}"`).toEqual(isSwapped ? next : old);
      }
    });

    it('gives one of the two when the swap comes in the middle of reading', async () => {
      const volume = new KubeletVolume(root, order);
      const payload = (value: string) => Object.fromEntries(Array.from({length: 40}, (_, i) => [`${i}.json`, value]));
      volume.update(payload('a'));
      for (const value of ['b', 'c', 'd', 'e', 'f']) {
        const reading = read();
        await new Promise(resolve => setImmediate(resolve));
        volume.update(payload(value));
        expect(new Set(Object.values(contents(await reading))).size).toBe(1);
      }
    });

    it('is empty, not unreadable, when every key was removed', async () => {
      const volume = new KubeletVolume(root, order);
      volume.update({'a.json': '1'});
      volume.update({});
      expect(contents(await read())).toEqual({});
    });
  });

  it('has the same identity for the same content, whenever and wherever it was written', async () => {
    const volume = new KubeletVolume(path.join(root, 'a'), 'from 1.23');
    volume.update({'a.json': '1'});
    const first = await read(volume.directory);
    volume.update({'a.json': '1'});
    mkdirSync(path.join(root, 'b'));
    writeFileSync(path.join(root, 'b/a.json'), '1');
    expect((await read(volume.directory)).hash).toBe(first.hash);
    expect((await read(path.join(root, 'b'))).hash).toBe(first.hash);
    writeFileSync(path.join(root, 'b/a.json'), '2');
    expect((await read(path.join(root, 'b'))).hash).not.toBe(first.hash);
  });

  it('reads plain directories, folders in them and mounts side by side', async () => {
    new KubeletVolume(path.join(root, 'one'), 'from 1.23').update({'a.json': '1'});
    new KubeletVolume(path.join(root, 'two'), 'up to 1.22').update({'a.json': '2'});
    writeFileSync(path.join(root, 'c.json'), '3');
    expect(contents(await read())).toEqual({'c.json': '3', 'one/a.json': '1', 'two/a.json': '2'});
  });

  it('reads a file behind a link and a single mounted file', async () => {
    writeFileSync(path.join(root, 'target.txt'), '1');
    symlinkSync('target.txt', path.join(root, 'a.json'));
    expect(contents(await read())).toEqual({'a.json': '1'});
  });

  it.each([
    '.hidden.json',
    '..data_tmp',
    'a.json~',
    '#a.json#',
    '.#a.json',
    'a.json.swp',
    '.a.json.swx',
    '4913',
    'a.json.tmp',
    'a.json___jb_tmp___',
    'a.json.bak',
    'README.md',
  ])('does not take %s for a command file', async name => {
    writeFileSync(path.join(root, name), 'x');
    writeFileSync(path.join(root, 'a.json'), '1');
    expect(contents(await read())).toEqual({'a.json': '1'});
  });

  it('reports a file that cannot be read beside those that can', async () => {
    mkdirSync(path.join(root, 'folder'));
    symlinkSync('nowhere', path.join(root, 'dangling.json'));
    symlinkSync('folder', path.join(root, 'folder.json'));
    writeFileSync(path.join(root, 'binary.json'), Uint8Array.of(0xff, 0xfe, 0x00));
    writeFileSync(path.join(root, 'good.json'), '1');
    expect(contents(await read())).toEqual({
      'binary.json': '! is not UTF-8 text',
      'dangling.json': '! is a link to nothing',
      'folder.json': '! is not a regular file',
      'good.json': '1',
    });
  });

  it('does not run after a link that leads back into the directory', async () => {
    symlinkSync('.', path.join(root, 'loop'));
    writeFileSync(path.join(root, 'a.json'), '1');
    expect(contents(await read())).toEqual({'a.json': '1'});
  });

  it('says why a directory cannot be read', async () => {
    const missing = path.join(root, 'missing');
    expect(await read(missing)).toMatchObject({state: 'unreadable', reason: `the command directory "${missing}" does not exist`});
    const file = path.join(root, 'file');
    writeFileSync(file, '');
    expect(await read(file)).toMatchObject({state: 'unreadable', reason: `the command directory "${file}" is not a directory`});
  });

  it('waits for a file that an editor renames into place', async () => {
    writeFileSync(path.join(root, 'a.json'), '1');
    renameSync(path.join(root, 'a.json'), path.join(root, 'a.json~'));
    writeFileSync(path.join(root, 'a.json'), '2');
    expect(contents(await read())).toEqual({'a.json': '2'});
  });
});
