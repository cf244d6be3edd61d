import {type ConnectorEnvironment, defineSource, type Source, type SourceListener} from '../connector.ts';
import {checkFilter} from '../topic-filter.ts';

class MemorySource implements Source {
  readonly #filter: string;
  readonly #environment: ConnectorEnvironment;
  #unsubscribe: (() => void) | undefined;

  constructor(filter: string, environment: ConnectorEnvironment) {
    this.#filter = filter;
    this.#environment = environment;
  }

  open(listener: SourceListener): void {
    this.#unsubscribe = this.#environment.bus.subscribe(this.#filter, (rows, metadata) => listener.rows(rows, metadata));
    queueMicrotask(() => {
      if (this.#unsubscribe) listener.connection({state: 1, message: ''});
    });
  }

  async close(): Promise<void> {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  offset(): undefined {
    return undefined;
  }

  seek(): void {}
}

export const memorySource = defineSource({
  name: 'memory',
  summary: 'Rows that other rules send to an in-process topic with the memory sink. DATASOURCE is the topic; `+` and `#` are wildcards.',
  settings: {},
  delivers: 'rows',
  create: (datasource, _settings, environment) => new MemorySource(datasource, environment),
  checkDatasource: checkFilter,
});
