import * as v from 'valibot';

// The one definition of the declarative form: it validates files, and the JSON Schema that editors use is made from it. What a field is for
// stands in its description, which editors show.

/** What engines take as a name. */
const name = v.pipe(v.string(), v.regex(/^[a-zA-Z0-9_-]+$/));

const patterns = v.union([v.string(), v.array(v.string())]);

export const when = v.pipe(
  v.strictObject({
    node: v.optional(v.pipe(patterns, v.description("Patterns of the node's name (`NODE_NAME`), `*` for any text; one must match."))),
    labels: v.optional(
      v.pipe(v.record(v.string(), patterns), v.description('Labels of the pod and patterns of their values; each label must match.')),
    ),
    env: v.optional(
      v.pipe(v.record(v.string(), patterns), v.description('Environment variables and patterns of their values; each must match.')),
    ),
  }),
  v.description('Where this holds. What does not match is as if it were not there, and is pruned if it was.'),
);

/** Members of every object that are for the runner and not sent. */
const forRunner = {
  when: v.optional(when),
  protected: v.optional(v.pipe(v.boolean(), v.description('Never deleted by the runner, even when no file declares it any more.'))),
};
export const runnerMembers: ReadonlySet<string> = new Set(Object.keys(forRunner));

const duration = v.union([v.string(), v.number()]);
const whole = v.pipe(v.number(), v.integer());
const described = <const S extends v.GenericSchema>(schema: S, text: string) => v.optional(v.pipe(schema, v.description(text)));

const ruleOptions = v.strictObject({
  debug: described(v.boolean(), 'Debug logging for this rule only.'),
  logFilename: described(v.string(), 'A log file of its own for this rule.'),
  isEventTime: described(v.boolean(), 'Windows follow the TIMESTAMP column of the streams instead of the clock.'),
  lateTolerance: described(duration, 'How far event time may lag before a row counts as late: `1s`, or milliseconds.'),
  concurrency: described(whole, 'How many instances of an operator run; 1 by default.'),
  bufferLength: described(whole, 'Messages that may wait before an operator or sink; 1024 by default.'),
  sendMetaToSink: described(v.boolean(), 'Adds what the source tells about the message to each result.'),
  sendNilField: described(v.boolean(), 'Keeps selected columns that are null.'),
  sendError: described(v.boolean(), 'Sends a failed row to the sinks as an error.'),
  qos: described(v.picklist([0, 1, 2]), '0 at most once, 1 at least once, 2 exactly once.'),
  checkpointInterval: described(duration, 'How often state is saved under qos 1 and 2: `5m`, or milliseconds.'),
  restartStrategy: described(
    v.strictObject({
      attempts: described(whole, 'Above 0: a rule stopped by an error is started again.'),
      delay: v.optional(duration),
      multiplier: v.optional(v.number()),
      maxDelay: v.optional(duration),
      jitterFactor: v.optional(v.number()),
    }),
    'What happens to a rule that an error has stopped.',
  ),
  cron: described(v.string(), 'When the rule starts; needs `duration`.'),
  duration: described(v.string(), 'How long the rule runs once started.'),
  cronDatetimeRange: described(
    v.array(
      v.strictObject({
        begin: v.optional(v.string()),
        end: v.optional(v.string()),
        beginTimestamp: v.optional(v.number()),
        endTimestamp: v.optional(v.number()),
      }),
    ),
    'Time ranges in which the rule may run.',
  ),
  planOptimizeStrategy: described(v.looseObject({}), 'Switches of the planner.'),
  notifySub: described(v.boolean(), 'Tells memory sources that the rule ends.'),
  disableBufferFullDiscard: described(v.boolean(), 'A full buffer waits instead of dropping.'),
  enableSaveStateBeforeStop: described(v.boolean(), 'Saves state when the rule is stopped.'),
  forceExitTimeout: described(duration, 'How long a stop may take.'),
  enableRuleTracer: described(v.boolean(), 'Traces every message of the rule.'),
  experiment: described(v.looseObject({}), 'Switches that may go away.'),
  tags: described(v.array(v.string()), 'Labels.'),
});

const rule = v.strictObject({
  sql: described(v.string(), 'The SELECT statement.'),
  graph: described(v.looseObject({}), 'A rule drawn as a graph, in place of `sql`.'),
  actions: described(v.array(v.record(v.string(), v.looseObject({}))), 'Where results go: one sink each, `{mqtt: {server: …, topic: …}}`.'),
  options: described(ruleOptions, 'How the rule runs.'),
  running: described(v.boolean(), 'Whether it runs; true by default.'),
  name: described(v.string(), 'A name for people.'),
  version: described(v.string(), 'An engine with versions refuses a lower one.'),
  tags: described(v.array(v.string()), 'Labels.'),
  temp: described(v.boolean(), 'Not stored by the engine.'),
  ...forRunner,
});

const statement = (kind: string) =>
  v.union([
    v.pipe(v.string(), v.description(`The CREATE ${kind} statement.`)),
    v.strictObject({sql: v.pipe(v.string(), v.description(`The CREATE ${kind} statement.`)), ...forRunner}),
  ]);

const confKey = v.pipe(
  v.looseObject(forRunner),
  v.description("Settings of a connector under a key that a stream's CONF_KEY or an action's resourceId names."),
);

const connection = v.strictObject({
  typ: v.pipe(v.string(), v.description('The connector: `mqtt`, `sql`, `kafka` …')),
  props: described(v.looseObject({}), 'Its settings.'),
  ...forRunner,
});

const schema = v.strictObject({
  content: described(v.string(), 'The schema itself.'),
  file: described(v.string(), 'Where the engine finds it: `http://…`, `file:///…`.'),
  soFile: described(v.string(), 'The compiled schema of a custom format.'),
  version: described(v.string(), 'An engine with versions refuses a lower one.'),
  ...forRunner,
});

const service = v.strictObject({file: v.pipe(v.string(), v.description('The archive: `http://…`, `file:///…`.')), ...forRunner});

const script = v.strictObject({
  script: v.pipe(v.string(), v.description('JavaScript with a function of this name. Write `$${` for the `${` of a template literal.')),
  description: described(v.string(), 'What it does.'),
  isAgg: described(v.boolean(), 'Whether it takes the values of a group.'),
  ...forRunner,
});

const plugin = v.strictObject({
  file: v.pipe(v.string(), v.description('The archive: `http://…`, `file:///…`.')),
  shellParas: described(v.array(v.string()), 'Arguments of its install script.'),
  functions: described(v.array(v.string()), 'The functions of a native function plugin.'),
  ...forRunner,
});

/** How the objects of one kind are written. */
export interface SectionShape {
  readonly summary: string;
  /** What stands between the section and an object: a set of words, or a word that says what a free name is. */
  readonly levels: readonly (readonly string[] | string)[];
  readonly entry: v.GenericSchema;
}

export const sections = {
  streams: {summary: 'Streams by name.', levels: ['stream'], entry: statement('STREAM')},
  tables: {summary: 'Tables by name.', levels: ['table'], entry: statement('TABLE')},
  rules: {summary: 'Rules by id.', levels: ['rule'], entry: rule},
  confKeys: {
    summary: 'Settings of connectors, by category, connector and key.',
    levels: [['sources', 'sinks', 'connections'], 'connector', 'key'],
    entry: confKey,
  },
  connections: {summary: 'Connections that sources and sinks share, by id.', levels: ['connection'], entry: connection},
  schemas: {summary: 'Schemas of messages, by type (`protobuf`, `custom`) and name.', levels: ['type', 'schema'], entry: schema},
  services: {summary: 'External services by name.', levels: ['service'], entry: service},
  scripts: {summary: 'JavaScript functions by name.', levels: ['function'], entry: script},
  plugins: {
    summary: 'Plugins by type and name.',
    levels: [['sources', 'sinks', 'functions', 'portables'], 'plugin'],
    entry: plugin,
  },
} as const satisfies Readonly<Record<string, SectionShape>>;

export type SectionName = keyof typeof sections;

/** The shape of a whole document. */
export const objectsSchema = v.strictObject({
  $schema: described(v.string(), 'Where editors find this schema.'),
  when: v.optional(when),
  ...(Object.fromEntries(Object.entries(sections).map(([name, section]) => [name, v.optional(sectionSchema(section))])) as Record<
    SectionName,
    v.OptionalSchema<v.GenericSchema, undefined>
  >),
});

/** The shape of a document apart from its sections. */
export const documentHead = v.strictObject({$schema: objectsSchema.entries.$schema, when: objectsSchema.entries.when});

function sectionSchema({levels, entry, summary}: SectionShape): v.GenericSchema {
  const inner = levels.reduceRight<v.GenericSchema>(
    (below, level) =>
      typeof level === 'string' ? v.record(name, below) : v.strictObject(Object.fromEntries(level.map(word => [word, v.optional(below)]))),
    entry,
  );
  return v.pipe(inner, v.description(summary));
}
