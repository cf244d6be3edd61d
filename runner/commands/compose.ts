import {existsSync, readFileSync} from 'node:fs';
import type {Clock} from '#engine/base/clock.ts';
import {ArrokothError, messageOf} from '#engine/base/errors.ts';
import type {Logger} from '#engine/base/logger.ts';
import {type Environment, processEnvironment} from '#runner/base/environment.ts';
import {createLogger} from '#runner/base/logger.ts';
import {monotonicClock} from '#runner/base/monotonic-clock.ts';
import {FileLedger} from '#runner/desired/file-ledger.ts';
import {Values} from '#runner/desired/values.ts';
import {EngineClient} from '#runner/observed/engine-client.ts';
import {Attempts} from '#runner/reconcile/attempts.ts';
import {HealthWatch} from '#runner/reconcile/health-watch.ts';
import {InventoryStore} from '#runner/reconcile/inventory-store.ts';
import {objectMatcher} from '#runner/reconcile/object-pattern.ts';
import {Reconciler} from '#runner/reconcile/reconciler.ts';
import {createScope} from '#runner/reconcile/scope.ts';
import {Trials} from '#runner/reconcile/trials.ts';
import {commandRoutes, resourceKinds} from '#runner/resources/registry.ts';
import {engineUrl, parseMaxDelete, type RunnerSettings, readRunnerSettings} from '#runner/settings.ts';

/** What the command line says over cf.yaml and the environment. */
export interface CommandLine {
  readonly config: string | undefined;
  readonly engine?: string | undefined;
  readonly commands?: string | undefined;
  readonly state?: string | undefined;
  readonly json?: boolean | undefined;
}

export interface SetupOptions {
  /** The sidecar, as opposed to a command that ends. */
  readonly isService: boolean;
  readonly clock?: Clock;
}

export interface Setup {
  readonly settings: RunnerSettings;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Runner extends Setup {
  readonly client: EngineClient;
  readonly store: InventoryStore;
  readonly reconciler: Reconciler;
  readonly healthWatch: HealthWatch;
  readonly trials: Trials;
}

/** Settings and log. `json` keeps standard output for the command's result. Throws an ArrokothError that says which setting is wrong. */
export function setUp(line: CommandLine, {isService, clock = monotonicClock}: SetupOptions): Setup {
  const environment = processEnvironment();
  const {settings: read, warnings} = readRunnerSettings(readConfig(line.config), environment.variables);
  const settings: RunnerSettings = {
    ...read,
    ...(line.engine === undefined ? {} : {url: line.engine}),
    ...(line.commands === undefined ? {} : {commandDir: line.commands}),
    ...(line.state === undefined ? {} : {stateDir: line.state}),
  };
  const {logLevel, logFormat, consoleLog, fileLog, logPath} = settings;
  const log = createLogger({
    level: logLevel,
    asText: logFormat === 'text' || (logFormat === 'auto' && (environment.isTerminal || !isService)),
    toConsole: isService ? consoleLog : true,
    file: isService && fileLog ? logPath : undefined,
    consoleFd: isService || !line.json ? 1 : 2,
    useColour: environment.useColour,
  });
  for (const warning of warnings) log.warn(warning);
  return {settings, environment, clock, log};
}

/** Puts the program together. */
export async function compose(line: CommandLine, options: SetupOptions): Promise<Runner> {
  const setup = setUp(line, options);
  const {settings, environment, clock, log} = setup;
  const client = new EngineClient(
    {
      url: engineUrl(settings),
      timeoutMs: settings.timeout,
      parallelism: settings.parallelism,
      insecureSkipVerify: settings.insecureSkipVerify,
      credentials: settings,
    },
    clock,
  );
  const store = new InventoryStore(settings.stateDir);
  const inventory = await store.load();
  if (store.problem !== undefined) log.warn(store.problem);
  const trials = new Trials({policy: settings.rollback, graceMs: settings.rollbackGrace, inventory});
  const reconciler = new Reconciler({
    commandDir: settings.commandDir,
    client,
    clock,
    ledger: new FileLedger(commandRoutes, {allowEmpty: settings.allowEmpty, values: valuesOf(setup), good: inventory.files}),
    inventory,
    store,
    attempts: new Attempts(environment.random),
    trials,
    kinds: resourceKinds,
    parallelism: settings.parallelism,
    drift: settings.drift,
    prune: {
      enabled: settings.prune,
      maxDelete: parseMaxDelete(settings.maxDelete)!,
      isProtected: objectMatcher(settings.protected),
      scope: createScope(settings.scope, settings.scopeObjects),
    },
  });
  const healthWatch = new HealthWatch({
    client,
    clock,
    parallelism: settings.parallelism,
    mostQuestions: settings.healthQuestions,
  });
  return {...setup, client, store, reconciler, healthWatch, trials};
}

/** What `${…}` and `when` of declarative files stand for. */
export function valuesOf({settings, environment}: Setup): Values {
  const {variables, valueDirs, labelsFile} = settings;
  return new Values({environment: environment.variables, variables, valueDirs, labelsFile});
}

function readConfig(file: string | undefined): {file: string; text: string} | undefined {
  const chosen = file ?? (existsSync('cf.yaml') ? 'cf.yaml' : undefined);
  if (chosen === undefined) return undefined;
  try {
    return {file: chosen, text: readFileSync(chosen, 'utf8')};
  } catch (thrown) {
    throw new ArrokothError(`cannot read the configuration file "${chosen}": ${messageOf(thrown)}`, {cause: thrown});
  }
}
