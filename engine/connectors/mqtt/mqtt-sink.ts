import {ArrokothError, ConnectorError, errorCode} from '#engine/base/errors.ts';
import {flag, oneOf, record, type SettingsOf, text} from '#engine/base/settings.ts';
import {type ConnectorEnvironment, defineSink, PartialDelivery, type Sink, type SinkListener, type SinkMessage} from '../connector.ts';
import {compileDynamicRecord, compileDynamicText, type DynamicText} from '../dynamic-text.ts';
import {hasWildcard} from '../topic-matcher.ts';
import {checkConnectionSettings, connectionSettings, parseProtocolVersion} from './connection-settings.ts';
import {type ConnectionLease, leaseConnection} from './connections.ts';
import type {OutboundPublish} from './publish-encoder.ts';

const settings = {
  server: text('Address of the broker: tcp, ssl, ws or wss.', {required: true, example: 'tcp://127.0.0.1:1883'}),
  topic: text('Topic of each message. `{{.column}}` reads a column of the result.', {default: '', example: 'alarms/{{.deviceid}}'}),
  qos: oneOf([0, 1, 2], 'Delivery guarantee asked of the broker.', {default: 0}),
  retained: flag('Whether the broker keeps the last message of the topic.'),
  properties: record('User properties of each message (MQTT 5); values may be templates.', {default: {}}),
  ...connectionSettings,
};

type MqttSinkSettings = SettingsOf<typeof settings>;

class MqttSink implements Sink {
  readonly #settings: MqttSinkSettings;
  readonly #environment: ConnectorEnvironment;
  readonly #topic: DynamicText;
  readonly #properties: ReturnType<typeof compileDynamicRecord>;
  #lease: ConnectionLease | undefined;
  #listener: SinkListener | undefined;

  constructor(options: MqttSinkSettings, environment: ConnectorEnvironment) {
    if (options.topic === '') throw refusal('mqtt sink is missing property topic');
    if (!options.topic.includes('{{') && hasWildcard(options.topic)) throw refusal("mqtt sink topic shouldn't contain # or +");
    checkConnectionSettings(options, environment.etcDirectory);
    if (Object.keys(options.properties).length > 0 && parseProtocolVersion(options.protocolVersion) !== 5)
      throw refusal('mqtt sink: properties need protocolVersion 5');
    this.#topic = compileDynamicText(options.topic, 'topic');
    this.#properties = compileDynamicRecord(options.properties, 'properties');
    this.#settings = options;
    this.#environment = environment;
  }

  open(listener: SinkListener): void {
    this.#listener = listener;
    this.#lease = leaseConnection(this.#settings, this.#environment);
    this.#lease.connection.addWatcher(listener);
  }

  write(messages: readonly SinkMessage[]): void | Promise<void> {
    if (!this.#lease) throw new ConnectorError('the mqtt sink is closed', {retry: false});
    const outbound: OutboundPublish[] = [];
    let fault: unknown;
    for (const message of messages) {
      try {
        outbound.push(this.#address(message));
      } catch (thrown) {
        fault = thrown;
        break;
      }
    }
    const {qos, retained} = this.#settings;
    const sent = outbound.length > 0 || fault === undefined ? this.#lease.connection.publish(outbound, {qos, retained}) : undefined;
    if (fault === undefined) return sent;
    // Those before it are sent; the failed one and what follows are the caller's.
    const partial = new PartialDelivery(outbound.length, fault);
    if (sent === undefined) throw partial;
    return sent.then(() => {
      throw partial;
    });
  }

  async close(): Promise<void> {
    const lease = this.#lease;
    if (!lease) return;
    this.#lease = undefined;
    lease.connection.removeWatcher(this.#listener!);
    await lease.release();
  }

  #address({payload, data}: SinkMessage): OutboundPublish {
    const topic = this.#topic(data);
    if (topic === '' || hasWildcard(topic) || topic.includes('\0'))
      throw new ConnectorError(`mqtt sink cannot publish to topic "${topic}": expected a topic without # and +`, {retry: false});
    return {topic, payload, properties: this.#properties?.(data)};
  }
}

function refusal(message: string): ArrokothError {
  return new ArrokothError(message, {code: errorCode.executor});
}

export const mqttSink = defineSink({
  name: 'mqtt',
  summary: 'Publishes each result to a topic of an MQTT broker.',
  settings,
  accepts: 'bytes',
  create: (options, environment) => new MqttSink(options, environment),
});
