/** One entry of GET /rules. */
export interface RuleEntry {
  readonly id: string;
  readonly name: string;
  /** A state, or `error: …`. */
  readonly status: string;
  readonly tags: readonly string[] | null;
  readonly trace: boolean;
  readonly version: string;
}

/** States of a rule in GET /rules/{id}/status. */
export type RuleState = 'stopped' | 'starting' | 'running' | 'stopping' | 'stopped: waiting for next schedule.' | 'stopped by error';

/** GET /rules/{id}/status: these, then `<kind>_<node>_<instance>_<metric>` of each node. */
export interface RuleStatus {
  readonly status: RuleState;
  readonly message: string;
  readonly lastStartTimestamp: number;
  readonly lastStopTimestamp: number;
  readonly nextStartTimestamp: number;
  readonly [metric: string]: unknown;
}

/** GET /rules/status/all: by rule. */
export type AllRuleStatus = Readonly<
  Record<string, {readonly status: string; readonly last_exception: string; readonly exceptions_total: number}>
>;

/** POST /rules/validate, when the rule is valid. */
export interface ValidationAnswer {
  readonly sources: readonly string[];
  readonly valid: true;
  /** What works but is likely not meant; absent when there is nothing to say. */
  readonly warnings?: readonly string[];
}

/** GET /rules/{id}/topo. */
export interface TopologyAnswer {
  readonly sources: readonly string[];
  readonly edges: Readonly<Record<string, readonly string[]>>;
}

/** POST /rules/bulkstart and /rules/bulkstop: one entry per matching rule. */
export interface BulkOutcome {
  readonly ruleId: string;
  readonly success: boolean;
  readonly error?: string;
}
