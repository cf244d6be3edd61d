import type {Operator} from '#engine/operators/operator.ts';
import type {OperatorNode, Pipeline, PipelineInput} from './pipeline.ts';

/** The operators of one rule, wired. State is saved by position: a plan always compiles to the same operators. */
export class RulePipeline implements Pipeline {
  readonly inputs: readonly PipelineInput[];
  readonly operators: readonly OperatorNode[];
  readonly #stages: readonly Operator<never>[];

  /** `stages`: all that keep state or timers, upstream first. */
  constructor(inputs: readonly PipelineInput[], stages: readonly Operator<never>[], operators: readonly OperatorNode[]) {
    this.inputs = inputs;
    this.operators = operators;
    this.#stages = stages;
  }

  snapshot(): unknown {
    return this.#stages.map(stage => stage.snapshot());
  }

  restore(state: unknown): void {
    const states = state as readonly unknown[];
    for (const [i, stage] of this.#stages.entries()) if (states[i] !== undefined) stage.restore(states[i]);
  }

  close(): void {
    for (const stage of this.#stages) stage.close();
  }
}
