import {type Logger as Pino, pino} from 'pino';
import type {Logger} from './logger.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** JSON lines on standard output. `sync` for short-lived commands, whose last line would be lost otherwise. */
export function createLogger({level, sync = false}: {level: LogLevel; sync?: boolean}): Logger & {setLevel(level: LogLevel): void} {
  const log = pino({level, base: null, timestamp: pino.stdTimeFunctions.isoTime}, pino.destination({fd: 1, sync}));
  return {...wrapPino(log), setLevel: next => void (log.level = next)};
}

/** A pino log under the interface of ours. */
export function wrapPino(log: Pino): Logger {
  return {
    debug: (event, fields) => log.debug(fields ?? {}, event),
    info: (event, fields) => log.info(fields ?? {}, event),
    warn: (event, fields) => log.warn(fields ?? {}, event),
    error: (event, fields) => log.error(fields ?? {}, event),
    child: fields => wrapPino(log.child(fields)),
  };
}
