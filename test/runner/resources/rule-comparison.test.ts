import {expect, it} from 'vitest';
import {isSameRule} from '#runner/resources/rule-comparison.ts';

it.each([
  ['{"options":{"bufferLength":1024}}', '{}', true],
  ['{"options":{"lateTolerance":"1s"}}', '{"options":{"lateTolerance":1000}}', true],
  ['{"options":{"checkpointInterval":"5m","debug":false}}', '{}', true],
  ['{"options":{"bufferLength":0}}', '{}', false],
  ['{"options":{"constructor":5}}', '{}', false],
  ['{"options":{"toString":"a"}}', '{"options":{"__proto__":1}}', false],
])('%s and %s define the same rule: %s', (declared, observed, same) => {
  expect(isSameRule('r', declared, observed)).toBe(same);
});
