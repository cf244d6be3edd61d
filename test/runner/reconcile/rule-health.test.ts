import {describe, expect, it} from 'vitest';
import {type NodeReading, readNodes} from '#runner/observed/node-reading.ts';
import {healthOf, isSteady, type NodeMemory, type RuleHealth, type RuleReading, settleMs, well} from '#runner/reconcile/rule-health.ts';

const node = (role: NodeReading['role'], name: string, more: Partial<NodeReading> = {}): NodeReading => ({
  node: name,
  role,
  recordsIn: 0,
  recordsOut: 0,
  exceptions: 0,
  lastException: '',
  connection: undefined,
  connectionMessage: '',
  lostAt: 0,
  ...more,
});
const source = (more: Partial<NodeReading> = {}) => node('source', 'demo', {connection: 1, ...more});
const operator = (more: Partial<NodeReading> = {}) => node('operator', '3_project', more);
const sink = (more: Partial<NodeReading> = {}) => node('sink', 'mqtt_0', {connection: 1, ...more});
const running = (...nodes: readonly NodeReading[]): RuleReading => ({shouldRun: true, status: 'running', nodes});

/** Looks in their order, 10 s apart unless they say when, and the reasons after each. */
interface Case {
  readonly name: string;
  readonly looks: readonly (RuleReading & {readonly at?: number})[];
  readonly reasons: readonly (readonly string[])[];
}

const cases: readonly Case[] = [
  {name: 'a running rule without a failure is well', looks: [running(source(), operator(), sink())], reasons: [[]]},
  {
    name: 'a rule of an engine that counts nothing is judged by its state',
    looks: [{shouldRun: true, status: 'running', nodes: []}],
    reasons: [[]],
  },
  {
    name: 'a rule that waits for its schedule is well',
    looks: [{shouldRun: true, status: 'stopped: waiting for next schedule.'}],
    reasons: [[]],
  },
  {name: 'a stopped rule that should be stopped is well', looks: [{shouldRun: false, status: 'stopped'}], reasons: [[]]},
  {
    name: 'a rule that runs though it should not is not well',
    looks: [{shouldRun: false, status: 'running'}],
    reasons: [['run_state: running, though it should be stopped']],
  },
  {
    name: 'a rule that stopped by an error is not well, and is well once it runs',
    looks: [{shouldRun: true, status: 'stopped by error'}, running()],
    reasons: [['run_state: stopped by error, though it should run'], []],
  },
  {
    name: 'a rule that is gone is not well',
    looks: [{shouldRun: true, status: undefined}],
    reasons: [['run_state: the engine does not have it']],
  },
  {
    name: 'a rule may be starting for ten seconds',
    looks: [
      {shouldRun: true, status: 'starting', at: 0},
      {shouldRun: true, status: 'starting', at: settleMs - 1},
      {shouldRun: true, status: 'starting', at: settleMs},
    ],
    reasons: [[], [], ['run_state: starting for 10 s']],
  },
  {
    name: 'a rule that the engine refuses is not well though its former definition runs',
    looks: [{...running(source()), trouble: {code: 'refused', text: 'the engine answered 400: no'}}],
    reasons: [['refused: the engine answered 400: no']],
  },
  {
    name: 'a source that lost its connection is named at once, with the words of the engine',
    looks: [running(source()), running(source({connection: -1, connectionMessage: 'connection refused'})), running(source())],
    reasons: [[], ['source: source demo is not connected: connection refused'], []],
  },
  {
    name: 'a source that is connecting is given ten seconds',
    looks: [
      {...running(source({connection: 0})), at: 0},
      {...running(source({connection: 0})), at: settleMs},
    ],
    reasons: [[], ['source: source demo is not connected']],
  },
  {
    name: 'what a lost connection makes of the operators behind it is not named as well',
    looks: [
      running(source(), operator()),
      running(source({connection: -1, lostAt: 5}), operator({exceptions: 10})),
      running(source({lostAt: 7}), operator({exceptions: 14})),
      running(source({lostAt: 7}), operator({exceptions: 14})),
    ],
    reasons: [[], ['source: source demo is not connected'], [], []],
  },
  {
    name: 'a connection that was lost and found between two looks leaves nothing behind',
    looks: [
      running(source(), operator()),
      running(source({lostAt: 5}), operator({exceptions: 6})),
      running(source({lostAt: 5}), operator({exceptions: 6})),
    ],
    reasons: [[], [], []],
  },
  {
    name: 'a sink that is not connected is named',
    looks: [running(source(), sink({connection: -1, exceptions: 7, connectionMessage: 'refused'}))],
    reasons: [['sink: sink mqtt_0 is not connected: refused']],
  },
  {
    name: 'a decode error now and then is none',
    looks: [
      running(operator({recordsIn: 100, exceptions: 1, lastException: 'bad'})),
      running(operator({recordsIn: 200, exceptions: 40, lastException: 'bad'})),
      running(operator({recordsIn: 300, exceptions: 80, lastException: 'bad'})),
    ],
    reasons: [[], [], []],
  },
  {
    name: 'an operator that fails three times in a row is named with its rate and its last error, until it gets more through than it fails',
    looks: [
      running(operator({recordsIn: 2, exceptions: 2, lastException: 'divide by zero'})),
      running(operator({recordsIn: 7, exceptions: 7, lastException: 'divide by zero'})),
      running(operator({recordsIn: 7, exceptions: 7, lastException: 'divide by zero'})),
      running(operator({recordsIn: 17, exceptions: 9, lastException: 'divide by zero'})),
    ],
    reasons: [
      [],
      ['exceptions: operator 3_project failed 7 times in a row, 5 of them in the last 10 s: divide by zero'],
      ['exceptions: operator 3_project failed 7 times in a row, 0 of them in the last 10 s: divide by zero'],
      [],
    ],
  },
  {
    name: 'a slow stream is found out too: failures add up over looks',
    looks: [1, 2, 3].map(n => running(operator({recordsIn: n, exceptions: n, lastException: 'bad'}))),
    reasons: [[], [], ['exceptions: operator 3_project failed 3 times in a row, 1 of them in the last 10 s: bad']],
  },
  {
    name: 'of a sink only what it delivered counts as success',
    looks: [
      running(sink({recordsIn: 100, recordsOut: 100})),
      running(sink({recordsIn: 104, recordsOut: 100, exceptions: 4, lastException: '503'})),
      running(sink({recordsIn: 110, recordsOut: 106, exceptions: 4, lastException: '503'})),
    ],
    // The first failure is weighed against all it delivered; the next look knows better.
    reasons: [[], [], []],
  },
  {
    name: 'a sink that fails from then on is named at the next look',
    looks: [
      running(sink({recordsIn: 104, recordsOut: 100, exceptions: 4, lastException: '503'})),
      running(sink({recordsIn: 108, recordsOut: 100, exceptions: 8, lastException: '503'})),
    ],
    reasons: [[], ['exceptions: sink mqtt_0 failed 4 times in a row, 4 of them in the last 10 s: 503']],
  },
  {
    name: 'a restart sets the counters back',
    looks: [
      running(operator({recordsIn: 9, exceptions: 9, lastException: 'bad'})),
      running(operator({recordsIn: 5, exceptions: 1, lastException: 'bad'})),
    ],
    reasons: [['exceptions: operator 3_project failed 9 times in a row: bad'], []],
  },
  {
    name: 'a look without a question about nodes keeps what was known of them, while the rule runs',
    looks: [
      running(source({connection: -1})),
      {shouldRun: true, status: 'running'},
      {shouldRun: true, status: 'stopped'},
      {shouldRun: true, status: 'running'},
    ],
    reasons: [
      ['source: source demo is not connected'],
      ['source: source demo is not connected'],
      ['run_state: stopped, though it should run'],
      [],
    ],
  },
  {
    name: 'a rule that was not asked follows the sources it shares with one that was',
    looks: [
      {shouldRun: true, status: 'running', sources: [source({connection: -1, connectionMessage: 'refused'})]},
      {shouldRun: true, status: 'running', sources: []},
      {shouldRun: true, status: 'running', sources: [source()]},
      {...running(source(), operator({recordsIn: 3, exceptions: 3, lastException: 'bad'}))},
      {shouldRun: true, status: 'running', sources: [source()]},
    ],
    reasons: [
      ['source: source demo is not connected: refused'],
      ['source: source demo is not connected: refused'],
      [],
      ['exceptions: operator 3_project failed 3 times in a row: bad'],
      ['exceptions: operator 3_project failed 3 times in a row: bad'],
    ],
  },
  {
    name: 'an error that travels through the nodes is named where it began',
    looks: [
      running(
        node('operator', '2_decoder', {recordsIn: 4, exceptions: 4, lastException: 'bad'}),
        node('operator', '3_project', {exceptions: 4, lastException: 'bad'}),
        sink({exceptions: 3, lastException: 'other'}),
      ),
    ],
    reasons: [['exceptions: operator 2_decoder failed 4 times in a row: bad', 'exceptions: sink mqtt_0 failed 3 times in a row: other']],
  },
];

describe('the health of a rule', () => {
  it.each(cases)('$name', ({looks, reasons}) => {
    let health: RuleHealth | undefined;
    const seen = looks.map((look, i) => {
      health = healthOf(health, look, look.at ?? i * 10_000);
      return health.reasons.map(({code, text}) => `${code}: ${text}`);
    });
    expect(seen).toEqual(reasons);
  });

  it('says since when, whatever becomes of the text', () => {
    const failing = (exceptions: number) => running(operator({recordsIn: exceptions, exceptions, lastException: 'bad'}));
    let health: RuleHealth | undefined;
    const looks = [
      [1000, 3],
      [2000, 5],
      [3000, 9],
    ] as const;
    for (const [at, exceptions] of looks) health = healthOf(health, failing(exceptions), at);
    expect(health!.reasons).toMatchObject([{code: 'exceptions', since: 1000, text: expect.stringContaining('9 times')}]);
  });

  it('keeps nothing of a rule that is well', () => {
    expect(healthOf(undefined, running(source(), operator(), sink()), 0)).toBe(well);
  });

  it('names the worst first', () => {
    const {reasons} = healthOf(undefined, running(sink({connection: -1}), source({connection: -1})), 0);
    expect(reasons.map(({code}) => code)).toEqual(['source', 'sink']);
  });
});

describe('the nodes of a status answer', () => {
  it('are read by their names, those with underscores and digits too', () => {
    const text = JSON.stringify({
      status: 'running',
      source_my_stream_0_records_in_total: 5,
      source_my_stream_0_connection_status: -1,
      source_my_stream_0_connection_last_disconnected_message: 'no route to tcp://user:hunter2@broker',
      op_2_decoder_0_exceptions_total: 2,
      op_2_decoder_0_last_exception: 'invalid character',
      sink_mqtt_0_0_records_out_total: 4,
      sink_mqtt_0_0_connection_status: 1,
      sink_nop_1_0_connection_status: 0,
      sink_nop_1_0_connection_last_try_time: 0,
    });
    expect(readNodes(text)).toMatchObject([
      {role: 'source', node: 'my_stream', recordsIn: 5, connection: -1, connectionMessage: 'no route to tcp://user:******@broker'},
      {role: 'operator', node: '2_decoder', exceptions: 2, lastException: 'invalid character', connection: undefined},
      {role: 'sink', node: 'mqtt_0', recordsOut: 4, connection: 1},
      {role: 'sink', node: 'nop_1', connection: undefined},
    ]);
  });

  it('show no part of a secret that is cut off', () => {
    const echo = (at: number) => `${'x'.repeat(at)}{"password":"hunter2hunter2"}`;
    const text = JSON.stringify({op_2_project_0_last_exception: echo(482), sink_mqtt_0_0_last_exception: echo(100)});
    const shown = readNodes(text).map(({lastException}) => lastException);
    expect(shown.join()).not.toContain('hun');
    expect(shown.map(({length}) => length)).toEqual([500, 121]);
  });

  it.each([
    '',
    'null',
    '[]',
    '"text"',
    '{"status":"running"}',
    '{"source_a_0_connection_status":"yes"}',
  ])('of %j are none that count', text => {
    expect(readNodes(text).filter(({connection, exceptions}) => connection !== undefined || exceptions > 0)).toEqual([]);
  });
});

describe('a steady rule', () => {
  it.each([
    {name: 'a rule that is well', health: well, steady: true},
    {name: 'a rule that starts', health: {...well, startingSince: 1}, steady: false},
    {name: 'a node that is connecting', health: {...well, nodes: new Map([['source demo', memory({unconnectedSince: 1})]])}, steady: false},
    {name: 'a node that failed once', health: {...well, nodes: new Map([['sink mqtt', memory({exceptions: 1})]])}, steady: true},
    {
      name: 'a rule with a reason',
      health: {...well, reasons: [{code: 'sink', subject: 'sink mqtt', text: 'gone', since: 1} as const]},
      steady: false,
    },
  ])('is told for $name: $steady', ({health, steady}) => {
    expect(isSteady(health)).toBe(steady);
  });
});

function memory(changes: Partial<NodeMemory>): NodeMemory {
  return {recordsIn: 0, recordsOut: 0, exceptions: 0, at: 0, failedInARow: 0, unconnectedSince: undefined, ...changes};
}
