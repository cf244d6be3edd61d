import type {Row} from '#engine/values/value.ts';
import {batchesOf, compileRule, medianTimes} from './contest.ts';

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

let received = 0;
const take = (results: Row[]) => {
  received += results.length;
};

for (const {name, columns, sql, loop} of contests) {
  for (const schema of [columns, '()']) {
    for (const size of [1, 1000]) {
      const batches = batchesOf(rows, size);
      const {inputs} = compileRule(sql, {streams: {s: schema}}, take);
      const compiled = () => {
        for (const batch of batches) inputs[0]!.push(batch);
      };
      const byHand = () => {
        for (const batch of batches) {
          const results: Row[] = [];
          loop(batch.rows, results);
          if (results.length > 0) take(results);
        }
      };
      const [ours, theirs] = medianTimes([compiled, byHand], 20, rounds).map(ms => (1e6 * ms) / rowCount) as [number, number];
      console.log(
        `${name.padEnd(12)} ${(schema === '()' ? 'schemaless' : 'typed').padEnd(10)} batches of ${String(size).padStart(4)}: ` +
          `${ours.toFixed(1).padStart(6)} ns a row, by hand ${theirs.toFixed(1).padStart(6)}: ${Math.round((100 * theirs) / ours)} %`,
      );
    }
  }
}
if (received === 0) throw new Error('nothing came out');
