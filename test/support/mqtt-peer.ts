import {connectAsync, type IClientOptions, type MqttClient} from 'mqtt';
import {pollUntil} from './poll.ts';

/** A plain MQTT client on the other side of the broker. */
export interface MqttPeer {
  readonly client: MqttClient;
  readonly received: {
    readonly topic: string;
    readonly text: string;
    readonly retain: boolean;
    readonly qos: number;
    readonly userProperties: unknown;
  }[];
  publish(topic: string, text: string, options?: {qos?: 0 | 1 | 2; retain?: boolean; properties?: object}): Promise<void>;
  subscribe(filter: string, qos?: 0 | 1 | 2): Promise<void>;
  /** Waits until so many messages have come. */
  receives(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function connectPeer(url: string, options: IClientOptions = {}): Promise<MqttPeer> {
  const client = await connectAsync(url, {connectTimeout: 5000, ...options});
  const received: MqttPeer['received'] = [];
  client.on('message', (topic, payload, packet) => {
    received.push({
      topic,
      text: payload.toString(),
      retain: packet.retain,
      qos: packet.qos,
      userProperties: packet.properties?.userProperties,
    });
  });
  return {
    client,
    received,
    publish: async (topic, text, publishOptions = {}) => void (await client.publishAsync(topic, text, publishOptions)),
    subscribe: async (filter, qos = 0) => void (await client.subscribeAsync(filter, {qos})),
    receives: async count =>
      void (await pollUntil(() => received.length >= count, {what: () => `received ${JSON.stringify(received.slice(-3))}`})),
    close: () => client.endAsync(true),
  };
}
