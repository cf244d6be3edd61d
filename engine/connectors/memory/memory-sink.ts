import {ArrokothError, ConnectorError, errorCode} from '#engine/base/errors.ts';
import {type SettingsOf, text} from '#engine/base/settings.ts';
import type {Row} from '#engine/values/value.ts';
import {
  type ConnectorEnvironment,
  defineSink,
  PartialDelivery,
  type RowChange,
  type Sink,
  type SinkListener,
  type SinkMessage,
} from '../connector.ts';
import {compileDynamicText, type DynamicText} from '../dynamic-text.ts';
import {hasWildcard} from '../topic-matcher.ts';
import {rowChanges} from './row-changes.ts';

const settings = {
  topic: text('Topic the rows go to. `{{.column}}` reads a column of the result.', {required: true, example: 'alarms/hot'}),
  rowkindField: text(
    'Column that says what a row does to lookup tables of the topic: `insert`, `update`, `upsert` (also when it is missing) or `delete`.',
    {default: '', example: 'action'},
  ),
  keyField: text('Column whose value a `delete` takes away; needed with rowkindField.', {default: '', example: 'id'}),
};

class MemorySink implements Sink {
  readonly #topic: DynamicText;
  readonly #changeOf: ((row: Row) => RowChange) | undefined;
  readonly #environment: ConnectorEnvironment;

  constructor(options: SettingsOf<typeof settings>, environment: ConnectorEnvironment) {
    if (hasWildcard(options.topic)) throw refusal(`invalid memory topic ${options.topic}: wildcard found`);
    if (options.rowkindField !== '' && options.keyField === '') throw refusal('keyField is required when rowkindField is set');
    this.#topic = compileDynamicText(options.topic, 'topic');
    this.#changeOf = options.rowkindField === '' ? undefined : rowChanges(options.rowkindField, options.keyField);
    this.#environment = environment;
  }

  open(listener: SinkListener): void {
    listener.connection({state: 1, message: ''});
  }

  write(messages: readonly SinkMessage[]): void {
    for (const [i, {data}] of messages.entries()) {
      try {
        this.#publish(data);
      } catch (thrown) {
        throw new PartialDelivery(i, thrown);
      }
    }
  }

  async close(): Promise<void> {}

  #publish(data: Row | readonly Row[]): void {
    const topic = this.#topic(data);
    if (hasWildcard(topic)) throw new ConnectorError(`invalid memory topic ${topic}: wildcard found`, {retry: false});
    const rows: readonly Row[] = Array.isArray(data) ? data : [data as Row];
    const changes = this.#changeOf;
    this.#environment.bus.publish(topic, rows, {}, changes && rows.map(row => changes(row)));
  }
}

function refusal(message: string): ArrokothError {
  return new ArrokothError(message, {code: errorCode.executor});
}

export const memorySink = defineSink({
  name: 'memory',
  summary: 'Hands results to the rules that read an in-process topic, without encoding them.',
  settings,
  accepts: 'rows',
  create: (options, environment) => new MemorySink(options, environment),
});
