import {family} from '../define.ts';
import {collect, last_value, merge_agg} from './collections.ts';
import {max, min} from './extremes.ts';
import {avg, count, sum} from './totals.ts';

export const aggregateFunctions = family('Aggregate functions', [avg, count, max, min, sum, collect, last_value, merge_agg]);
