import {compilePlan} from '#engine/compiler/compile-plan.ts';
import type {Batch} from '#engine/operators/operator.ts';
import type {Row} from '#engine/values/value.ts';
import {planSql} from '#test/support/planning.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

/*
 * Compiled filter-and-project against a loop written by hand over the same rows that makes the same results.
 * Run it alone: npx tsx test/bench/project.bench.ts. Both take turns in one process; what counts is the ratio.
 */

const rowCount = 20_000;
const rounds = 41;

interface Contest {
  readonly name: string;
  readonly columns: string;
  readonly sql: string;
  readonly loop: (rows: readonly Row[], results: Row[]) => void;
}

type Reading = {readonly deviceid: string; readonly temperature: number; readonly humidity: number};

const contests: readonly Contest[] = [
  {
    name: 'two columns',
    columns: '(deviceid string, temperature float, humidity bigint)',
    sql: 'SELECT deviceid, temperature FROM s WHERE temperature > 25',
    loop(rows, results) {
      for (const row of rows as readonly Reading[]) {
        if (row.temperature > 25) results.push({deviceid: row.deviceid, temperature: row.temperature});
      }
    },
  },
  {
    name: 'arithmetic',
    columns: '(deviceid string, temperature float, humidity bigint)',
    sql: "SELECT deviceid, temperature * 1.8 + 32 AS f, humidity FROM s WHERE temperature > 20 AND humidity < 80 AND deviceid != 'd3'",
    loop(rows, results) {
      for (const row of rows as readonly Reading[]) {
        if (row.temperature > 20 && row.humidity < 80 && row.deviceid !== 'd3')
          results.push({deviceid: row.deviceid, f: row.temperature * 1.8 + 32, humidity: row.humidity});
      }
    },
  },
  {
    name: 'none pass',
    columns: '(deviceid string, temperature float, humidity bigint)',
    sql: 'SELECT deviceid FROM s WHERE temperature > 1000',
    loop(rows, results) {
      for (const row of rows as readonly Reading[]) if (row.temperature > 1000) results.push({deviceid: row.deviceid});
    },
  },
];

const rows = Array.from({length: rowCount}, (_, i) =>
  JSON.parse(JSON.stringify({deviceid: `d${i % 10}`, temperature: ((i * 7919) % 5000) / 100 + 0.005, humidity: i % 100})),
) as Row[];

function batchesOf(size: number): readonly Batch[] {
  return Array.from({length: rowCount / size}, (_, i) => {
    const slice = rows.slice(i * size, (i + 1) * size);
    return {rows: slice, metadata: slice.map(() => undefined), timestamps: slice.map(() => 1)};
  });
}

/** Nanoseconds for each row. */
function measure(run: () => void): number {
  const started = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - started) / rowCount;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

let received = 0;
const take = (results: Row[]) => {
  received += results.length;
};

for (const {name, columns, sql, loop} of contests) {
  for (const schema of [columns, '()']) {
    for (const size of [1, 1000]) {
      const batches = batchesOf(size);
      const pipeline = compilePlan(planSql(sql, {streams: {s: schema}}), {
        clock: new VirtualClock(),
        ruleId: 'bench',
        ruleStartMs: 0,
        timeZone: 'UTC',
        output: {
          rows: take,
          collection: take,
          error(error) {
            throw error;
          },
        },
      });
      const [input] = pipeline.inputs;
      const compiled = () => {
        for (const batch of batches) input!.push(batch);
      };
      const byHand = () => {
        for (const batch of batches) {
          const results: Row[] = [];
          loop(batch.rows, results);
          if (results.length > 0) take(results);
        }
      };
      for (let i = 0; i < 20; i++) for (const run of [compiled, byHand]) run();
      const times: [number[], number[]] = [[], []];
      for (let i = 0; i < rounds; i++) {
        times[0].push(measure(compiled));
        times[1].push(measure(byHand));
      }
      const [ours, theirs] = times.map(median) as [number, number];
      console.log(
        `${name.padEnd(12)} ${(schema === '()' ? 'schemaless' : 'typed').padEnd(10)} batches of ${String(size).padStart(4)}: ` +
          `${ours.toFixed(1).padStart(6)} ns a row, by hand ${theirs.toFixed(1).padStart(6)}: ${Math.round((100 * theirs) / ours)} %`,
      );
    }
  }
}
if (received === 0) throw new Error('nothing came out');
