import {sourceKind} from './source-kind.ts';

export const table = sourceKind('table');
