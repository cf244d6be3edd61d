/** A fault in a file. `statement`: SQL that this program's parser refuses, which an engine of another make might still accept. */
export interface Problem {
  readonly severity: 'error' | 'statement' | 'warning';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export function formatProblem({file, line, column, message}: Problem): string {
  return `${file}:${line}:${column}: ${message}`;
}
