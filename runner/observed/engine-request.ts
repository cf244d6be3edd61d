/** One request to the engine. `path` begins with `/` and was checked by `readEnginePath`, or was made of checked names. */
export interface EngineRequest {
  readonly method: string;
  readonly path: string;
  /** Sent byte for byte, as JSON. */
  readonly body?: string | undefined;
}

export interface EngineAnswer {
  readonly status: number;
  readonly text: string;
  /** What the engine asked for with Retry-After. */
  readonly retryAfterMs: number | undefined;
  /** The Server header; empty when absent. */
  readonly server: string;
}

/**
 * A request without an answer. `refused`: it never reached an engine. `timeout` and `broken`: it may have been carried out, so whoever
 * repeats it looks first.
 */
export class RequestFailure extends Error {
  readonly reason: 'refused' | 'timeout' | 'broken';
  /** Whether one side did not accept the other's certificate. */
  readonly isDistrust: boolean;
  constructor(reason: RequestFailure['reason'], message: string, {isDistrust = false} = {}) {
    super(message);
    this.reason = reason;
    this.isDistrust = isDistrust;
  }
}

export function isSuccess({status}: Pick<EngineAnswer, 'status'>): boolean {
  return status >= 200 && status < 300;
}
