import {int} from '#engine/values/data-type.ts';
import {family, scopedScalar} from '../define.ts';
import type {ScalarFunction} from '../function.ts';

const last_hit_count: ScalarFunction = {
  ...scopedScalar({
    name: 'last_hit_count',
    summary: 'How many rows passed WHERE before this one; in the condition of a window, how often it held before.',
    examples: [['last_hit_count()', 0n]],
    nullRule: 'seen',
    returns: int,
    call: scope => scope.hits.count,
  }),
  needs: 'hits',
};

const last_hit_time: ScalarFunction = {
  ...scopedScalar({
    name: 'last_hit_time',
    summary: 'The time of the last row that passed WHERE before this one, in ms; 0 if none did.',
    examples: [['last_hit_time()', 0n]],
    nullRule: 'seen',
    returns: int,
    call: scope => scope.hits.atMs,
  }),
  needs: 'hits',
};

const last_agg_hit_count: ScalarFunction = {
  ...scopedScalar({
    name: 'last_agg_hit_count',
    summary: 'How many groups passed HAVING before this one.',
    examples: [['last_agg_hit_count()', 0n]],
    nullRule: 'seen',
    returns: int,
    call: scope => scope.aggregateHits.count,
  }),
  needs: 'aggregateHits',
};

const last_agg_hit_time: ScalarFunction = {
  ...scopedScalar({
    name: 'last_agg_hit_time',
    summary: 'The end of the window of the last group that passed HAVING before this one, in ms; 0 if none did.',
    examples: [['last_agg_hit_time()', 0n]],
    nullRule: 'seen',
    returns: int,
    call: scope => scope.aggregateHits.atMs,
  }),
  needs: 'aggregateHits',
};

export const hitFunctions = family('Functions of earlier results', [last_hit_count, last_hit_time, last_agg_hit_count, last_agg_hit_time]);
