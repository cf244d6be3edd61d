import {ArrokothError, ConnectorError, errorCode, messageOf} from '#engine/base/errors.ts';
import {anything, flag, type SettingsOf, text, textList} from '#engine/base/settings.ts';
import type {Row} from '#engine/values/value.ts';
import {type ConnectorEnvironment, defineSink, PartialDelivery, type Sink, type SinkListener, type SinkMessage} from '../connector.ts';
import {compileDynamicText, type DynamicText} from '../dynamic-text.ts';
import {payloadText} from '../payload-text.ts';
import {containedPath, insideOrAbsolute, isInside} from './contained-path.ts';
import type {FileType} from './file-writer.ts';
import {type FileLease, leaseFile} from './open-files.ts';

const settings = {
  path: text('File below the data directory; directories are made. `{{.column}}` reads a column of the result.', {
    default: 'cache',
    example: 'out/{{.deviceid}}.log',
  }),
  fileType: text('lines (a message a line), json (one array) or csv.', {default: 'lines'}),
  format: text('How messages are encoded; csv needs delimited.', {default: 'json'}),
  hasHeader: flag('Whether a csv file begins with the names of its columns.'),
  delimiter: text('Separator of a csv file.', {default: ','}),
  fields: textList('Columns of a csv file, in this order.'),
  excludeFields: textList('Columns a csv file leaves out.'),
  rollingInterval: anything('Time after which a new file begins; not supported yet.'),
  rollingCount: anything('Messages after which a new file begins; not supported yet.'),
  rollingSize: anything('Bytes after which a new file begins; not supported yet.'),
  checkInterval: anything('How often rollingInterval is looked at; not supported yet.'),
  rollingNamePattern: anything('Where the time stands in names of rolled files; not supported yet.'),
  rollingHook: anything('What happens to a finished file; not supported yet.'),
  rollingHookProps: anything('Properties of the hook; not supported yet.'),
};

type FileSettings = SettingsOf<typeof settings>;

const fileTypes: readonly FileType[] = ['lines', 'json', 'csv'];
const rolling = [
  'rollingInterval',
  'rollingCount',
  'rollingSize',
  'checkInterval',
  'rollingNamePattern',
  'rollingHook',
  'rollingHookProps',
] as const;
/** Files that stay open under a dynamic path. */
const maxOpen = 64;

class FileSink implements Sink {
  readonly #settings: FileSettings;
  readonly #environment: ConnectorEnvironment;
  readonly #type: FileType;
  readonly #path: DynamicText;
  /** Least recently used first. */
  readonly #open = new Map<string, FileLease>();
  #listener: SinkListener | undefined;

  constructor(options: FileSettings, environment: ConnectorEnvironment) {
    const type = fileTypes.find(known => known === options.fileType.toLowerCase());
    if (type === undefined) throw refusal('fileType must be one of json, csv or lines');
    if (type === 'csv' && options.format.toLowerCase() !== 'delimited') throw refusal('format must be delimited when fileType is csv');
    if (type === 'json' && options.format.toLowerCase() !== 'json') throw refusal('format must be json when fileType is json');
    const used = rolling.filter(name => options[name] !== undefined);
    if (used.length > 0) throw refusal(`file sink: ${used.join(', ')} is not supported yet: remove it`);
    this.#settings = options;
    this.#environment = environment;
    this.#type = type;
    this.#path = compileDynamicText(options.path, 'path');
    if (!options.path.includes('{{')) this.#resolve(options.path, refusal);
  }

  open(listener: SinkListener): void {
    this.#listener = listener;
    listener.connection({state: 1, message: ''});
  }

  async write(messages: readonly SinkMessage[]): Promise<void> {
    for (let from = 0; from < messages.length; ) {
      const written = messages[from]!;
      try {
        const path = this.#resolve(this.#path(written.data), failure);
        // Neighbours of the same file go in one write.
        let to = from + 1;
        while (to < messages.length && this.#isStatic) to++;
        await this.#append(path, messages.slice(from, to));
        from = to;
      } catch (thrown) {
        // One path that is refused costs its message, not those behind it.
        throw messages.length > 1 ? new PartialDelivery(from, thrown) : thrown;
      }
    }
  }

  async close(): Promise<void> {
    const leases = [...this.#open.values()];
    this.#open.clear();
    await Promise.all(leases.map(lease => lease.release()));
  }

  get #isStatic(): boolean {
    return !this.#settings.path.includes('{{');
  }

  async #append(path: string, messages: readonly SinkMessage[]): Promise<void> {
    const texts = messages.map(payloadText);
    try {
      const {writer} = await this.#lease(path);
      const {hasHeader} = this.#settings;
      if (this.#type === 'csv' && hasHeader)
        await writer.append(
          texts.map((text, i) => withoutHeader(text, messages[i]!)),
          headerOf(messages[0]!, texts[0]!, this.#settings),
        );
      else await writer.append(texts, undefined);
    } catch (thrown) {
      this.#listener?.connection({state: -1, message: messageOf(thrown)});
      throw new ConnectorError(`file sink cannot write to "${path}": ${messageOf(thrown)}`, {retry: true, cause: thrown});
    }
  }

  async #lease(path: string): Promise<FileLease> {
    const open = this.#open.get(path) ?? leaseFile(path, this.#type);
    this.#open.delete(path);
    this.#open.set(path, open);
    if (this.#open.size > maxOpen) {
      const [oldest, lease] = this.#open.entries().next().value!;
      this.#open.delete(oldest);
      await lease.release();
    }
    return open;
  }

  #resolve(written: string, fault: (message: string) => Error): string {
    const {dataDirectory, allowExternalFileAccess = false, reservedDirectories = []} = this.#environment;
    const path = allowExternalFileAccess ? insideOrAbsolute(written, dataDirectory) : containedPath(written, dataDirectory);
    if (path !== undefined && reservedDirectories.some(directory => isInside(path, directory)))
      throw fault(`file sink: path "${written}" is in a directory of the engine's own: name another`);
    if (path !== undefined) return path;
    throw fault(`file sink: path "${written}" leads out of the data directory: name a file below it, or set basic.allowExternalFileAccess`);
  }
}

type Fault = (message: string) => Error;

const refusal: Fault = message => new ArrokothError(message, {code: errorCode.executor});
const failure: Fault = message => new ConnectorError(message, {retry: false});

/** The encoder puts the names of the columns before every list; a file has them once. */
function withoutHeader(text: string, {data}: SinkMessage): string {
  return Array.isArray(data) ? text.slice(text.indexOf('\n') + 1) : text;
}

function headerOf({data}: SinkMessage, text: string, {fields, excludeFields, delimiter}: FileSettings): string {
  if (Array.isArray(data)) return text.split('\n', 1)[0]!;
  const names = fields.length > 0 ? fields : Object.keys(data as Row).sort();
  return names.filter(name => !excludeFields.includes(name)).join(delimiter);
}

export const fileSink = defineSink({
  name: 'file',
  summary: 'Appends each result to a file below the data directory.',
  settings,
  accepts: 'bytes',
  create: (options, environment) => new FileSink(options, environment),
});
