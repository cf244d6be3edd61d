import type {KindName} from '#runner/desired/declared.ts';
import type {DesiredState} from '#runner/desired/desired-state.ts';
import type {ResourceKind} from '#runner/resources/resource-kind.ts';
import type {Change, CommandChange} from './change.ts';
import {diffObjects} from './diff-objects.ts';
import {diffRemovals, type PrunePolicy} from './diff-removals.ts';
import {diffRuns} from './diff-runs.ts';
import type {Inventory} from './inventory.ts';
import type {Observation} from './observation.ts';
import type {DriftPolicy, Plan} from './plan.ts';
import {refusalOf} from './scope.ts';

export interface PlanPolicy {
  readonly drift: DriftPolicy;
  readonly prune: PrunePolicy;
  /** The engine lost what it held: everything is made again, and actions are repeated. */
  readonly engineLostState: boolean;
  readonly isBooting: boolean;
  kindOf(kind: KindName): ResourceKind;
}

/** The difference between files and engine as changes. Pure: the same arguments give the same plan. */
export function makePlan(
  desired: DesiredState,
  observation: Observation,
  inventory: Inventory,
  policy: PlanPolicy,
): Plan & {readonly starting: readonly string[]} {
  const objects = diffObjects(desired, observation, inventory, policy);
  const removals = diffRemovals(desired, observation, inventory, policy.prune);
  const runs = diffRuns(desired, observation, inventory, objects.changes, policy);
  const commands: CommandChange[] = [];
  for (const command of desired.commands) {
    const isDone = inventory.done.has(command.hash);
    const isRepeated = isDone && command.purpose === 'act' && policy.engineLostState;
    if (!isDone || isRepeated)
      commands.push({
        action: command.purpose,
        command,
        reason: isRepeated ? 'the engine lost it' : 'not done yet',
        refusal: refusalOf(command, observation, policy.prune.scope),
      });
  }
  const changes: Change[] = [...objects.changes, ...removals.changes, ...runs.changes, ...commands];
  return {
    changes,
    same: objects.same,
    drifts: [...objects.drifts, ...runs.drifts],
    held: removals.held,
    orphans: removals.orphans,
    finished: new Set(),
    starting: runs.starting,
  };
}
