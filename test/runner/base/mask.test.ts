import {describe, expect, it} from 'vitest';
import {maskedJson, maskText} from '#runner/base/mask.ts';

describe('maskText', () => {
  it.each([
    ['tcp://user:pa55@host:1883', 'tcp://user:******@host:1883'],
    ['Parse rule {"password":"pa55","sql":"x"} error', 'Parse rule {"password":"******","sql":"x"} error'],
    ['{"content":"{\\"token\\": \\"pa55\\"}"}', '{"content":"{\\"token\\": \\"******\\"}"}'],
    ['dial tcp 10.0.0.1:1883: refused', 'dial tcp 10.0.0.1:1883: refused'],
    ['{"topic":"password"}', '{"topic":"password"}'],
    ['{"password":"pa\\"55","a":1}', '{"password":"******","a":1}'],
    ['{"pass": 5555, "key": "shown"}', '{"pass": "******", "key": "shown"}'],
  ])('%s', (text, masked) => {
    expect(maskText(text)).toBe(masked);
  });
});

describe('maskedJson', () => {
  it.each([
    'password',
    'saslPassword',
    'PASSWORD',
    'token',
    'accessToken',
    'secret',
    'clientSecret',
    'apiKey',
    'api_key',
    'private_key',
    'privateKeyRaw',
    'credentials',
    'Authorization',
  ])('hides %s wherever it stands', key => {
    expect(maskedJson(JSON.stringify({a: [{[key]: 'pa55', topic: 't'}]}))).not.toContain('pa55');
  });

  it('shows everything else, numbers digit by digit', () => {
    expect(maskedJson('{"qos":1,"n":12345678901234567890,"server":"tcp://a","password":""}')).toBe(
      '{\n  "qos": 1,\n  "n": 12345678901234567890,\n  "server": "tcp://a",\n  "password": ""\n}',
    );
  });

  it('masks what is no JSON as text', () => {
    expect(maskedJson('mqtt://a:pa55@b')).toBe('mqtt://a:******@b');
  });
});
