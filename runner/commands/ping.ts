import {readEngineInfo} from '#runner/observed/engine-info.ts';
import {RequestFailure} from '#runner/observed/engine-request.ts';
import {compose} from './compose.ts';
import type {SyncLine} from './sync.ts';
import {waitUntilUp} from './wait-until-up.ts';

/** Asks the engine who it is. 0: it answers; 1: it does not. */
export async function ping(line: SyncLine): Promise<number> {
  const {client, clock} = await compose(line, {isService: false});
  const {signal} = new AbortController();
  try {
    await waitUntilUp(client, clock, clock.now() + line.waitMs, signal);
    const engine = await readEngineInfo(client, clock);
    const text = engine
      ? `${client.url} answers: version ${engine.version}, up ${engine.upTimeSeconds ?? '?'} s`
      : `${client.url} answers with an error`;
    process.stdout.write(line.json ? `${JSON.stringify({ok: engine !== undefined, url: client.url, ...engine}, null, 2)}\n` : `${text}\n`);
    return engine ? 0 : 1;
  } catch (thrown) {
    if (!(thrown instanceof RequestFailure)) throw thrown;
    process.stdout.write(
      line.json ? `${JSON.stringify({ok: false, url: client.url, error: thrown.message}, null, 2)}\n` : `${thrown.message}\n`,
    );
    return 1;
  } finally {
    client.close();
  }
}
