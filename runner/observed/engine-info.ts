import type {Clock} from '#engine/base/clock.ts';
import type {EngineClient} from './engine-client.ts';
import {isSuccess} from './engine-request.ts';

export interface EngineInfo {
  readonly version: string;
  readonly upTimeSeconds: number | undefined;
  /** When the engine began, on the runner's clock, to the second; undefined when it does not say. */
  readonly startedAt: number | undefined;
  /** Whether it reads SQL with the same parser as this program. */
  readonly isArrokoth: boolean;
}

/** Up-times are whole seconds: two looks at one process may place its start a second apart. */
const startToleranceMs = 1500;

/** Who answers, from `GET /` and its Server header. Undefined while the engine answers with an error. Rejects with RequestFailure. */
export async function readEngineInfo(client: EngineClient, clock: Clock): Promise<EngineInfo | undefined> {
  const answer = await client.send({method: 'GET', path: '/'});
  if (!isSuccess(answer)) return undefined;
  let root: {version?: unknown; upTimeSeconds?: unknown};
  try {
    root = (JSON.parse(answer.text) ?? {}) as typeof root;
  } catch {
    root = {};
  }
  const upTimeSeconds = typeof root.upTimeSeconds === 'number' ? root.upTimeSeconds : undefined;
  return {
    version: String(root.version ?? 'unknown'),
    upTimeSeconds,
    startedAt: upTimeSeconds === undefined ? undefined : clock.now() - upTimeSeconds * 1000,
    isArrokoth: /^arrokoth\b/i.test(answer.server),
  };
}

/** Whether `after` is another process than `before`, also where it has been up longer by now than the other was when last seen. */
export function hasRestarted(before: EngineInfo | undefined, after: EngineInfo): boolean {
  if (before?.startedAt === undefined || after.startedAt === undefined) return false;
  return after.upTimeSeconds! < before.upTimeSeconds! || after.startedAt > before.startedAt + startToleranceMs;
}
