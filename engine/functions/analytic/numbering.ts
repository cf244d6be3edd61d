import {int} from '#engine/values/data-type.ts';
import {windowFunction} from '../define.ts';

export const row_number = windowFunction({
  name: 'row_number',
  summary:
    'The number of the row or group in its window, from 1, in the order of the window; with OVER (PARTITION BY … ORDER BY …) in its partition, in that order.',
  examples: [['row_number()', 1n]],
  returns: int,
  at: position => position + 1,
});
