import type {Batch, Operator} from '#engine/operators/operator.ts';
import type {OperatorNode, Pipeline, PipelineInput} from './pipeline.ts';

/** The operators of one rule, wired. State is saved by position: a plan always compiles to the same operators. */
export class RulePipeline implements Pipeline {
  readonly inputs: readonly PipelineInput[];
  readonly operators: readonly OperatorNode[];
  readonly #stages: readonly Operator<never>[];

  /** `stages` upstream first; the first takes the source's batches. */
  constructor(stream: string, stages: readonly [Operator<Batch>, ...Operator<never>[]], operators: readonly OperatorNode[]) {
    this.inputs = [new Input(stream, stages[0])];
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

class Input implements PipelineInput {
  readonly stream: string;
  readonly #head: Operator<Batch>;

  constructor(stream: string, head: Operator<Batch>) {
    this.stream = stream;
    this.#head = head;
  }

  push(batch: Batch): void {
    this.#head.push(batch);
  }
}
