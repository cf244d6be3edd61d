import {extractGuard} from './extract-guard.ts';
import {foldConstants} from './fold-constants.ts';
import {inlineAliases} from './inline-aliases.ts';
import {mergeFilters} from './merge-filters.ts';
import {pruneColumns} from './prune-columns.ts';
import {pushDownFilter} from './push-down-filter.ts';
import type {Rewrite} from './rewrite.ts';

/** In the order they run: each may rely on what those before it have done. */
export const rewrites: readonly Rewrite[] = [inlineAliases, foldConstants, pushDownFilter, mergeFilters, extractGuard, pruneColumns];
