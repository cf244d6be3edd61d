import {sourceKind} from './source-kind.ts';

export const stream = sourceKind('stream');
