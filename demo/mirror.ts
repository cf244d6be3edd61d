import {mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {watchPaths} from '#engine/base/watch-paths.ts';

/**
 * Keeps `target` equal to the command files of `source` with some texts replaced: the shipped files name the usual ports, which may be taken
 * on this machine. Files are renamed into place, so that a reader never sees half of one.
 */
export async function mirror(source: string, target: string, replacements: ReadonlyMap<string, string>): Promise<{close(): Promise<void>}> {
  const copy = async () => {
    const names = (await readdir(source)).filter(name => !name.startsWith('.'));
    for (const name of names) {
      let text = await readFile(path.join(source, name), 'utf8');
      for (const [from, to] of replacements) text = text.replaceAll(from, to);
      const temporary = path.join(target, `.${name}.tmp`);
      await writeFile(temporary, text);
      await rename(temporary, path.join(target, name));
    }
    for (const name of await readdir(target)) if (!names.includes(name)) await rm(path.join(target, name), {force: true});
  };
  await mkdir(target, {recursive: true});
  await copy();
  // A file that vanishes while it is copied raises another event: the next copy sees the directory as it then is.
  return watchPaths([source], () => void copy().catch(() => {}));
}
