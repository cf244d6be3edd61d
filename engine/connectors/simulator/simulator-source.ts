import type {Timer} from '#engine/base/clock.ts';
import {ArrokothError, errorCode} from '#engine/base/errors.ts';
import {anything, duration, flag, type SettingsOf} from '#engine/base/settings.ts';
import {type ConnectorEnvironment, defineSource, type Source, type SourceListener} from '../connector.ts';
import {checkSourceSettings, sourceSettings} from '../source-settings.ts';

const settings = {
  data: anything('Objects to send in turn, one per interval.', {example: [{temperature: 21.5}], default: []}),
  interval: duration('Time between two rows.', {default: 1000}),
  loop: flag('Whether the data begins again after its end; otherwise the source ends.'),
  ...sourceSettings,
};

class SimulatorSource implements Source {
  readonly #payloads: readonly Uint8Array[];
  readonly #intervalMs: number;
  readonly #loop: boolean;
  readonly #environment: ConnectorEnvironment;
  #listener: SourceListener | undefined;
  #timer: Timer | undefined;
  #next = 0;

  constructor(options: SettingsOf<typeof settings>, environment: ConnectorEnvironment) {
    const {data, interval, loop} = options;
    checkSourceSettings('simulator', options);
    if (!Array.isArray(data) || !data.every(item => item !== null && typeof item === 'object'))
      throw new ArrokothError(`simulator source: data: expected a list of objects, got ${JSON.stringify(data)}`, {
        code: errorCode.executor,
      });
    if (interval <= 0) throw new ArrokothError('simulator source: interval: expected more than 0 ms', {code: errorCode.executor});
    this.#payloads = data.map(item => Buffer.from(JSON.stringify(item)));
    this.#intervalMs = interval;
    this.#loop = loop;
    this.#environment = environment;
  }

  open(listener: SourceListener): void {
    this.#listener = listener;
    const {clock} = this.#environment;
    let due = clock.now();
    const arm = (): void => {
      due += this.#intervalMs;
      this.#timer = clock.at(due, () => {
        this.#send(listener);
        if (this.#listener) arm();
      });
    };
    queueMicrotask(() => {
      if (!this.#listener) return;
      listener.connection({state: 1, message: ''});
      arm();
    });
  }

  async close(): Promise<void> {
    this.#listener = undefined;
    this.#timer?.cancel();
  }

  /** How many objects were sent. */
  offset(): number {
    return this.#next;
  }

  seek(offset: unknown): void {
    if (typeof offset === 'number') this.#next = offset;
  }

  #send(listener: SourceListener): void {
    const count = this.#payloads.length;
    if (count > 0 && (this.#loop || this.#next < count)) {
      const payload = this.#payloads[this.#next % count]!;
      this.#next++;
      listener.messages([{payload, metadata: {}}]);
    }
    if (!this.#loop && this.#next >= count && this.#listener) {
      this.#listener = undefined;
      listener.end();
    }
  }
}

export const simulatorSource = defineSource({
  name: 'simulator',
  summary: 'Sends the objects of its property `data` in turn, for trying rules without devices.',
  settings,
  delivers: 'bytes',
  create: (_datasource, options, environment) => new SimulatorSource(options, environment),
});
