import type {Logger} from '#engine/base/logger.ts';
import type {DeviceReport} from './device-typing.ts';

type BadValueCount = {device: string; property: string; reason: string; count: number; last: string};

/** Kinds of bad values counted apart; the rest goes to one line. Model files bound them well below. */
const maxKinds = 5000;
/** Unknown devices, properties and topics logged, of each kind; they come from topics and payloads, so there is no end to them. */
const maxLogged = 50;
const maxShown = 80;

/** What was wrong with messages since start: counted always, logged once for each device, property and reason. Bounded in memory. */
export class FaultCounts {
  readonly #logger: Logger;
  readonly #badValues = new Map<string, BadValueCount>();
  readonly #logged = {device: new Set<string>(), property: new Set<string>(), line: new Set<string>()};
  unknownDevices = 0;
  unknownProperties = 0;
  unresolvedLines = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  badValue(device: string, property: string, reason: string, value: unknown): void {
    const key = `${device}\n${property}\n${reason}`;
    const known = this.#badValues.get(key);
    if (known) {
      known.count++;
      known.last = shown(value);
      return;
    }
    if (this.#badValues.size >= maxKinds && device !== '') {
      this.badValue('', '', 'further devices, properties and reasons', value);
      return;
    }
    this.#badValues.set(key, {device, property, reason, count: 1, last: shown(value)});
    this.#logger.warn('device value does not fit its model', {device, property, reason, value: shown(value)});
  }

  unknownDevice(device: string, topic: string): void {
    this.unknownDevices++;
    this.#logOnce('device', device, 'device is in no model file', {device: shown(device), topic: shown(topic)});
  }

  /** Logs what `unknownProperties` counts. */
  tellUnknownProperty(device: string, property: string): void {
    this.#logOnce('property', `${device}\n${property}`, 'property is not in the device model', {device, property: shown(property)});
  }

  unresolvedLine(topic: string): void {
    this.unresolvedLines++;
    this.#logOnce('line', topic, 'text line belongs to no pushMethod.mqtt.topic of a Device and is dropped', {topic: shown(topic)});
  }

  report(): Pick<DeviceReport, 'badValues' | 'unknownDevices' | 'unknownProperties' | 'unresolvedLines'> {
    return {
      badValues: [...this.#badValues.values()].map(count => ({...count})),
      unknownDevices: this.unknownDevices,
      unknownProperties: this.unknownProperties,
      unresolvedLines: this.unresolvedLines,
    };
  }

  #logOnce(kind: 'device' | 'property' | 'line', name: string, event: string, fields: Readonly<Record<string, unknown>>): void {
    const logged = this.#logged[kind];
    if (logged.size >= maxLogged || name.length > 1000 || logged.has(name)) return;
    logged.add(name);
    this.#logger.warn(event, logged.size < maxLogged ? fields : {...fields, note: 'further ones are only counted'});
  }
}

/** A value for a log or report: short, on one line. */
export function shown(value: unknown): string {
  let text: string;
  if (typeof value === 'string') text = value;
  else if (value === null || typeof value !== 'object') text = String(value);
  else if (value instanceof Uint8Array) text = `${value.length} bytes`;
  else text = Array.isArray(value) ? `a list of ${value.length}` : 'an object';
  const line = text.slice(0, maxShown + 1).replace(/[\u0000-\u001f\u007f]/g, ' ');
  return line.length > maxShown ? `${line.slice(0, maxShown)}…` : line;
}
