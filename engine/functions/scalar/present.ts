import {EvaluationError} from '#engine/base/errors.ts';
import {toInt} from '#engine/values/coercion.ts';
import {string} from '#engine/values/data-type.ts';
import {dateTime} from '#engine/values/date-time.ts';
import {timeFormat} from '#engine/values/time-pattern.ts';
import type {Value} from '#engine/values/value.ts';
import {literal, optional, param, scopedScalar} from '../define.ts';
import type {ScalarFunction, Scope} from '../function.ts';

const precision = literal(optional(param('fsp', 'int', 'How many digits of the fraction of the second to add, 0 to 6.')));

/** The present, printed; with the fraction of the second when asked. */
function present(name: string, summary: string, pattern: string, example: readonly [string, string], aliases: readonly string[]) {
  return scopedScalar({
    name,
    aliases,
    summary,
    params: [precision],
    examples: [
      [`${name}()`, example[0]],
      [`${name}(3)`, example[1]],
    ],
    nullRule: 'seen',
    returns: string,
    check: ([digits]) =>
      digits === undefined || (typeof digits === 'bigint' && digits >= 0n && digits <= 6n)
        ? undefined
        : 'Expect 0 to 6 digits for parameter 1',
    call: (scope: Scope, digits: Value = 0n) => {
      const count = Number(toInt(digits, 'strict'));
      if (count < 0 || count > 6) throw new EvaluationError(`${count} digits of the second: expected 0 to 6`);
      return timeFormat(pattern + 'S'.repeat(count))(dateTime(scope.now(), scope.timeZone));
    },
  });
}

export const presentFunctions: readonly ScalarFunction[] = [
  present(
    'now',
    'The current date and time.',
    'yyyy-MM-dd HH:mm:ss',
    ['2023-11-14 22:13:22', '2023-11-14 22:13:22.000'],
    ['current_timestamp', 'local_time', 'local_timestamp'],
  ),
  scopedScalar({
    name: 'cur_date',
    aliases: ['current_date'],
    summary: 'The current date.',
    examples: [['cur_date()', '2023-11-14']],
    returns: string,
    call: (scope: Scope) => timeFormat('yyyy-MM-dd')(dateTime(scope.now(), scope.timeZone)),
  }),
  present('cur_time', 'The current time of the day.', 'HH:mm:ss', ['22:13:22', '22:13:22.000'], ['current_time']),
];
