import {ArrokothError} from '#engine/base/errors.ts';
import {nearest} from '#engine/base/nearest.ts';
import {duration, flag, integer, oneOf, type Setting, type SettingsOf, text, textList} from '#engine/base/settings.ts';
import {type ParsedYaml, parseYaml} from '#engine/base/yaml.ts';
import {maskText} from '#runner/base/mask.ts';
import {objectPatternFault} from '#runner/reconcile/object-pattern.ts';

/**
 * Every key of cf.yaml. The first eight are those of eKuiper's kubernetes tool and mean what they mean there. The reference page is made
 * from this record.
 */
export const runnerSettings = {
  ip: text("Address of the engine's REST interface.", {default: '127.0.0.1'}),
  port: integer("Port of the engine's REST interface.", {default: 9081, minimum: 1, maximum: 65_535}),
  timeout: integer('Milliseconds the engine has for one command. Lists of everything may take 30 s.', {
    default: 5000,
    minimum: 1,
    maximum: 3_600_000,
  }),
  intervalTime: integer('Seconds between two passes when nothing else calls for one.', {default: 10, minimum: 1, maximum: 86_400}),
  commandDir: text(
    'Directory of the files (`*.json`, `*.yaml`, `*.yml`), usually a mounted ConfigMap. A relative path starts at the working directory.',
    {
      default: './commands',
    },
  ),
  consoleLog: flag('Log to standard output.', {default: true}),
  fileLog: flag('Log to the file `logPath` as well.'),
  logPath: text('The log file.', {default: './log/runner.log'}),

  url: text('Address of the engine in full, in place of `ip` and `port`: for TLS, or an engine behind a path.', {
    default: '',
    example: 'https://engine:9081',
  }),
  schedule: text('A cron expression (five fields, or six with seconds first) in place of `intervalTime`.', {
    default: '',
    example: '*/30 * * * * *',
  }),
  timezone: text('Time zone of `schedule`; empty is that of the machine.', {default: '', example: 'Europe/Berlin'}),
  heartbeat: duration('How often the engine is asked whether it is still the same process.', {default: 2000}),
  stateDir: text('Directory of the inventory: what the runner made and what the files last said. Should survive a restart.', {
    default: './state',
  }),
  variables: textList('Environment variables that declarative files may use, `*` for any text. Those of the runner (`RUNNER__…`) never.', {
    default: ['*'],
    example: ['NODE_NAME', 'PLANT_*'],
  }),
  valueDirs: textList('Folders below which `${file:/path}` of declarative files may read: mounted Secrets, Downward API files.', {
    default: ['/etc/arrokoth/values', '/etc/podinfo'],
  }),
  labelsFile: text("The pod's labels as the Downward API writes them, for `when`.", {default: '/etc/podinfo/labels'}),
  prune: flag('Delete objects that the runner made and that no file declares any more.', {default: true}),
  allowEmpty: flag('An empty command directory means that everything goes. Otherwise it is taken for an accident.'),
  maxDelete: text('Most objects one pass may prune: a count (`20`) or a part of those the runner made (`30%`).', {
    default: '100%',
    example: '30%',
  }),
  protected: textList('Objects that are never deleted, as `kind name` with `*` for any text.', {example: ['stream plant-*', 'rule alarm']}),
  scope: text(
    'Name of the part of the engine that this runner looks after, where several share it. Its rules carry it as a tag, and those of other scopes are left alone.',
    {default: '', example: 'west'},
  ),
  scopeObjects: textList(
    'The objects that the files of this runner may declare, as `kind name` with `*` for any text. Empty is all of them.',
    {
      example: ['stream west-*', 'rule west-*', 'confKey sources/mqtt/west-*'],
    },
  ),
  drift: oneOf(['heal', 'report', 'ignore'], 'What happens to an object that somebody else changed, stopped or deleted.', {
    default: 'heal',
  }),
  healthInterval: duration(
    'How often the runner looks at how the rules do, besides after changes and while one is not well; 0 judges them by their run state at each pass alone.',
    {
      default: 30_000,
    },
  ),
  healthQuestions: integer('Most rules that one such look asks about one by one. All others are judged by one request for all.', {
    default: 200,
    minimum: 1,
    maximum: 10_000,
  }),
  readyNeeds: oneOf(
    ['pass', 'rules'],
    'What makes the runner ready, for good: a pass that got through, or also rules that were all well once after it.',
    {default: 'pass'},
  ),
  rollback: oneOf(
    ['off', 'file'],
    'Whether a new version of a file that leaves its rules unwell is taken back: `file` restores what the file said when they were well last.',
    {default: 'off'},
  ),
  rollbackGrace: duration('How long the rules of a new version may be unwell before `rollback` takes it back.', {default: 30_000}),
  parallelism: integer('Most requests to the engine at once.', {default: 8, minimum: 1, maximum: 64}),
  httpHost: text('Address on which health, status and metrics are served.', {default: '0.0.0.0'}),
  httpPort: integer('Port of health, status and metrics; 0 serves none.', {default: 9082, minimum: 0, maximum: 65_535}),
  webhookUrl: text('Address that gets a JSON document by POST after a pass with changes or trouble; empty for none.', {
    default: '',
    example: 'https://alerts.example/runner',
  }),
  webhookTokenFile: text('File with the bearer token for `webhookUrl`. Read for each request.', {default: ''}),
  webhookOn: oneOf(
    ['changes', 'failures', 'every'],
    'When: `changes` after changes and when trouble begins, changes or ends; `failures` the latter alone; `every` after each pass as well.',
    {default: 'changes'},
  ),
  webhookTimeout: duration('How long the receiver may take for one request.', {default: 10_000}),
  logLevel: oneOf(['debug', 'info', 'warn', 'error'], 'The least important log line that is written.', {default: 'info'}),
  logFormat: oneOf(['auto', 'json', 'text'], 'Form of the log; `auto` is text on a terminal and JSON lines elsewhere.', {default: 'auto'}),

  caFile: text('File with the certificates that vouch for the engine.', {default: '', example: '/etc/arrokoth/ca.crt'}),
  certFile: text("File with the runner's own certificate.", {default: ''}),
  keyFile: text('File with the key of `certFile`.', {default: ''}),
  insecureSkipVerify: flag("Do not check the engine's certificate."),
  tokenFile: text('File with the token to send. Read again when it changes, like every file here.', {
    default: '',
    example: '/etc/arrokoth/token',
  }),
  tokenScheme: oneOf(['bearer', 'raw'], 'How the token is sent: `raw` without the word Bearer, as eKuiper wants its JWT.', {
    default: 'bearer',
  }),
  usernameFile: text('File with the user name for basic authentication.', {default: ''}),
  passwordFile: text('File with the password for basic authentication.', {default: ''}),
};

export type RunnerSettings = SettingsOf<typeof runnerSettings>;

const environmentPrefix = 'RUNNER__';

/**
 * Settings from the text of cf.yaml (undefined: no file) with `RUNNER__<KEY>` variables on top. Throws an ArrokothError that names file,
 * line and column of every bad value. Unknown keys, which may be a newer version's, are warnings.
 */
export function readRunnerSettings(
  source: {readonly file: string; readonly text: string} | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): {readonly settings: RunnerSettings; readonly warnings: readonly string[]} {
  const values: Record<string, unknown> = Object.fromEntries(
    Object.entries(runnerSettings).map(([name, {default: value}]) => [name, value]),
  );
  const warnings: string[] = [];
  const faults: string[] = [];
  const take = (key: string, raw: unknown, place: string) => {
    const name = nameOf(key);
    if (name === undefined) {
      const near = nearest(key, Object.keys(runnerSettings));
      warnings.push(`${place}: unknown key "${key}"${near === undefined ? '' : `, did you mean "${near}"`}`);
      return;
    }
    if (raw === null || raw === undefined) return;
    const setting: Setting<unknown> = runnerSettings[name];
    try {
      values[name] = setting.read(raw);
    } catch (thrown) {
      faults.push(`${place}: ${name}: ${(thrown as Error).message}`);
    }
  };

  if (source) for (const [key, raw, place] of entriesOf(source)) take(key, raw, place);
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.toUpperCase().startsWith(environmentPrefix) || value === undefined) continue;
    const key = variable.slice(environmentPrefix.length);
    take(key, fromText(key, value), variable);
  }
  const settings = values as RunnerSettings;
  for (const check of checks) {
    const fault = check(settings);
    if (fault !== undefined) faults.push(fault);
  }
  if (faults.length > 0) throw new ArrokothError(faults.join('\n'));
  return {settings, warnings};
}

/** `20` or `30%`. */
export function parseMaxDelete(value: string): {readonly count: number} | {readonly percent: number} | undefined {
  const match = /^(\d{1,9})(%?)$/.exec(value.trim());
  if (!match) return undefined;
  return match[2] === '%' ? {percent: Number(match[1])} : {count: Number(match[1])};
}

/** The engine's address without a slash at the end. */
export function engineUrl({url, ip, port}: RunnerSettings): string {
  if (url !== '') return url.replace(/\/+$/, '');
  return `http://${ip.includes(':') ? `[${ip}]` : ip}:${port}`;
}

const checks: readonly ((settings: RunnerSettings) => string | undefined)[] = [
  ({maxDelete}) =>
    parseMaxDelete(maxDelete) ? undefined : `maxDelete: expected a count such as "20" or a part such as "30%", got "${maxDelete}"`,
  settings => {
    const address = engineUrl(settings);
    return isPlainUrl(address) && new URL(address).search === ''
      ? undefined
      : `url: expected an address such as "http://127.0.0.1:9081", without user, password and query, got "${maskText(address)}"`;
  },
  ({certFile, keyFile}) => ((certFile === '') === (keyFile === '') ? undefined : 'certFile and keyFile: expected both or none'),
  ({timezone}) =>
    timezone === '' || isTimeZone(timezone) ? undefined : `timezone: expected an IANA name such as "Europe/Berlin", got "${timezone}"`,
  ({scope}) =>
    /^[A-Za-z0-9_-]{0,64}$/.test(scope)
      ? undefined
      : `scope: expected at most 64 letters, digits, "-" and "_", got ${JSON.stringify(scope)}`,
  ({protected: patterns}) => patternFaults('protected', patterns),
  ({scopeObjects: patterns}) => patternFaults('scopeObjects', patterns),
  ({healthInterval}) =>
    healthInterval === 0 || healthInterval >= 1000 ? undefined : `healthInterval: expected 0 or at least "1s", got ${healthInterval} ms`,
  ({rollback, healthInterval}) => (rollback === 'off' || healthInterval > 0 ? undefined : 'rollback: file needs a healthInterval above 0'),
  ({rollbackGrace}) => (rollbackGrace >= 1000 ? undefined : `rollbackGrace: expected at least "1s", got ${rollbackGrace} ms`),
  ({webhookUrl}) =>
    webhookUrl === '' || isPlainUrl(webhookUrl) ? undefined : 'webhookUrl: expected an http or https address without user and password',
  ({webhookTimeout}) => (webhookTimeout >= 100 ? undefined : `webhookTimeout: expected at least "100ms", got ${webhookTimeout} ms`),
  ({heartbeat}) => (heartbeat >= 100 ? undefined : `heartbeat: expected at least "100ms", got ${heartbeat} ms`),
];

function patternFaults(key: string, patterns: readonly string[]): string | undefined {
  const faults = patterns.flatMap(pattern => objectPatternFault(pattern) ?? []);
  return faults.length === 0 ? undefined : faults.map(fault => `${key}: ${fault}`).join('\n');
}

function isPlainUrl(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const {protocol, username, password} = new URL(address);
  return /^https?:$/.test(protocol) && username === '' && password === '';
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', {timeZone: name});
    return true;
  } catch {
    return false;
  }
}

function entriesOf({file, text: source}: {file: string; text: string}): readonly (readonly [string, unknown, string])[] {
  const parsed: ParsedYaml = parseYaml(source, file);
  if (parsed.value === null) return [];
  if (typeof parsed.value !== 'object' || Array.isArray(parsed.value))
    throw new ArrokothError(`${file}:1:1: expected keys with values such as "port: 9081"`);
  return Object.entries(parsed.value).map(([key, raw]) => {
    const {line, column} = parsed.position([key]) ?? {line: 1, column: 1};
    // YAML reads `maxDelete: 20` as a number; a text is meant.
    return [key, coerceNumber(key, raw), `${file}:${line}:${column}`] as const;
  });
}

function coerceNumber(key: string, raw: unknown): unknown {
  return typeof raw === 'number' && settingOf(key)?.type === 'text' ? String(raw) : raw;
}

/** A variable's text as the setting wants it. */
function fromText(key: string, value: string): unknown {
  switch (settingOf(key)?.type) {
    case 'integer':
    case 'number':
      return /^[+-]?\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) : value;
    case 'duration':
      return /^\d+$/.test(value.trim()) ? Number(value) : value;
    case 'flag':
      return /^(?:true|1|yes|on)$/i.test(value) ? true : /^(?:false|0|no|off)$/i.test(value) ? false : value;
    case 'list':
      return value
        .split(',')
        .map(item => item.trim())
        .filter(item => item !== '');
    default:
      return value;
  }
}

function settingOf(key: string): Setting<unknown> | undefined {
  const name = nameOf(key);
  return name === undefined ? undefined : runnerSettings[name];
}

/** The setting that `key` means, in any case. */
function nameOf(key: string): keyof RunnerSettings | undefined {
  return (Object.keys(runnerSettings) as (keyof RunnerSettings)[]).find(known => known.toLowerCase() === key.toLowerCase());
}
