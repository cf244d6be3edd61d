import type {Clock, Timestamp} from '#engine/base/clock.ts';
import {messageOf} from '#engine/base/errors.ts';
import type {Logger} from '#engine/base/logger.ts';
import type {RuleDefinition} from './rule-definition.ts';
import {type NodeStatus, nodeStatuses, topologyEdges} from './rule-status.ts';
import type {Topology} from './topology.ts';

/** Wire names of eKuiper. */
export type RuleState = 'stopped' | 'starting' | 'running' | 'stopping' | 'stopped by error';

/**
 * The life cycle of one rule.
 *
 *     stopped ── start ──▶ running ── stop ──▶ stopping ──▶ stopped
 *                            │ crash, or start fails
 *                            ▼
 *                     stopped by error
 *
 * Starting is synchronous; stopping waits for the sinks' last messages. Calls that overlap are queued in their order.
 */
export class Rule {
  readonly id: string;
  /** Stored text, verbatim. */
  text: string;
  name: string;
  version: string;
  tags: readonly string[] | null;
  temporary: boolean;
  restarts: boolean;
  /** Streams and tables the statement names. */
  sources: readonly string[] = [];
  state: RuleState = 'stopped';
  message = '';
  lastStartAt: Timestamp = 0;
  lastStopAt: Timestamp = 0;
  warnings: readonly string[] = [];
  readonly #clock: Clock;
  readonly #logger: Logger;
  #topology: Topology | undefined;
  #frozen: {readonly nodes: readonly NodeStatus[]; readonly edges: ReturnType<typeof topologyEdges>} | undefined;
  #queue: Promise<void> = Promise.resolve();

  constructor(definition: RuleDefinition, text: string, parts: {readonly clock: Clock; readonly logger: Logger}) {
    this.id = definition.id;
    this.text = text;
    this.#clock = parts.clock;
    this.#logger = parts.logger;
    this.name = '';
    this.version = '';
    this.tags = null;
    this.temporary = false;
    this.restarts = false;
    this.adopt(definition, text);
  }

  adopt(definition: RuleDefinition, text: string): void {
    this.text = text;
    this.name = definition.name || definition.id;
    this.version = definition.version;
    this.tags = definition.tags;
    this.temporary = definition.temporary;
    this.restarts = Number(definition.options.restartStrategy['attempts'] ?? 0) > 0;
    this.warnings = definition.warnings;
  }

  get topology(): Topology | undefined {
    return this.#topology;
  }

  /** Whether a stopped rule still refers to its streams: one that has run does. */
  get holdsSources(): boolean {
    return this.state === 'running' || this.state === 'starting' || this.lastStartAt > 0;
  }

  /** Nodes of the running topology, or as they stood when it stopped. */
  nodes(): readonly NodeStatus[] {
    return this.#topology ? nodeStatuses(this.#topology) : (this.#frozen?.nodes ?? []);
  }

  edges(): ReturnType<typeof topologyEdges> | undefined {
    return this.#topology ? topologyEdges(this.#topology) : this.#frozen?.edges;
  }

  /** Runs `task` after everything asked for before; its failure is the caller's alone. */
  exclusively<T>(task: () => T | Promise<T>): Promise<T> {
    const result = this.#queue.then(task);
    this.#queue = result.then(
      () => {},
      () => {},
    );
    return result;
  }

  /** Takes over a topology that is open. */
  run(topology: Topology): void {
    this.#topology = topology;
    this.#frozen = undefined;
    this.state = 'running';
    this.message = '';
    this.lastStartAt = this.#clock.now();
  }

  fail(thrown: unknown): void {
    this.state = 'stopped by error';
    this.message = messageOf(thrown);
    this.lastStopAt = this.#clock.now();
    this.#logger.error('rule failed', {rule: this.id, error: this.message});
  }

  /**
   * Takes over from the running topology, so that every message reaches one of the two: `topology` is opened and the old one leaves its
   * sources in the same turn of the event loop. Resolves when the old sinks have sent what they had. A throw leaves the old one running.
   */
  async succeed(topology: Topology): Promise<void> {
    const previous = this.#topology;
    topology.open();
    this.run(topology);
    if (!previous) return;
    this.lastStopAt = this.lastStartAt;
    await previous.close();
  }

  async stop(message: string): Promise<void> {
    const topology = this.#topology;
    if (!topology) {
      if (this.state !== 'stopped by error') this.state = 'stopped';
      return;
    }
    this.state = 'stopping';
    // The counters go on while the sinks send their last messages.
    await topology.close();
    this.#frozen = {nodes: nodeStatuses(topology), edges: topologyEdges(topology)};
    this.#topology = undefined;
    this.state = 'stopped';
    this.message = message;
    this.lastStopAt = this.#clock.now();
  }

  /** A defect in an operator stops the rule and says so; other rules go on. */
  crash(error: Error): Promise<void> {
    return this.exclusively(async () => {
      if (!this.#topology) return;
      this.#logger.error('rule crashed', {rule: this.id, stack: error.stack});
      await this.stop('');
      this.fail(error);
    });
  }
}
