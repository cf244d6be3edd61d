/** GET / — in this order; clients match text such as `"os":"linux","arch":"amd64"`. */
export interface RootAnswer {
  readonly version: string;
  readonly os: string;
  readonly arch: string;
  readonly upTimeSeconds: number;
  /** Percent of one core since the last request, as `0.12%`. */
  readonly cpuUsage: string;
  /** Bytes, as text. */
  readonly memoryUsed: string;
  readonly memoryTotal: string;
}

/** One request of POST /batch/req. */
export interface BatchRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

export interface BatchAnswer {
  readonly code: number;
  readonly response?: string;
  readonly error?: string;
}
