import {ArrokothError, ConnectorError, errorCode} from '#engine/base/errors.ts';
import {type SettingsOf, text} from '#engine/base/settings.ts';
import type {Row} from '#engine/values/value.ts';
import {type ConnectorEnvironment, defineSink, PartialDelivery, type Sink, type SinkListener, type SinkMessage} from '../connector.ts';
import {compileDynamicText, type DynamicText} from '../dynamic-text.ts';
import {hasWildcard} from '../topic-matcher.ts';

const settings = {
  topic: text('Topic the rows go to. `{{.column}}` reads a column of the result.', {required: true, example: 'alarms/hot'}),
  rowkindField: text('Column that says how a lookup table is changed; not supported yet.', {default: ''}),
  keyField: text('Key column of a lookup table; not supported yet.', {default: ''}),
};

class MemorySink implements Sink {
  readonly #topic: DynamicText;
  readonly #environment: ConnectorEnvironment;

  constructor(options: SettingsOf<typeof settings>, environment: ConnectorEnvironment) {
    if (hasWildcard(options.topic)) throw refusal(`invalid memory topic ${options.topic}: wildcard found`);
    if (options.rowkindField !== '' && options.keyField === '') throw refusal('keyField is required when rowkindField is set');
    if (options.rowkindField !== '')
      throw refusal('memory sink: rowkindField is not supported yet, since lookup tables are not: remove rowkindField and keyField');
    this.#topic = compileDynamicText(options.topic, 'topic');
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
    this.#environment.bus.publish(topic, Array.isArray(data) ? data : [data as Row], {});
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
