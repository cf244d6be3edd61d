import {anything, duration, flag, integer, oneOf, record, type Setting, text} from './base/settings.ts';
import {zoneFacts} from './values/time-zone.ts';

const tls = {
  certfile: text('Certificate file (PEM).', {default: ''}),
  keyfile: text('Private key file (PEM).', {default: ''}),
};
const port = (summary: string, value: number) => integer(summary, {default: value, minimum: 0, maximum: 65535});
const size = (summary: string, value: number) => integer(summary, {default: value, minimum: 0});

/** A duration that a bare number gives in `unit` ms: rotation is counted in hours. */
function hours(summary: string, value: number): Setting<number> {
  const setting = duration(summary, {default: value * 3_600_000});
  return {...setting, read: raw => (typeof raw === 'number' ? raw * 3_600_000 : setting.read(raw))};
}

function timeZone(summary: string): Setting<string> {
  const setting = text(summary, {default: 'Local', example: 'Europe/Berlin'});
  return {
    ...setting,
    read(raw) {
      const name = setting.read(raw);
      if (name === 'Local' || zoneFacts(name)) return name;
      throw new Error(`expected Local or an IANA time zone such as Europe/Berlin, got ${JSON.stringify(name)}`);
    },
  };
}

/** A switch whose silent absence would harm: switching it on is an error. */
function refusedFlag(summary: string, reason: string): Setting<boolean> {
  const setting = flag(summary);
  return {
    ...setting,
    read(raw) {
      if (setting.read(raw)) throw new Error(reason);
      return false;
    },
  };
}

/** Every setting of etc/kuiper.yaml. Durations are Go durations or numbers of ms. */
export const kuiperSettings = {
  basic: {
    logLevel: oneOf(['trace', 'debug', 'info', 'warn', 'warning', 'error', 'fatal', 'panic'], 'The least severe event that is logged.', {
      default: 'info',
    }),
    debug: flag('Logs debug events too, whatever `logLevel` says.'),
    consoleLog: flag('Accepted for compatibility: the log always goes to standard output, where containers collect it.'),
    fileLog: flag('Accepted for compatibility: no log file is written.', {default: true}),
    logDisableTimestamp: flag('Leaves the time out of log lines.'),
    syslog: {
      enable: flag('Sends the log to syslog.'),
      network: text('Transport of syslog.', {default: 'udp'}),
      address: text('Address of the syslog server.', {default: 'localhost:514'}),
      level: text('Least severe event that goes to syslog.', {default: 'info'}),
      tag: text('Tag of each syslog line.', {default: 'kuiper'}),
    },
    rotateTime: hours('Age at which a log file is closed; a number counts hours.', 24),
    maxAge: hours('Age at which a closed log file is deleted; a number counts hours.', 72),
    rotateSize: size('Size in bytes at which a log file is closed.', 10_485_760),
    rotateCount: size('How many closed log files are kept.', 3),
    ip: text('Address of the RPC of the eKuiper command line.', {default: '0.0.0.0'}),
    port: port('Port of the RPC of the eKuiper command line.', 20498),
    restIp: text('Address the REST API listens on.', {default: '0.0.0.0'}),
    restPort: port('Port of the REST API; 0 takes a free one.', 9081),
    restTls: tls,
    timezone: timeZone('IANA time zone of time functions and schedules; `Local` is the machine’s.'),
    authentication: refusedFlag(
      'Whether requests need a JSON web token.',
      'authentication is not supported yet, and an open API would answer everybody: leave it false and protect the port',
    ),
    prometheus: flag('Whether metrics are served for Prometheus, at /metrics.'),
    prometheusPort: port('Port of the metrics; the REST port serves them beside the API.', 20499),
    pprof: flag('Accepted for compatibility: there are no Go profiles.', {default: true}),
    pprofIp: text('Address of the profiles.', {default: '127.0.0.1'}),
    pprofPort: port('Port of the profiles.', 6060),
    pluginHosts: text('Where the list of plugins is loaded from.', {default: 'https://packages.emqx.io'}),
    ignoreCase: flag('Column and stream names match in any case.'),
    sql: {maxConnections: size('Connections to one database at most; 0 is no limit.', 0)},
    rulePatrolInterval: duration('How often rules are looked at for schedules and restarts.', {default: 10_000}),
    enableOpenZiti: flag('Listens on an OpenZiti network.'),
    aesKey: text('Key of encrypted columns (base64).', {default: '', secret: true}),
    gracefulShutdownTimeout: duration('How long a stopping engine waits for requests and sinks.', {default: 3000}),
    connection: {
      backoffMaxElapsedDuration: duration('How long the start of a rule waits for its connections.', {default: 180_000}),
    },
    ResourceProfileConfig: {
      enable: flag('Whether the CPU time of each rule is measured.'),
      interval: duration('How often it is measured.', {default: 5000}),
    },
    metricsDumpConfig: {
      enable: flag('Whether metrics are kept in files.'),
      retainedDuration: duration('How long they are kept.', {default: 21_600_000}),
    },
    enableRestAuditLog: flag('Logs every request to the REST API.'),
    enablePrivateNet: flag(
      'Whether rules may send HTTP requests to loopback, private and link-local addresses. Metadata addresses of clouds are refused either way.',
    ),
    allowExternalFileAccess: flag('Whether rules may write files outside the data directory.'),
  },
  rule: {
    qos: integer('Delivery guarantee of rules: 0 at most once, 1 at least once, 2 exactly once.', {default: 0, minimum: 0, maximum: 2}),
    checkpointInterval: duration('How often state is saved under qos 1 and 2.', {default: 300_000}),
    sendError: flag('Sends a failed row to the sinks as `{"error": …}`.'),
    isEventTime: flag('Windows follow the TIMESTAMP column of the streams instead of the clock.'),
    lateTolerance: duration('How far event time may lag before a row counts as late.', {default: 1000}),
    concurrency: integer('Workers of each operator.', {default: 1}),
    bufferLength: integer('Messages a node may have waiting.', {default: 1024}),
    sendMetaToSink: flag('Adds what the source tells about a message to each result row.'),
    restartStrategy: record('`attempts` above 0: a rule stopped by an error is started again.', {default: {}}),
    debug: flag('Debug logging of every rule.'),
    logFilename: text('A log file of its own for each rule.', {default: ''}),
    sendNilField: flag('Keeps selected columns that are null.'),
    cron: text('Schedule of every rule.', {default: ''}),
    duration: text('How long a rule runs once started.', {default: ''}),
    planOptimizeStrategy: record('Switches of the planner.', {default: {}}),
    notifySub: flag('Tells shared sources of the rules’ life cycle.'),
    disableBufferFullDiscard: flag('Waits instead of dropping when a buffer is full.'),
    enableSaveStateBeforeStop: flag('Saves state when a rule stops.'),
    forceExitTimeout: duration('How long that may take.', {default: 0}),
    experiment: record('Switches of the engine.', {default: {}}),
  },
  sink: {
    enableCache: flag('Keeps what a sink could not deliver on disk and sends it again.'),
    memoryCacheThreshold: size('Messages kept in memory before the disk is used.', 1024),
    maxDiskCache: size('Messages kept on disk at most.', 1_024_000),
    bufferPageSize: size('Messages in one page on disk.', 256),
    resendInterval: duration('Pause between two messages sent again.', {default: 0}),
    cleanCacheAtStop: flag('Forgets what was not delivered when a rule stops.'),
  },
  source: {
    httpServerIp: text('Address the HTTP and WebSocket sources listen on.', {default: '0.0.0.0'}),
    httpServerPort: port('Port the HTTP and WebSocket sources listen on.', 10081),
    httpServerTls: tls,
  },
  store: {
    type: text('Kind of store. The engine has one, LevelDB in the data directory; the names of eKuiper’s are accepted.', {
      default: 'sqlite',
    }),
    extStateType: text('Kind of store of external state.', {default: 'sqlite'}),
    redis: {
      host: text('Redis host.', {default: 'localhost'}),
      port: port('Redis port.', 6379),
      password: text('Redis password.', {default: '', secret: true}),
      timeout: duration('How long a request to Redis may take.', {default: 1000}),
      connectionSelector: text('Named Redis connection.', {default: ''}),
    },
    sqlite: {name: text('File of the SQLite store.', {default: ''})},
    pebble: {name: text('Directory of the Pebble store.', {default: 'pebble'})},
    fdb: record('FoundationDB store.', {default: {}}),
  },
  portable: {
    pythonBin: text('Python interpreter of portable plugins.', {default: 'python'}),
    initTimeout: duration('How long a plugin may take to start.', {default: 60_000}),
    sendTimeout: duration('How long a message to a plugin may take.', {default: 5000}),
    recvTimeout: duration('How long an answer of a plugin may take.', {default: 5000}),
  },
  openTelemetry: {
    serviceName: text('Name of the engine in traces.', {default: 'kuiperd-service'}),
    enableRemoteCollector: flag('Sends traces to a collector.'),
    remoteEndpoint: text('Address of the collector.', {default: 'localhost:4318'}),
    localTraceCapacity: size('Traces kept in memory.', 2048),
    enableLocalStorage: flag('Keeps traces on disk.'),
  },
  security: {
    encryption: anything('Encryption used by `encrypt: default`.'),
    tls: anything('TLS settings used by `tls: default`.'),
  },
};

/** Settings and sections that are read and checked but change nothing: a non-default value is warned about. */
export const withoutEffect: readonly string[] = [
  'basic.logDisableTimestamp',
  'basic.syslog',
  'basic.rotateTime',
  'basic.maxAge',
  'basic.rotateSize',
  'basic.rotateCount',
  'basic.ip',
  'basic.port',
  'basic.pluginHosts',
  'basic.ignoreCase',
  'basic.sql',
  'basic.enableOpenZiti',
  'basic.aesKey',
  'basic.connection',
  'basic.ResourceProfileConfig',
  'basic.metricsDumpConfig',
  'rule.concurrency',
  'rule.debug',
  'rule.logFilename',
  'rule.sendNilField',
  'rule.cron',
  'rule.duration',
  'rule.planOptimizeStrategy',
  'rule.notifySub',
  'rule.disableBufferFullDiscard',
  'rule.enableSaveStateBeforeStop',
  'rule.forceExitTimeout',
  'rule.experiment',
  'sink',
  'source',
  'store.type',
  'store.extStateType',
  'store.redis',
  'store.sqlite',
  'store.pebble',
  'store.fdb',
  'portable',
  'openTelemetry',
  'security',
];
