import {type FileType, FileWriter} from './file-writer.ts';

interface Shared {
  readonly writer: FileWriter;
  users: number;
}

/** Files the process writes to: sinks that name the same file take turns instead of overwriting each other. */
const openFiles = new Map<string, Shared>();

/** A use of a writer, ended once by `release`. */
export interface FileLease {
  readonly writer: FileWriter;
  release(): Promise<void>;
}

export function leaseFile(path: string, type: FileType): FileLease {
  const key = JSON.stringify([path, type]);
  let shared = openFiles.get(key);
  if (!shared) openFiles.set(key, (shared = {writer: new FileWriter(path, type), users: 0}));
  const {writer} = shared;
  shared.users++;
  let isReleased = false;
  return {
    writer,
    async release() {
      if (isReleased) return;
      isReleased = true;
      shared.users--;
      if (shared.users > 0) return;
      // A lease taken meanwhile keeps the writer, which opens its file again.
      await writer.close();
      if (shared.users === 0) openFiles.delete(key);
    },
  };
}
