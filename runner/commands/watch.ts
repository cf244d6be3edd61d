import path from 'node:path';
import {systemClock} from '#engine/base/system-clock.ts';
import {watchDirectory} from '#runner/directory/watch-directory.ts';
import {type HealthReport, healthByState} from '#runner/reconcile/health-watch.ts';
import {Heartbeat} from '#runner/reconcile/heartbeat.ts';
import type {PassReport} from '#runner/reconcile/pass-report.ts';
import {superviseRules} from '#runner/reconcile/rule-supervision.ts';
import {runOnSchedule} from '#runner/reconcile/schedule.ts';
import {WakeUps} from '#runner/reconcile/wake-ups.ts';
import {runWatchLoop} from '#runner/reconcile/watch-loop.ts';
import {HealthLog} from '#runner/report/health-log.ts';
import {serveFace} from '#runner/report/http-server.ts';
import {RunnerMetrics} from '#runner/report/metrics.ts';
import {Notices} from '#runner/report/notices.ts';
import {ObjectHistory} from '#runner/report/object-history.ts';
import {PassLog} from '#runner/report/pass-log.ts';
import {readiness} from '#runner/report/readiness.ts';
import {type Situation, statusDocument} from '#runner/report/status.ts';
import {statusPage} from '#runner/report/status-page.ts';
import {Webhook} from '#runner/report/webhook.ts';
import {type CommandLine, compose} from './compose.ts';

/** Without a sign of life for this long the loop counts as stuck. */
const longestSilenceMs = 120_000;

/** The sidecar: runs until SIGTERM or SIGINT and resolves with the exit code. */
export async function watch(line: CommandLine): Promise<number> {
  const {settings, environment, clock, log, client, reconciler, store, healthWatch, trials} = await compose(line, {isService: true});
  const {random} = environment;
  const stopping = new AbortController();
  const wakeUps = new WakeUps(clock);
  const passLog = new PassLog(log, clock);
  const metrics = new RunnerMetrics();
  let signAt = clock.now();
  const history = new ObjectHistory();
  const healthLog = new HealthLog(log);
  let last: PassReport | undefined;
  let health: HealthReport | undefined;
  const notices = new Notices({policy: settings.webhookOn, host: environment.host, engineUrl: client.url});
  const webhook =
    settings.webhookUrl === ''
      ? undefined
      : new Webhook({
          url: settings.webhookUrl,
          tokenFile: settings.webhookTokenFile,
          timeoutMs: settings.webhookTimeout,
          clock,
          log,
          random,
        });
  const tell = (document: object | undefined) => {
    if (document) webhook?.send(document);
  };
  const ready = readiness(settings.readyNeeds);
  const situation = (): Situation | undefined =>
    last && {pass: last, health: heartbeat.absence === undefined ? health : undefined, history, now: clock.now()};

  // What declarative files take from mounted Secrets and the Downward API changes on its own.
  const folders = new Set([settings.commandDir, ...settings.valueDirs, path.dirname(settings.labelsFile)]);
  const watched = [...folders].map(folder => watchDirectory(folder, clock, log, () => wakeUps.add('directory')));
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
      for (const one of watched) one.check();
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
            readiness: () => ready.verdict(situation()),
            page: () => statusPage(situation(), {engineUrl: client.url, absence: heartbeat.absence}),
            status() {
              const {absence} = heartbeat;
              const now = situation();
              if (!now) return {inSync: false, engine: {url: client.url, reachable: false, problem: absence}};
              return statusDocument(now, {
                engineUrl: client.url,
                inventoryFile: store.file,
                inventoryProblem: store.problem,
                absence,
                trials: trials.isOn ? trials.running(now.now) : undefined,
              });
            },
            metrics: () =>
              metrics.print(situation(), clock.now(), {
                requests: client.counts,
                webhook: webhook?.counts,
                wallNow: systemClock.now(),
                isEngineUp: last?.engine !== undefined && heartbeat.absence === undefined,
              }),
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

  const see = (found: HealthReport | undefined) => {
    health = found;
    ready.look(found);
    if (!found) return;
    healthLog.look(found);
    if (webhook) tell(notices.look(situation()!));
  };
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
    rules: superviseRules({
      healthWatch,
      trials,
      reconciler,
      clock,
      intervalMs: settings.healthInterval,
      onLook(found, durationMs) {
        signAt = clock.now();
        metrics.look(durationMs);
        see(found);
      },
      onTrial(result) {
        metrics.trial(result);
        passLog.trial(result);
        if (result.result !== 'well') tell(notices.trial(situation()!, result));
      },
      onRollback: () => wakeUps.add('rollback'),
    }),
    onSign() {
      signAt = clock.now();
    },
    onOutcome(outcome) {
      passLog.outcome(outcome);
      metrics.outcome(outcome);
    },
    onPass(report) {
      last = report;
      history.pass(report);
      ready.pass(report);
      if (settings.healthInterval === 0) see(healthByState(report));
      else if (health === undefined || report.problem !== undefined) health = healthByState(report);
      metrics.pass(report);
      passLog.pass(report);
      if (webhook) tell(notices.pass(situation()!));
      if (store.problem !== undefined && store.problem !== inventoryProblem) log.warn(store.problem);
      inventoryProblem = store.problem;
    },
  });

  heartbeat.stop();
  schedule?.stop();
  await Promise.all([...watched.map(one => one.close()), server?.close(), webhook?.close()]);
  client.close();
  log.info('stopped');
  return 0;
}
