import type {Scope} from '#engine/functions/function.ts';
import type {BoundAggregate, BoundAnalytic, BoundWindowFunction} from '#engine/planner/bound-expression.ts';
import type {Plan} from '#engine/planner/plan.ts';
import type {RuleMemory} from './rule-memory.ts';

/** What compiling one rule needs throughout. */
export interface RuleFacts {
  readonly plan: Plan;
  /** The place of each source, by its `id`, in a tuple; undefined where rows are no tuples: a rule of one source. */
  readonly positions: ReadonlyMap<string, number> | undefined;
  readonly aliases: Plan['aliases'];
  readonly aggregates: readonly BoundAggregate[];
  readonly analytics: readonly BoundAnalytic[];
  readonly windowFunctions: readonly BoundWindowFunction[];
  /** The stream whose rows carry the value of an analytic function. */
  readonly streamOfAnalytic: (slot: number) => string;
  readonly memory: RuleMemory;
  /** Columns that a star leaves out, by stream. */
  readonly hiddenColumns: (stream: string) => readonly string[];
  /** The rule's scope, made when something first uses it. */
  readonly scope: () => Scope;
}

/** Names that a star over the rule's source leaves out. */
export function hiddenColumns({plan, hiddenColumns}: RuleFacts): readonly string[] {
  return plan.sources.flatMap(source => hiddenColumns(source.stream));
}

/** Declared int columns of the rule's source: typed in the row, to be widened where the row becomes a value. */
export function intColumns({plan}: RuleFacts): readonly string[] {
  return plan.sources.flatMap(({schema}) => schema.columns.filter(({type}) => type.kind === 'int').map(({name}) => name));
}
