/** Where a piece of a statement stands. Offsets count UTF-16 units from 0, `end` exclusive; line and column count from 1. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}
