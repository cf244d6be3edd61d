import {ArrokothError, errorCode} from '#engine/base/errors.ts';
import type {Row} from '#engine/values/value.ts';
import {
  type ConnectorEnvironment,
  defineLookup,
  type LookupAddress,
  type LookupRequest,
  type LookupSource,
  type RowChange,
  type SinkListener,
} from '../connector.ts';
import {checkFilter} from '../topic-filter.ts';
import {KeyedRows} from './keyed-rows.ts';

/** The newest row of each key of what rules send to a topic. */
class MemoryLookup implements LookupSource {
  readonly #address: LookupAddress;
  readonly #environment: ConnectorEnvironment;
  readonly #rows: KeyedRows;
  #unsubscribe: (() => void) | undefined;

  constructor(address: LookupAddress, environment: ConnectorEnvironment) {
    const fault = address.key === '' ? 'key is required for lookup source' : checkFilter(address.datasource);
    if (fault !== undefined) throw new ArrokothError(`memory lookup table: ${fault}`, {code: errorCode.executor});
    this.#address = address;
    this.#environment = environment;
    this.#rows = new KeyedRows(address.key);
  }

  open(listener: SinkListener): void {
    const take = (rows: readonly Row[], changes: readonly RowChange[] | undefined) => this.#take(rows, changes);
    this.#unsubscribe ??= this.#environment.bus.subscribe(this.#address.datasource, (rows, _, changes) => take(rows, changes));
    listener.connection({state: 1, message: ''});
  }

  lookup({keys, values}: LookupRequest): readonly Row[] {
    return this.#rows.find(keys, values);
  }

  async close(): Promise<void> {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  #take(rows: readonly Row[], changes: readonly RowChange[] | undefined): void {
    for (const [i, row] of rows.entries()) {
      const change = changes?.[i];
      if (change?.kind === 'delete') this.#rows.delete(change.key);
      else if (!this.#rows.put(row)) {
        const {datasource, key} = this.#address;
        this.#environment.logger.warn('row without the key column is not in the lookup table', {topic: datasource, key});
      }
    }
  }
}

export const memoryLookup = defineLookup({
  name: 'memory',
  summary:
    'The newest row of each KEY among the rows that rules send to an in-process topic with the memory sink, from the moment the table is declared.',
  settings: {},
  accumulates: true,
  create: (address, _settings, environment) => new MemoryLookup(address, environment),
});
