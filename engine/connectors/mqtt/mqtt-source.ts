import {ArrokothError, errorCode} from '#engine/base/errors.ts';
import {duration, oneOf, type SettingsOf, text} from '#engine/base/settings.ts';
import {kubeedgeSettings} from '#engine/kubeedge/kubeedge-settings.ts';
import {type ConnectorEnvironment, defineSource, type Source, type SourceListener, type SourceMessage} from '../connector.ts';
import {checkSourceSettings, sourceSettings} from '../source-settings.ts';
import {checkFilter, splitFilters, splitShare} from '../topic-filter.ts';
import {checkConnectionSettings, connectionSettings} from './connection-settings.ts';
import {type ConnectionLease, leaseConnection} from './connections.ts';
import {Receiver} from './receiver.ts';

const settings = {
  server: text('Address of the broker: tcp, ssl, ws or wss.', {default: 'tcp://127.0.0.1:1883', example: 'tcp://127.0.0.1:1883'}),
  qos: oneOf([0, 1, 2], 'Delivery guarantee asked of the broker.', {default: 1}),
  eofMessage: text('Payload, in base64, that ends the stream.', {default: ''}),
  interval: duration('Only the last message of each interval is handed on; not supported yet.', {default: 0}),
  ...sourceSettings,
  ...connectionSettings,
  ...kubeedgeSettings,
};

type MqttSourceSettings = SettingsOf<typeof settings>;

class MqttSource implements Source {
  readonly #filters: readonly string[];
  readonly #settings: MqttSourceSettings;
  readonly #environment: ConnectorEnvironment;
  #uses: {readonly lease: ConnectionLease; readonly receiver: Receiver}[] = [];

  constructor(datasource: string, options: MqttSourceSettings, environment: ConnectorEnvironment) {
    const fault = checkTopics(datasource);
    if (fault !== undefined) throw new ArrokothError(fault, {code: errorCode.executor});
    checkSourceSettings('mqtt', options);
    if (options.interval > 0)
      throw new ArrokothError('mqtt source property interval is not supported yet: remove it', {code: errorCode.executor});
    checkConnectionSettings(options, environment.etcDirectory);
    this.#filters = [...new Set(splitFilters(datasource))];
    this.#settings = options;
    this.#environment = environment;
    if (options.enableClientSession && options.clientid === '')
      environment.logger.warn('enableClientSession without clientid keeps nothing: the next start has another client id', {
        datasource,
      });
  }

  open(listener: SourceListener): void {
    const target = this.#settings.eofMessage === '' ? listener : endingAt(Buffer.from(this.#settings.eofMessage, 'base64'), listener);
    for (const [purpose, filters] of this.#byPurpose()) {
      const lease = leaseConnection(this.#settings, this.#environment, purpose);
      const receiver = new Receiver(filters, this.#settings.qos, target);
      this.#uses.push({lease, receiver});
      lease.connection.addReceiver(receiver);
    }
  }

  welcome(): void {
    for (const {lease, receiver} of this.#uses) lease.connection.welcome(receiver);
  }

  async close(): Promise<void> {
    const uses = this.#uses;
    this.#uses = [];
    await Promise.all(
      uses.map(({lease, receiver}) => {
        lease.connection.removeReceiver(receiver);
        return lease.release();
      }),
    );
  }

  /** The broker keeps the position: what is not acknowledged comes again. */
  offset(): undefined {
    return undefined;
  }

  seek(): void {}

  /**
   * Each shared subscription group has a connection of its own: on a common one its messages could not be told from those of an ordinary
   * subscription to the same topic. With a client id of the user's that is impossible, and all share one.
   */
  #byPurpose(): Map<string, string[]> {
    const groups = new Map<string, string[]>();
    for (const filter of this.#filters) {
      const group = this.#settings.clientid === '' ? (splitShare(filter).group ?? '') : '';
      const present = groups.get(group);
      if (present) present.push(filter);
      else groups.set(group, [filter]);
    }
    return groups;
  }
}

/** A listener whose source ends with the first message of these bytes. */
function endingAt(last: Buffer, listener: SourceListener): SourceListener {
  let hasEnded = false;
  return {
    messages(messages: readonly SourceMessage[], acknowledge) {
      const end = messages.findIndex(({payload}) => last.equals(payload));
      const before = end < 0 ? messages : messages.slice(0, end);
      if (!hasEnded && before.length > 0) listener.messages(before, acknowledge);
      else acknowledge?.();
      if (end >= 0 && !hasEnded) {
        hasEnded = true;
        listener.end();
      }
    },
    rows: (rows, metadata) => listener.rows(rows, metadata),
    connection: status => listener.connection(status),
    error: error => listener.error(error),
    end: () => listener.end(),
    ...(listener.keptFor && {keptFor: whom => endingAt(last, listener.keptFor!(whom))}),
  };
}

function checkTopics(datasource: string): string | undefined {
  const filters = splitFilters(datasource);
  if (filters.length === 0) return 'DATASOURCE names no MQTT topic';
  for (const filter of filters) {
    const fault = checkFilter(filter);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

export const mqttSource = defineSource({
  name: 'mqtt',
  summary:
    'Messages of an MQTT broker. DATASOURCE is a topic filter or several, separated by commas; `$share/<group>/<filter>` shares them out.',
  settings,
  delivers: 'bytes',
  create: (datasource, options, environment) => new MqttSource(datasource, options, environment),
  checkDatasource: checkTopics,
});
