/** A message as a KubeEdge mapper or edgecore publishes it. */
export interface DeviceMessage {
  readonly topic: string;
  readonly payload: string;
  /** What it says, for people. */
  readonly summary: string;
}

/** Between two messages of the plant, in ms. */
export const messageIntervalMs = 400;

/**
 * Endless messages of three devices in the three shapes that KubeEdge has on MQTT. Values are strings, as on a real edge; every fifteenth
 * message of oven-1 holds a value that is no number.
 */
export function* plant(now: () => number): Generator<DeviceMessage, never> {
  for (let tick = 0; ; tick++) {
    const turn = Math.floor(tick / 3);
    const swing = Math.sin(tick / 20);
    if (tick % 3 === 0) yield twinUpdate('oven-1', 'temperature', turn % 15 === 14 ? 'n/a' : (27 + 6 * swing).toFixed(1), now());
    else if (tick % 3 === 1) yield document('oven-2', {temperature: (24 - 4 * swing).toFixed(2), door: String(turn % 8 === 0)}, now());
    else
      yield dataUpdate(
        'pump-1',
        {pressure: (2.4 + swing / 2).toFixed(3), running: String(turn % 10 !== 9), starts: String(1200 + turn)},
        now(),
      );
  }
}

/** Mapper → edgecore, one property a message (`…/twin/update`). */
function twinUpdate(device: string, property: string, value: string, timestamp: number): DeviceMessage {
  return {
    topic: `$hw/events/device/${device}/twin/update`,
    payload: JSON.stringify({
      event_id: '',
      timestamp,
      twin: {[property]: {actual: {value, metadata: {timestamp}}, metadata: {type: 'Updated'}}},
    }),
    summary: `${device} twin/update ${property}="${value}"`,
  };
}

/** edgecore → applications after a change (`…/twin/update/document`); since KubeEdge 1.15 every type on the wire is string. */
function document(device: string, values: Readonly<Record<string, string>>, timestamp: number): DeviceMessage {
  const twin = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      {last: null, current: {actual: {value, metadata: {timestamp}}, optional: true, metadata: {type: 'string'}}},
    ]),
  );
  return {
    topic: `$hw/events/device/default/${device}/twin/update/document`,
    payload: JSON.stringify({event_id: '', timestamp, twin}),
    summary: `default/${device} document ${shown(values)}`,
  };
}

/** Mapper → third parties (`$ke/…/data/update`). */
function dataUpdate(device: string, values: Readonly<Record<string, string>>, timestamp: number): DeviceMessage {
  const data = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, {value, metadata: {timestamp, type: 'string'}}]));
  return {
    topic: `$ke/events/device/${device}/data/update`,
    payload: JSON.stringify({event_id: '123e4567-e89b-12d3-a456-426655440000', timestamp, data}),
    summary: `${device} data/update ${shown(values)}`,
  };
}

function shown(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ');
}
