/**
 * Error codes of the REST contract. The numbers are eKuiper's (pkg/errorx); clients branch on them.
 */
export const errorCode = {
  undefined: 1000,
  general: 1001,
  notFound: 1002,
  io: 1003,
  converter: 1004,
  endOfFile: 1005,
  parser: 2001,
  plan: 2101,
  executor: 2201,
  streamProcessor: 3000,
  rule: 4000,
  configuration: 5000,
} as const;

export type ErrorCode = (typeof errorCode)[keyof typeof errorCode];

/** Root of every error the programs raise on purpose; anything else is a defect. */
export class ArrokothError extends Error {
  override readonly name: string = 'ArrokothError';
  readonly code: ErrorCode;
  /** What the reader can do about it: a full sentence, or undefined. */
  readonly hint: string | undefined;

  constructor(
    message: string,
    {code = errorCode.undefined, hint, cause}: {code?: ErrorCode; hint?: string | undefined; cause?: unknown} = {},
  ) {
    super(message, cause === undefined ? undefined : {cause});
    this.code = code;
    this.hint = hint;
  }
}

/** A name that is not declared. REST answers 404. */
export class NotFoundError extends ArrokothError {
  override readonly name = 'NotFoundError';
  constructor(message: string, hint?: string) {
    super(message, {code: errorCode.notFound, hint});
  }
}

/** A value that does not fit: a row's expression, a conversion. Costs that row or window, never the rule. */
export class EvaluationError extends ArrokothError {
  override readonly name = 'EvaluationError';
  constructor(message: string) {
    super(message, {code: errorCode.general});
  }
}

/**
 * A failed conversation with the outside. `retry: true` means the same bytes may succeed later (connection lost, time-out);
 * `false` means they will not (refused by the peer).
 */
export class ConnectorError extends ArrokothError {
  override readonly name = 'ConnectorError';
  readonly retry: boolean;
  constructor(message: string, {retry, cause, hint}: {retry: boolean; cause?: unknown; hint?: string}) {
    super(message, {code: retry ? errorCode.io : errorCode.general, cause, hint});
    this.retry = retry;
  }
}

/** Anything thrown as an Error. */
export function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The text of anything thrown, for people. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** A message as it reads behind a colon: without the capital of a sentence. */
export function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text[0]!.toLowerCase() + text.slice(1) : text;
}
