import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, describe, expect, it} from 'vitest';
import {KeySpace} from '#engine/store/key-space.ts';
import {openLevelStore} from '#engine/store/level-store.ts';
import {openMemoryStore} from '#engine/store/memory-store.ts';
import type {Store} from '#engine/store/store.ts';

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, {recursive: true, force: true});
});

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'store-'));
  directories.push(path);
  return path;
}

async function keys(store: Store, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const [key] of store.entries(prefix)) found.push(key);
  return found;
}

const put = (key: string, text: string) => ({key, value: Buffer.from(text)});

describe.each([
  {name: 'LevelDB', open: () => openLevelStore(join(directory(), 'store'))},
  {name: 'memory', open: () => Promise.resolve(openMemoryStore())},
])('a store in $name', ({open}) => {
  it('reads what was written, and nothing of what was deleted', async () => {
    const store = await open();
    await store.write([put('a', '1'), put('b', '2')]);
    await store.write([{key: 'a', value: undefined}]);
    expect(await store.get('a')).toBeUndefined();
    expect(Buffer.from((await store.get('b'))!).toString()).toBe('2');
    await store.close();
  });

  it('lists a prefix in the order of its bytes', async () => {
    const store = await open();
    await store.write(['rule/b', 'rule/a', 'rule/ä', 'rule/B', 'rules', 'rule', 'rule/a/1'].map(key => put(key, '')));
    expect(await keys(store, 'rule/')).toEqual(['rule/B', 'rule/a', 'rule/a/1', 'rule/b', 'rule/ä']);
    await store.close();
  });

  it('applies writes that wait together in the order they were made', async () => {
    const store = await open();
    await Promise.all(Array.from({length: 200}, (_, i) => store.write([put('counter', String(i))])));
    expect(Buffer.from((await store.get('counter'))!).toString()).toBe('199');
    await store.close();
  });

  it('keeps key spaces apart', async () => {
    const store = await open();
    const streams = new KeySpace(store, 'stream');
    await streams.put('demo', 'CREATE STREAM demo');
    await new KeySpace(store, 'streams').put('demo', 'another');
    const found: [string, string][] = [];
    for await (const [key, value] of streams.entries()) found.push([key, value]);
    expect(found).toEqual([['demo', 'CREATE STREAM demo']]);
    await store.close();
  });
});

describe('the LevelDB store', () => {
  it('still has everything after it was closed', async () => {
    const path = join(directory(), 'store');
    const first = await openLevelStore(path);
    await first.write([put('a', '1')]);
    await first.close();
    const second = await openLevelStore(path);
    expect(await keys(second, '')).toEqual(['a']);
    await second.close();
  });

  it('finishes the writes that wait when it is closed, and refuses later ones', async () => {
    const path = join(directory(), 'store');
    const store = await openLevelStore(path);
    const writes = Array.from({length: 50}, (_, i) => store.write([put(`k${i}`, '')]));
    await store.close();
    await Promise.all(writes);
    await expect(store.write([put('late', '')])).rejects.toThrow(/is closed/);
  });

  it('keeps what was written without waiting for the disk, and shows nothing of its own', async () => {
    const path = join(directory(), 'store');
    const first = await openLevelStore(path);
    await first.write([put('a', '1')], {sync: false});
    expect(await keys(first, '')).toEqual(['a']);
    await first.close();
    const second = await openLevelStore(path);
    expect(await keys(second, '')).toEqual(['a']);
    await second.close();
  });

  it('says which directory is in use by another process', async () => {
    const path = join(directory(), 'store');
    const store = await openLevelStore(path);
    await expect(openLevelStore(path)).rejects.toThrow(`the data directory "${path}" is in use by another process`);
    await store.close();
  });

  it('says which directory it cannot use', async () => {
    const parent = directory();
    writeFileSync(join(parent, 'file'), '');
    await expect(openLevelStore(join(parent, 'file'))).rejects.toThrow(`could not open the store in "${join(parent, 'file')}"`);
    const closed = join(parent, 'closed');
    writeFileSync(closed, '');
    chmodSync(closed, 0);
    await expect(openLevelStore(join(closed, 'store'))).rejects.toThrow(/could not open the store/);
  });

  it.each(['synced', 'unsynced'] as const)('has every acknowledged %s write, whole, after kill -9 at any moment', {
    timeout: 60_000,
  }, async durability => {
    const path = join(directory(), 'store');
    for (const killAfter of [1, 300, 2500]) {
      const acknowledged = await killWriter(path, killAfter, durability);
      const store = await openLevelStore(path);
      for (const number of acknowledged) {
        // A later write deletes the number that is 1000 older.
        if (number > Math.max(...acknowledged) - 900) {
          expect(Buffer.from((await store.get(`number/${number}`)) ?? []).toString()).toBe(`value of ${number}`);
        }
        expect(Buffer.from((await store.get(`twin/${number}`)) ?? []).toString()).toBe(`twin of ${number}`);
      }
      for (const key of await keys(store, 'number/')) expect(await store.get(key.replace('number', 'twin'))).toBeDefined();
      await store.close();
    }
  });

  it('has every acknowledged write after one that the disk could not take', async () => {
    const path = join(directory(), 'store');
    const script = join(import.meta.dirname, '../../support/store-writer-limited.ts');
    // A file that may not grow fails a write half way, as a full disk does; a new file has room again.
    const command = `trap '' XFSZ; ulimit -f 300; exec "${process.execPath}" --import tsx "${script}" "${path}"`;
    const child = spawn('bash', ['-c', command], {stdio: ['ignore', 'pipe', 'inherit'], env: {...process.env, TSX_DISABLE_CACHE: '1'}});
    let output = '';
    child.stdout.on('data', part => {
      output += String(part);
    });
    await once(child, 'close');
    const acknowledged = output.split('\n').slice(0, -2);
    expect(output).toContain('done');
    expect(acknowledged).toContain('large/3');
    expect(acknowledged).toContain('small/4');
    const store = await openLevelStore(path);
    expect(await keys(store, '')).toEqual(acknowledged.sort());
    await store.close();
  });
});

/** Numbers that a writer had acknowledged when it was killed after `count` of them. */
async function killWriter(path: string, count: number, durability: 'synced' | 'unsynced'): Promise<number[]> {
  const script = join(import.meta.dirname, '../../support/store-writer.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, path, durability], {stdio: ['ignore', 'pipe', 'inherit']});
  let output = '';
  child.stdout.on('data', part => {
    output += String(part);
    if (output.split('\n').length > count) child.kill('SIGKILL');
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect({code, signal}).toEqual({code: null, signal: 'SIGKILL'});
  const lines = output.split('\n').slice(0, -1);
  expect(lines.length).toBeGreaterThanOrEqual(count);
  return lines.map(Number);
}
