/** The clause an expression stands in. */
export type Clause = 'SELECT' | 'ON' | 'WHERE' | 'GROUP BY' | 'FILTER' | 'HAVING' | 'ORDER BY';

/** Where an expression stands: what may occur in it and what its names mean. */
export interface Site {
  readonly clause: Clause;
  /** Position of the field in SELECT; undefined in other clauses. */
  readonly field?: number;
  /** Name of the aggregate whose argument the expression is. */
  readonly aggregate?: string;
  /** Part of a larger expression, so not a field of its own. */
  readonly isPart?: boolean;
}
