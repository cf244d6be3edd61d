import type {DesiredState} from '#runner/desired/desired-state.ts';
import type {FileReport} from '#runner/desired/file-ledger.ts';
import type {EngineInfo} from '#runner/observed/engine-info.ts';
import type {Outcome} from './apply.ts';
import type {Observation} from './observation.ts';
import type {Plan} from './plan.ts';

/** What one pass found and did. */
export interface PassReport {
  readonly at: number;
  readonly durationMs: number;
  /** Identity of what the directory held. */
  readonly revision: string;
  readonly files: readonly FileReport[];
  readonly desired: DesiredState;
  /** Undefined when the engine could not be asked. */
  readonly engine: EngineInfo | undefined;
  /** Why the pass ended before the end; undefined when everything was looked at and tried. */
  readonly problem: string | undefined;
  readonly plan: Plan;
  readonly outcomes: readonly Outcome[];
  /** The engine as last seen; undefined when it could not be asked. */
  readonly observation: Observation | undefined;
  /** The engine had lost everything and was provisioned anew. */
  readonly engineLostState: boolean;
  /** When the loop should look again before its schedule; undefined when there is no reason to. */
  readonly lookAgainAt: number | undefined;
}

export const emptyPlan: Plan = {changes: [], same: new Set(), drifts: [], held: [], orphans: new Set(), finished: new Set()};

/** Changes that were carried out. */
export function changesDone({outcomes}: PassReport): number {
  return outcomes.filter(({result}) => result === 'done').length;
}

/** Whether everything is as the files say. */
export function isInSync({problem, files, desired, outcomes, plan}: PassReport): boolean {
  return (
    problem === undefined &&
    desired.conflicts.size === 0 &&
    plan.drifts.length === 0 &&
    files.every(({state}) => state === 'good') &&
    outcomes.every(({result}) => result === 'done')
  );
}
