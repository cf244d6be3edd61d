import {family} from '../define.ts';
import {collect, last_value, merge_agg} from './collections.ts';
import {deduplicate} from './deduplicate.ts';
import {max, min} from './extremes.ts';
import {median, percentile_cont, percentile_disc} from './percentiles.ts';
import {avg, count, sum} from './totals.ts';
import {sampleVariance, stddev, stddevs, variance} from './variance.ts';

export const aggregateFunctions = family('Aggregate functions', [
  avg,
  count,
  max,
  min,
  sum,
  collect,
  last_value,
  merge_agg,
  deduplicate,
  median,
  percentile_cont,
  percentile_disc,
  stddev,
  stddevs,
  variance,
  sampleVariance,
]);
