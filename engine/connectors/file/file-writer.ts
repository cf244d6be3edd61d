import {type FileHandle, mkdir, open} from 'node:fs/promises';
import {dirname} from 'node:path';

export type FileType = 'lines' | 'json' | 'csv';

/**
 * Appends messages to one file. `lines` and `csv` end each message with a newline, and a line that a crash left half written is ended
 * before anything follows; `json` keeps the file one array, complete after every write.
 */
export class FileWriter {
  readonly #path: string;
  readonly #type: FileType;
  #file: FileHandle | undefined;
  #size = 0;
  /** Bytes at the end that the next write replaces: the closing bracket. */
  #tail = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(path: string, type: FileType) {
    this.#path = path;
    this.#type = type;
  }

  /** `header` goes before the first message of an empty csv file. Calls are carried out one after the other. */
  append(messages: readonly string[], header: string | undefined): Promise<void> {
    const written = this.#queue.then(() => this.#append(messages, header));
    this.#queue = written.catch(() => {});
    return written;
  }

  /** Takes its turn behind the appends so far; a later one opens the file again. */
  close(): Promise<void> {
    const closed = this.#queue.then(async () => {
      await this.#file?.close();
      this.#file = undefined;
    });
    this.#queue = closed.catch(() => {});
    return closed;
  }

  async #append(messages: readonly string[], header: string | undefined): Promise<void> {
    const file = (this.#file ??= await this.#open());
    const isEmpty = this.#size - this.#tail === 0;
    const at = this.#size - this.#tail;
    const bytes = Buffer.from(this.#type === 'json' ? jsonPart(messages, isEmpty) : linePart(messages, isEmpty ? header : undefined));
    for (let written = 0; written < bytes.length; ) {
      const {bytesWritten} = await file.write(bytes, written, bytes.length - written, at + written);
      written += bytesWritten;
    }
    this.#size = at + bytes.length;
    this.#tail = this.#type === 'json' ? 1 : 0;
  }

  async #open(): Promise<FileHandle> {
    await mkdir(dirname(this.#path), {recursive: true});
    // Created apart: a file opened for appending ignores positions, one opened for writing would be emptied.
    await (await open(this.#path, 'a')).close();
    const file = await open(this.#path, 'r+');
    try {
      await this.#continueAfter(file);
    } catch (thrown) {
      await file.close();
      throw thrown;
    }
    return file;
  }

  async #continueAfter(file: FileHandle): Promise<void> {
    this.#size = (await file.stat()).size;
    this.#tail = 0;
    if (this.#size === 0) return;
    const {buffer} = await file.read(Buffer.alloc(1), 0, 1, this.#size - 1);
    const last = String.fromCharCode(buffer[0]!);
    if (this.#type === 'json') {
      if (last !== ']' || this.#size < 3) throw new Error('the file exists and is not an array with elements');
      this.#tail = 1;
    } else if (last !== '\n') this.#size += (await file.write('\n', this.#size)).bytesWritten;
  }
}

function linePart(messages: readonly string[], header: string | undefined): string {
  return `${header === undefined ? '' : `${header}\n`}${messages.map(message => `${message}\n`).join('')}`;
}

function jsonPart(messages: readonly string[], isFirst: boolean): string {
  return `${isFirst ? '[' : ','}${messages.join(',')}]`;
}
