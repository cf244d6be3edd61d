import {mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, describe, expect, it, vi} from 'vitest';
import {watchPaths} from '#engine/base/watch-paths.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'watch-'));
  closers.push(() => rmSync(path, {recursive: true, force: true}));
  return path;
}

function watching(...paths: string[]): {count: () => number} {
  let calls = 0;
  const watch = watchPaths(paths, () => void calls++, {debounceMs: 30});
  closers.push(() => watch.close());
  return {count: () => calls};
}

const times = (watch: {count: () => number}, expected: number) =>
  vi.waitFor(() => expect(watch.count()).toBe(expected), {timeout: 8000, interval: 10});

/** What the kubelet does to a mounted ConfigMap. */
function mount(at: string, generation: number, files: Record<string, string>): void {
  const data = join(at, `..2026_08_01_${generation}`);
  mkdirSync(data);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(data, name), content);
  symlinkSync(`..2026_08_01_${generation}`, join(at, '..data_tmp'));
  renameSync(join(at, '..data_tmp'), join(at, '..data'));
  if (generation > 1) rmSync(join(at, `..2026_08_01_${generation - 1}`), {recursive: true});
}

describe('watchPaths', () => {
  it('tells of a file that is written, deleted and created again', async () => {
    const path = join(directory(), 'mqtt_source.yaml');
    writeFileSync(path, 'a');
    const watch = watching(path);
    writeFileSync(path, 'ab');
    await times(watch, 1);
    unlinkSync(path);
    await times(watch, 2);
    writeFileSync(path, 'abc');
    await times(watch, 3);
  });

  it('says nothing about neighbours', async () => {
    const at = directory();
    writeFileSync(join(at, 'mine'), '1');
    const watch = watching(join(at, 'mine'));
    writeFileSync(join(at, 'other'), '1');
    await new Promise(resolve => setTimeout(resolve, 150));
    writeFileSync(join(at, 'mine'), '12');
    await times(watch, 1);
  });

  it('follows a mounted ConfigMap through many updates, and the removal and return of its key', async () => {
    const at = directory();
    mount(at, 1, {model: 'one'});
    symlinkSync('..data/model', join(at, 'model'));
    const watch = watching(join(at, 'model'));
    for (let generation = 2; generation <= 4; generation++) {
      mount(at, generation, {model: `text ${generation}`});
      await times(watch, generation - 1);
      expect(readFileSync(join(at, 'model'), 'utf8')).toBe(`text ${generation}`);
    }
    mount(at, 5, {});
    unlinkSync(join(at, 'model'));
    await times(watch, 4);
    mount(at, 6, {model: 'back'});
    symlinkSync('..data/model', join(at, 'model'));
    await times(watch, 5);
  });

  it('tells of a directory that appears, is filled and is replaced', async () => {
    const at = join(directory(), 'models');
    const watch = watching(at);
    mkdirSync(at);
    writeFileSync(join(at, 'a.json'), '{}');
    await vi.waitFor(() => expect(watch.count()).toBeGreaterThan(0), {timeout: 8000});
    const before = watch.count();
    rmSync(at, {recursive: true});
    mkdirSync(at);
    writeFileSync(join(at, 'b.json'), '{}');
    await vi.waitFor(() => expect(watch.count()).toBeGreaterThan(before), {timeout: 8000});
    const replaced = watch.count();
    writeFileSync(join(at, 'b.json'), '{"a":1}');
    await vi.waitFor(() => expect(watch.count()).toBeGreaterThan(replaced), {timeout: 8000});
  });

  it('is silent once closed', async () => {
    const path = join(directory(), 'a');
    let calls = 0;
    const watch = watchPaths([path], () => void calls++, {debounceMs: 10});
    await watch.close();
    writeFileSync(path, 'a');
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(calls).toBe(0);
  });
});
