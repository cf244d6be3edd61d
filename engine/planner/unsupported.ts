import {errorCode} from '#engine/base/errors.ts';
import type {Span} from '#engine/language/ast/span.ts';
import {StatementError} from '#engine/language/syntax-error.ts';

/**
 * What the language knows and the engine cannot run: the only list of it. A feature that gets implemented loses its line here, and the
 * type checker shows the places that still refuse it.
 */
export const unsupportedFeatures = {
  function: 'this function is not supported yet',
} as const satisfies Record<string, string>;

export type UnsupportedFeature = keyof typeof unsupportedFeatures;

/** A statement that is right and asks for something this engine cannot run yet. */
export class UnsupportedError extends StatementError {
  readonly feature: UnsupportedFeature;

  constructor(
    feature: UnsupportedFeature,
    {text, span, reason = unsupportedFeatures[feature]}: {text: string; span: Span; reason?: string | undefined},
  ) {
    super(reason, {text, span, code: errorCode.undefined});
    this.feature = feature;
  }
}

/**
 * The functions of the language (eKuiper 2.4). A name that stands here and not in the registry is no misspelling: the function is not
 * supported yet.
 */
export const languageFunctions: ReadonlySet<string> = new Set(
  `
  avg count max min sum collect last_value merge_agg deduplicate median percentile_cont percentile_disc stddev stddevs var vars
  last_agg_hit_count last_agg_hit_time abs acos asin atan atan2 bitand bitor bitxor bitnot ceil ceiling conv cos cosh cot degrees
  exp floor ln log mod pi pow power radians rand round sign sin sinh sqrt tan tanh concat endswith format indexof length lower lpad
  ltrim numbytes regexp_matches regexp_replace regexp_substr reverse rpad rtrim split_value startswith substring trim upper now
  current_timestamp local_time local_timestamp cur_date current_date cur_time current_time format_time date_calc date_diff day_name
  day_of_month day day_of_week day_of_year from_days from_unix_time hour last_day microsecond minute month month_name second md5
  sha1 sha256 sha384 sha512 crc32 to_json parse_json json_path_exists json_path_query json_path_query_first cast convert_tz
  to_seconds chr encode decode trunc hex2dec dec2hex compress decompress array_cardinality array_concat array_contains
  array_contains_any array_create array_distinct array_except array_flatten array_intersect array_join array_last_position array_map
  array_max array_min array_position array_remove array_shuffle array_sort array_union cardinality element_at kvpair_array_to_obj
  repeat sequence keys values items object zip object_concat object_construct object_pick object_size erase obj_to_kvpair_array lag
  latest changed_col had_changed acc_sum acc_count acc_avg acc_max acc_min changed_cols unnest extract row_number isnull coalesce
  newuuid tstamp event_time window_start window_end window_trigger rule_id rule_start mqtt meta last_hit_count last_hit_time
  get_keyed_state delay props dedup_trigger
`
    .trim()
    .split(/\s+/),
);
