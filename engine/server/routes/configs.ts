import {ArrokothError} from '#engine/base/errors.ts';
import {readObject, readString} from '../request-body.ts';
import type {Route, ServerParts} from '../route.ts';

/** Switches of the running engine; a restart forgets them. */
export function configRoutes({setLogLevel, setTimeZone}: ServerParts): readonly Route[] {
  return [
    {
      method: 'PATCH',
      path: '/configs',
      summary: 'Changes the log level of the running engine (`logLevel`, `debug`), until it restarts.',
      answer(request, reply) {
        const members = readObject(request.body, 'Invalid JSON');
        const zone = readString(members, 'timezone', 'Invalid JSON');
        if (zone !== '') {
          if (!isTimeZone(zone)) throw new ArrokothError(`Invalid TZ: unknown time zone ${zone}`);
          if (!setTimeZone)
            throw new ArrokothError(
              'changing the time zone of a running engine is not supported yet: set basic.timezone in etc/kuiper.yaml',
            );
          setTimeZone(zone);
        }
        const level = members['debug'] === true ? 'debug' : readString(members, 'logLevel', 'Invalid JSON');
        if (level !== '') setLogLevel?.(level);
        return reply.code(204).send();
      },
    },
  ];
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', {timeZone: zone}).resolvedOptions().timeZone !== '';
  } catch {
    return zone === 'Local';
  }
}
