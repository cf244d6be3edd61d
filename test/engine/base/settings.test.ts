import {expect, it} from 'vitest';
import {readSettings, text} from '#engine/base/settings.ts';

it('a bad secret is refused without being repeated', () => {
  const settings = {password: text('Password.', {default: '', secret: true}), server: text('Address.', {default: ''})};
  expect(() => readSettings(settings, {password: 4711, server: 5}, 'mqtt source')).toThrow(
    'mqtt source: password: expected a string, which digits need quotes for; mqtt source: server: expected a string, got 5',
  );
});
