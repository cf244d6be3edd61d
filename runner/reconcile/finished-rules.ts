import {objectKey} from '#runner/desired/declared.ts';
import type {EngineView} from '#runner/observed/engine-view.ts';
import type {Change} from './change.ts';
import type {Inventory} from './inventory.ts';
import {type Observation, runStateOf} from './observation.ts';

/**
 * Rules among those to be started that ran and ended by themselves: their input ended (a file was read), or their time was up. Started
 * again they would read the file once more at every pass. Asked of the engine rule by rule, only for rules that the runner saw running.
 */
export async function finishedRules(
  changes: readonly Change[],
  observation: Observation,
  inventory: Inventory,
  view: EngineView,
): Promise<ReadonlySet<string>> {
  const candidates = changes.flatMap(change => {
    if (change.action !== 'start' || runStateOf(observation.ruleStates.get(change.rule)) !== 'stopped') return [];
    return inventory.objects.get(objectKey('rule', change.rule))?.running ? [change.rule] : [];
  });
  if (candidates.length === 0) return new Set();
  const answers = await view.findAll(new Map(candidates.map(rule => [rule, `/rules/${encodeURIComponent(rule)}/status`])));
  return new Set(
    [...answers].filter(([, text]) => /^(?:done|schedule terminated|duration terminated)/.test(messageIn(text))).map(([rule]) => rule),
  );
}

function messageIn(status: string): string {
  try {
    return String((JSON.parse(status) as {message?: unknown} | null)?.message ?? '');
  } catch {
    return '';
  }
}
