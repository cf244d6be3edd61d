import {watchDirectory} from '#runner/directory/watch-directory.ts';
import {Heartbeat} from '#runner/reconcile/heartbeat.ts';
import type {PassReport} from '#runner/reconcile/pass-report.ts';
import {runOnSchedule} from '#runner/reconcile/schedule.ts';
import {WakeUps} from '#runner/reconcile/wake-ups.ts';
import {runWatchLoop} from '#runner/reconcile/watch-loop.ts';
import {serveFace} from '#runner/report/http-server.ts';
import {RunnerMetrics} from '#runner/report/metrics.ts';
import {PassLog} from '#runner/report/pass-log.ts';
import {statusDocument} from '#runner/report/status.ts';
import {type CommandLine, compose} from './compose.ts';

/** Without a sign of life for this long the loop counts as stuck. */
const longestSilenceMs = 120_000;

/** The sidecar: runs until SIGTERM or SIGINT and resolves with the exit code. */
export async function watch(line: CommandLine): Promise<number> {
  const {settings, environment, clock, log, client, reconciler, store} = await compose(line, {isService: true});
  const {random} = environment;
  const stopping = new AbortController();
  const wakeUps = new WakeUps(clock);
  const passLog = new PassLog(log, clock);
  const metrics = new RunnerMetrics();
  let signAt = clock.now();
  let last: PassReport | undefined;
  let isReady = false;

  const directory = watchDirectory(settings.commandDir, clock, log, () => wakeUps.add('directory'));
  const heartbeat = new Heartbeat({
    client,
    clock,
    log,
    random,
    intervalMs: settings.heartbeat,
    lastSeen: () => reconciler.engine,
    onLoss: () => wakeUps.add('engine'),
    onBeat() {
      signAt = clock.now();
      directory.check();
    },
  });
  const schedule =
    settings.schedule === '' ? undefined : await runOnSchedule(settings.schedule, settings.timezone, () => wakeUps.add('schedule'));
  const server =
    settings.httpPort === 0
      ? undefined
      : await serveFace(
          {
            health: () =>
              clock.now() - signAt > longestSilenceMs
                ? `no sign of the loop for ${Math.round((clock.now() - signAt) / 1000)} s`
                : undefined,
            readiness: () => (isReady ? undefined : (last?.problem ?? 'no pass has got through yet')),
            status: () =>
              last
                ? statusDocument(last, clock.now(), {engineUrl: client.url, inventoryFile: store.file, inventoryProblem: store.problem})
                : {inSync: false, engine: {url: client.url, reachable: false}},
            metrics: () => metrics.print(clock.now(), client.counts),
            sync: () => wakeUps.add('request'),
          },
          {host: settings.httpHost, port: settings.httpPort},
        );

  const stop = () => stopping.abort();
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.on('SIGHUP', () => wakeUps.add('request'));
  log.info('watching', {
    commandDir: settings.commandDir,
    engine: client.url,
    inventory: store.file,
    ...(server ? {http: server.port} : {}),
  });

  let inventoryProblem: string | undefined;
  heartbeat.start();
  await runWatchLoop({
    reconciler,
    heartbeat,
    wakeUps,
    clock,
    random,
    intervalMs: schedule ? undefined : settings.intervalTime * 1000,
    signal: stopping.signal,
    onSign() {
      signAt = clock.now();
    },
    onOutcome(outcome) {
      passLog.outcome(outcome);
      metrics.outcome(outcome);
    },
    onPass(report) {
      last = report;
      isReady ||= report.problem === undefined;
      metrics.pass(report);
      passLog.pass(report);
      if (store.problem !== undefined && store.problem !== inventoryProblem) log.warn(store.problem);
      inventoryProblem = store.problem;
    },
  });

  heartbeat.stop();
  schedule?.stop();
  await Promise.all([directory.close(), server?.close()]);
  client.close();
  log.info('stopped');
  return 0;
}
