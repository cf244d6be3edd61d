import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import {compilePlan} from '#engine/compiler/compile-plan.ts';
import type {Pipeline} from '#engine/compiler/pipeline.ts';
import {planSql} from '#test/support/planning.ts';
import {VirtualClock} from '#test/support/virtual-clock.ts';

/*
 * What a rule costs this layer when thousands differ only in constants: time to compile a plan, heap it keeps.
 * Run it alone: npx tsx test/bench/compile.bench.ts
 */

const ruleCount = 8000;
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const shapes: Readonly<Record<string, (i: number) => string>> = {
  filter: i => `SELECT deviceid, temperature FROM s WHERE temperature > ${i}`,
  arithmetic: i => `SELECT deviceid, temperature * 1.8 + ${i} AS f FROM s WHERE temperature > ${i} AND deviceid != 'd${i}'`,
  window: i => `SELECT deviceid, avg(temperature) AS a FROM s WHERE temperature > ${i} GROUP BY deviceid, TUMBLINGWINDOW(ss, 10)`,
};

for (const [name, sqlOf] of Object.entries(shapes)) {
  const plans = Array.from({length: ruleCount}, (_, i) => planSql(sqlOf(i), {streams: {s: '()'}}));
  const environment = {
    clock: new VirtualClock(),
    ruleId: 'bench',
    ruleStartMs: 0,
    timeZone: 'UTC',
    output: {rows() {}, collection() {}, error() {}},
  };
  const first = performance.now();
  compilePlan(plans[0]!, environment).close();
  const warm = performance.now();
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const pipelines: Pipeline[] = [];
  const started = performance.now();
  for (const plan of plans) pipelines.push(compilePlan(plan, environment));
  const ended = performance.now();
  collectGarbage();
  const bytes = (process.memoryUsage().heapUsed - before) / ruleCount;
  console.log(
    `${name.padEnd(12)} first ${(warm - first).toFixed(2)} ms, then ${((1000 * (ended - started)) / ruleCount).toFixed(1)} µs and ` +
      `${Math.round(bytes)} bytes a rule (${pipelines.length} rules)`,
  );
  for (const pipeline of pipelines) pipeline.close();
}
