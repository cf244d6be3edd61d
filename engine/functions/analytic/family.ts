import {family} from '../define.ts';
import {acc_avg, acc_count, acc_max, acc_min, acc_sum} from './accumulators.ts';
import {changed_col, changed_cols, had_changed} from './changes.ts';
import {lag, latest} from './history.ts';
import {row_number} from './numbering.ts';

export const analyticFunctions = family('Analytic functions', [
  lag,
  latest,
  changed_col,
  had_changed,
  acc_sum,
  acc_count,
  acc_avg,
  acc_max,
  acc_min,
  changed_cols,
  row_number,
]);
