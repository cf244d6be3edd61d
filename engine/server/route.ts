import type {FastifyReply, FastifyRequest} from 'fastify';
import type {Clock} from '#engine/base/clock.ts';
import type {Logger} from '#engine/base/logger.ts';
import type {Catalog} from '#engine/catalog/catalog.ts';
import type {Rules} from '#engine/runtime/rules.ts';

/** One method of one path. `answer` sends the reply; what it throws is answered in the error form. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `:name` stands for one segment. */
  readonly path: string;
  /** One sentence for the reference page: what the request does or answers. */
  readonly summary: string;
  /** The path also fits a path with a parameter, whose other methods stay reachable: `/rules/validate` beside `/rules/:id`. */
  readonly isSpecialCase?: boolean;
  answer(request: ApiRequest, reply: FastifyReply): unknown;
}

export type ApiRequest = FastifyRequest<{
  Params: Readonly<Record<string, string>>;
  Querystring: Readonly<Record<string, string | undefined>>;
}>;

/** The part of kuiper.yaml that the server reads. */
export interface ServerSettings {
  readonly basic: {
    readonly restIp: string;
    readonly restPort: number;
    readonly restTls: {readonly certfile: string; readonly keyfile: string};
    readonly prometheus: boolean;
    readonly prometheusPort: number;
    readonly enableRestAuditLog: boolean;
    readonly gracefulShutdownTimeout: number;
  };
}

export interface ServerParts {
  readonly settings: ServerSettings;
  readonly catalog: Catalog;
  readonly rules: Rules;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Of the program, as GET / shows it. */
  readonly version: string;
  /** Called after POST /stop was answered. */
  readonly onStop: () => void;
  /** What PATCH /configs may change; without it the request is refused. */
  readonly setLogLevel?: ((level: string) => void) | undefined;
  readonly setTimeZone?: ((zone: string) => void) | undefined;
}
