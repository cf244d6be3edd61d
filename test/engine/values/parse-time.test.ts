import fc from 'fast-check';
import {expect, it} from 'vitest';
import {parseTime} from '#engine/values/parse-time.ts';

const two = (value: number): string => String(value).padStart(2, '0');

it('reads the usual form as it reads the same text with an offset', () => {
  const part = (max: number) => fc.integer({min: 0, max});
  fc.assert(
    fc.property(
      fc.tuple(fc.integer({min: 0, max: 9999}), part(13), part(32), part(25), part(61), part(61)),
      fc.constantFrom(' ', 'T'),
      fc.constantFrom('', '.5', '.123', '.000001', '.123456789', '.', '.x', '.1234567890'),
      ([year, month, day, hour, minute, second], between, fraction) => {
        const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
        const text = `${date}${between}${two(hour)}:${two(minute)}:${two(second)}${fraction}`;
        const expected = parseTime(`${text} +0000`, 'Asia/Tokyo');
        expect(parseTime(`${text}Z`, 'Asia/Tokyo')).toEqual(expected);
        expect(parseTime(text, 'UTC')).toEqual(expected);
      },
    ),
    {numRuns: 3000},
  );
});

it('reads the clock of a zone', () => {
  expect(parseTime('2024-07-01 12:00:00', 'Europe/Berlin')).toEqual({epochMs: Date.UTC(2024, 6, 1, 10), zone: 'Europe/Berlin'});
  expect(parseTime('2024-07-01 12:00:00', 'Mars/Olympus')).toBeUndefined();
});

it.each(['2024-05-06 07:08:0x', '2024-05-06X07:08:09', '2024-05-06 07:08:09ZZ', '２０２４-05-06 07:08:09'])('refuses %s', text =>
  expect(parseTime(text, 'UTC')).toBeUndefined());
