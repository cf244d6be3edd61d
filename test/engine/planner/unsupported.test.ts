import {describe, expect, it} from 'vitest';
import {findFunction} from '#engine/functions/registry.ts';
import {UnsupportedError, type UnsupportedFeature, unsupportedFeatures} from '#engine/planner/unsupported.ts';
import {type PlanSetting, planSql} from '#test/support/planning.ts';

/** A statement for each feature, to be refused. */
const statements: Readonly<Record<UnsupportedFeature, string>> = {
  join: 'SELECT a.x FROM a INNER JOIN b ON a.x = b.x GROUP BY COUNTWINDOW(2)',
  table: 'SELECT x FROM limits',
  'hopping-window': 'SELECT x FROM a GROUP BY HOPPINGWINDOW(ss, 10, 5)',
  'sliding-window': 'SELECT x FROM a GROUP BY SLIDINGWINDOW(ss, 10, 0)',
  'session-window': 'SELECT x FROM a GROUP BY SESSIONWINDOW(ss, 10, 5)',
  'state-window': 'SELECT x FROM a GROUP BY STATEWINDOW(x > 1)',
  'event-time': 'SELECT x FROM timed',
  'aggregate-in-where': 'SELECT x FROM a WHERE x > avg(x) GROUP BY COUNTWINDOW(2)',
  'replace-in-argument': 'SELECT collect(* REPLACE(x + 1 AS x)) AS c FROM a GROUP BY COUNTWINDOW(2)',
  'analytic-function': 'SELECT lag(x) AS before FROM a',
  'table-function': 'SELECT unnest(x) AS y FROM a',
  function: `SELECT compress(x, 'zstd') AS p FROM a`,
};

const setting: PlanSetting = {
  streams: {a: '()', b: '()', timed: 'CREATE STREAM timed () WITH (DATASOURCE="t", TIMESTAMP="ts")'},
  tables: {limits: '()'},
};

/** Newer versions of Node.js bring zstd. */
const hasZstd = findFunction('compress')!.lacks?.([undefined, 'zstd']) === undefined;
const refused = (Object.entries(statements) as [UnsupportedFeature, string][]).filter(([feature]) => feature !== 'function' || !hasZstd);

/** A function that the registry does not hold yet is refused as a function, whatever its kind will be. */
function reported(feature: UnsupportedFeature): UnsupportedFeature {
  if (feature === 'analytic-function') return findFunction('lag') === undefined ? 'function' : feature;
  if (feature === 'table-function') return findFunction('unnest') === undefined ? 'function' : feature;
  return feature;
}

describe('what the engine cannot run yet', () => {
  it.each(refused)('is refused by name: %s', (feature, sql) => {
    let thrown: unknown;
    try {
      planSql(sql, {...setting, options: {isEventTime: feature === 'event-time'}});
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UnsupportedError);
    expect((thrown as UnsupportedError).feature).toBe(reported(feature));
    expect((thrown as UnsupportedError).reason).toContain('not supported yet');
  });

  it('is listed once, each with a sentence', () => {
    expect(Object.keys(statements).sort()).toEqual(Object.keys(unsupportedFeatures).sort());
    for (const sentence of Object.values(unsupportedFeatures)) expect(sentence).toMatch(/ (are|is) not supported yet$/);
  });
});
