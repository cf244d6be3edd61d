import {describe, expect, it} from 'vitest';
import {findFunction} from '#engine/functions/registry.ts';
import {UnsupportedError, type UnsupportedFeature, unsupportedFeatures} from '#engine/planner/unsupported.ts';
import {type PlanSetting, planSql} from '#test/support/planning.ts';

/** A statement for each feature, to be refused. */
const statements: Readonly<Record<UnsupportedFeature, string>> = {
  function: `SELECT compress(x, 'zstd') AS p FROM a`,
};

const setting: PlanSetting = {
  streams: {a: '()', b: '()'},
  tables: {limits: '()'},
};

/** Newer versions of Node.js bring zstd; on others the engine's start loads it, which no test here does. */
const hasZstd = findFunction('compress')!.lacks?.([undefined, 'zstd']) === undefined;
const refused = (Object.entries(statements) as [UnsupportedFeature, string][]).filter(([feature]) => feature !== 'function' || !hasZstd);

describe('what the engine cannot run yet', () => {
  it.each(refused)('is refused by name: %s', (feature, sql) => {
    let thrown: unknown;
    try {
      planSql(sql, setting);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(UnsupportedError);
    expect((thrown as UnsupportedError).feature).toBe(feature);
    expect((thrown as UnsupportedError).reason).toMatch(/not supported yet|zstd is not loaded/);
  });

  it('is listed once, each with a sentence', () => {
    expect(Object.keys(statements).sort()).toEqual(Object.keys(unsupportedFeatures).sort());
    for (const sentence of Object.values(unsupportedFeatures)) expect(sentence).toMatch(/ (are|is) not supported yet$/);
  });
});
