import {describe, expect, it} from 'vitest';
import {nestsDeeperThan} from '#engine/base/json-depth.ts';

describe('nestsDeeperThan', () => {
  const cases: readonly [json: string, depth: number][] = [
    ['', 0],
    ['1', 0],
    ['[]', 1],
    ['[{"a":[]},{"b":{}}]', 3],
    ['["[[[[", "\\"[[["]', 1],
    ['{"a\\\\":[]}', 2],
    ['["open [[[', 1],
  ];
  for (const [json, depth] of cases) {
    it(`finds ${depth} levels in ${json}`, () => {
      expect(nestsDeeperThan(depth, json)).toBe(false);
      if (depth > 0) expect(nestsDeeperThan(depth - 1, json)).toBe(true);
    });
  }
});
