import {ArrokothError} from '#engine/base/errors.ts';
import {duration, flag, integer, readSettings, record, type SettingsOf, text, textList} from '#engine/base/settings.ts';

/** `options` of a rule. Defaults are eKuiper's; the `rule:` section of kuiper.yaml replaces some. */
export const ruleOptions = {
  debug: flag('Debug logging for this rule only.'),
  logFilename: text('A log file of its own for this rule.', {default: ''}),
  isEventTime: flag('Windows follow the TIMESTAMP column of the streams instead of the clock.'),
  lateTolerance: duration('How far event time may lag before a row counts as late.', {default: 1000}),
  concurrency: integer('Accepted for compatibility: a rule runs on one thread and keeps the order of its rows.', {default: 1}),
  bufferLength: integer('Messages a sink of the rule may have waiting; when full the newest is dropped and counted.', {default: 1024}),
  sendMetaToSink: flag('Adds what the source tells about the message to each result row, as `__meta`.'),
  sendNilField: flag('Keeps selected columns that are null or absent as null in the result.'),
  sendError: flag('Sends a failed row to the sinks as `{"error": …}`.'),
  qos: integer('0 at most once, 1 at least once, 2 exactly once.', {default: 0, minimum: 0, maximum: 2}),
  checkpointInterval: duration('How often state is saved under qos 1 and 2.', {default: 300_000}),
  restartStrategy: record('`attempts` above 0: a rule stopped by an error is started again.', {default: {}}),
  cron: text('When the rule starts; needs `duration`.', {default: ''}),
  duration: text('How long the rule runs once started.', {default: ''}),
  cronDatetimeRange: {
    ...record('Time ranges in which the rule may run.'),
    read: (raw: unknown) => raw,
  },
  planOptimizeStrategy: record('Switches of the planner.', {default: {}}),
  notifySub: flag('Accepted for compatibility.'),
  disableBufferFullDiscard: flag('Accepted for compatibility.'),
  enableSaveStateBeforeStop: flag('Accepted for compatibility.'),
  forceExitTimeout: duration('Accepted for compatibility.', {default: 0}),
  experiment: record('Accepted for compatibility.', {default: {}}),
  tags: textList('Labels.'),
};

export type RuleOptions = SettingsOf<typeof ruleOptions>;

/** Checks eKuiper makes, with its messages: they fire for negative values only. */
const checks: readonly (readonly [string, (options: RuleOptions) => boolean])[] = [
  ['invalidConcurrency:concurrency must be greater than 0', options => options.concurrency < 0],
  ['invalidBufferLength:bufferLength must be greater than 0', options => options.bufferLength < 0],
  ['invalidLateTol:lateTol must be greater than 0', options => options.lateTolerance < 0],
  ['invalidRestartAttempts:restart attempts must be greater than 0', options => Number(options.restartStrategy['attempts'] ?? 0) < 0],
];

/** Options that would change what a rule does and do not yet: refusing beats pretending. */
const unsupported: readonly (readonly [keyof RuleOptions, (options: RuleOptions) => boolean])[] = [
  ['cron', options => options.cron !== ''],
  ['duration', options => options.duration !== '' && options.duration !== '0s'],
  ['cronDatetimeRange', options => Array.isArray(options.cronDatetimeRange) && options.cronDatetimeRange.length > 0],
];

/** Their names, for the reference page. */
export const unsupportedOptions: readonly string[] = unsupported.map(([name]) => name);

/**
 * Reads a rule's options over the server's defaults. Returns them with the names nobody knows (a warning); throws an ArrokothError whose
 * message lists every fault.
 */
export function readRuleOptions(
  raw: Readonly<Record<string, unknown>>,
  serverDefaults: Readonly<Record<string, unknown>>,
): {options: RuleOptions; warnings: readonly string[]} {
  const {values: options, unknown} = readSettings(ruleOptions, {...serverDefaults, ...lowerMatch(raw, serverDefaults)}, 'rule options');
  const faults = checks.filter(([, fails]) => fails(options)).map(([message]) => message);
  if (faults.length > 0) throw new ArrokothError(faults.join('\n'));
  for (const [name, isUsed] of unsupported) {
    if (isUsed(options))
      throw new ArrokothError(`option "${name}" is not supported yet`, {
        hint: 'Remove the option; start and stop the rule over REST instead.',
      });
  }
  const warnings = unknown.map(
    ({name, suggestion}) => `unknown option "${name}"${suggestion === undefined ? '' : `, did you mean "${suggestion}"`}`,
  );
  if (options.qos > 0)
    warnings.push(`qos ${options.qos} is read but state and messages are kept in memory only: a crash loses what is in flight`);
  return {options, warnings};
}

/** A rule's option replaces the server's default whatever the case of its name. */
function lowerMatch(raw: Readonly<Record<string, unknown>>, defaults: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const byLower = new Map(Object.keys(defaults).map(name => [name.toLowerCase(), name]));
  return Object.fromEntries(Object.entries(raw).map(([name, value]) => [byLower.get(name.toLowerCase()) ?? name, value]));
}
