import type {KindName} from '#runner/desired/declared.ts';
import type {Level} from '#runner/resources/resource-kind.ts';
import type {Change} from './change.ts';

/**
 * The order of a pass, from top to bottom. What a step makes, later steps stand on; deletes run the other way.
 *
 *     groundwork   plugins, uploads, imports              one after the other
 *         │
 *     foundation   services schemas scripts connections confKeys
 *         │
 *     clear        a stream that becomes a table, or the reverse
 *     source       streams tables                         ▲ delete source      delete foundation, delete groundwork
 *         │                                               │                          ▲
 *     rule         rules                                  │ delete rule              │
 *         │                                               │                          │
 *     run          start, stop, restart  ─────────────────┘ (rules, then what they read, then what that was made of)
 *
 *     closing      other commands, questions              one after the other
 */
export const steps = [
  'groundwork',
  'foundation',
  'clear',
  'source',
  'rule',
  'run',
  'delete rule',
  'delete source',
  'delete foundation',
  'delete groundwork',
  'closing',
] as const;

export type Step = (typeof steps)[number];

/** Steps whose changes keep the order of their files instead of going out side by side. */
export const serialSteps: ReadonlySet<Step> = new Set(['groundwork', 'delete groundwork', 'closing']);

/** `levelOf` gives a kind's level. */
function stepOf(change: Change, levelOf: (kind: KindName) => Level): Step {
  switch (change.action) {
    case 'create':
    case 'update':
      return levelOf(change.declared.kind);
    case 'delete':
      return change.makesWay ? 'clear' : `delete ${levelOf(change.kind)}`;
    case 'act':
    case 'ask':
      return change.command.phase === 'before' ? 'groundwork' : 'closing';
    default:
      return 'run';
  }
}

/** The changes of each step, empty steps left out. */
export function inOrder(changes: readonly Change[], levelOf: (kind: KindName) => Level): readonly (readonly [Step, readonly Change[]])[] {
  const byStep = new Map<Step, Change[]>(steps.map(step => [step, []]));
  for (const change of changes) byStep.get(stepOf(change, levelOf))!.push(change);
  return [...byStep].filter(([, list]) => list.length > 0);
}
