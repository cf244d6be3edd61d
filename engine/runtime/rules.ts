/**
 * What the server asks of running rules. Implemented by `RuleRegistry`; errors are ArrokothErrors whose code decides the status. Texts of
 * success are the server's.
 */
export interface Rules {
  /** Parsed definitions sorted by id. */
  list(): readonly RuleSummary[];
  /** Stored text, verbatim. Throws NotFoundError. */
  describe(id: string): string;
  /** Plans, stores and (unless `triggered: false`) starts. Resolves when it is on disk. Returns the id. */
  create(text: string): Promise<string>;
  /** Upsert. A failed update leaves the old rule running. */
  update(id: string, text: string): Promise<void>;
  /** Throws if unknown (code 1000, as eKuiper). */
  drop(id: string): Promise<void>;
  start(id: string): Promise<void>;
  stop(id: string): Promise<void>;
  restart(id: string): Promise<void>;
  /** Stores what `change` makes of the rule's tags; the rule keeps running. Throws NotFoundError. */
  retag(id: string, change: (tags: readonly string[]) => readonly string[]): Promise<void>;
  /** Key order as in the answer: header, sources, operators, sinks; then `warnings` and `source_<stream>_devices` of ours. */
  status(id: string): Readonly<Record<string, unknown>>;
  statusAll(): Readonly<Record<string, BriefStatus>>;
  topology(id: string): {readonly sources: readonly string[]; readonly edges: Readonly<Record<string, readonly string[]>>};
  /** Lines of `{"op":…,"info":…}`, children indented by tabs. */
  explain(id: string): string;
  /** Output columns. */
  schema(id: string): Readonly<Record<string, unknown>>;
  /** Checks without storing; returns the sources it names. Throws what create would throw. */
  validate(text: string): {readonly sources: readonly string[]; readonly warnings: readonly string[]};
  /** Ids of rules whose statement names the stream or table. */
  usersOf(source: string): readonly string[];
  /** Replans and restarts the running rules that use the stream, after its definition or types changed. */
  sourceChanged(source: string): void;
}

export interface RuleSummary {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly tags: readonly string[] | null;
  readonly trace: boolean;
  readonly version: string;
}

/** What the overview of all rules says of one: its state and the node that failed last. */
export interface BriefStatus {
  readonly status: string;
  readonly last_exception: string;
  readonly exceptions_total: number;
}
