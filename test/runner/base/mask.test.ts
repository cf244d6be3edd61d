import {describe, expect, it} from 'vitest';
import {maskEcho, maskedJson, maskText} from '#runner/base/mask.ts';

describe('maskText', () => {
  it.each([
    ['tcp://user:pa55@host:1883', 'tcp://user:******@host:1883'],
    ['Parse rule {"password":"pa55","sql":"x"} error', 'Parse rule {"password":"******","sql":"x"} error'],
    ['{"content":"{\\"token\\": \\"pa55\\"}"}', '{"content":"{\\"token\\": \\"******\\"}"}'],
    ['dial tcp 10.0.0.1:1883: refused', 'dial tcp 10.0.0.1:1883: refused'],
    ['{"topic":"password"}', '{"topic":"password"}'],
    ['{"password":"pa\\"55","a":1}', '{"password":"******","a":1}'],
    ['{"pass": 5555, "key": "shown"}', '{"pass": "******", "key": "shown"}'],
    ['mqtts://user:p@ss:w/rd@host:8883/x', 'mqtts://user:******@host:8883/x'],
    ['amqp://:pa55@host', 'amqp://:******@host'],
    ['redis://u:p%40ss@h:6379/0 and http://10.0.0.1:9081/rules', 'redis://u:******@h:6379/0 and http://10.0.0.1:9081/rules'],
    ['https://ghp_0123456789abcdef0123@host/x.zip', 'https://******@host/x.zip'],
    ['mqtt://user@host', 'mqtt://user@host'],
    ['root:pa55@tcp(10.0.0.1:3306)/db?tls=true', 'root:******@tcp(10.0.0.1:3306)/db?tls=true'],
    ['GET https://h/x?a=1&token=pa55&sig=pa55#end', 'GET https://h/x?a=1&token=******&sig=******#end'],
    ['map[password:pa55 server:tcp://a topic:t]', 'map[password:****** server:tcp://a topic:t]'],
    ['{Username:me Password:pa55}', '{Username:me Password:******}'],
    ['env DB_PASSWORD=pa55 x', 'env DB_PASSWORD=****** x'],
    ['Authorization: Bearer abc123def456', 'Authorization: Bearer ******'],
    ['headers map[Authorization:Basic bWU6cGE1NQ== Accept:*/*]', 'headers map[Authorization:****** ****** Accept:*/*]'],
    ['token eyJhbGciOiJS.eyJpc3MiOiJ4.c2lnbmF0dXJl is expired', 'token ****** is expired'],
    ['key -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- end', 'key ****** end'],
    ['Basic authentication failed, validate token error: expired', 'Basic authentication failed, validate token error: expired'],
    ['stream demo: key=id, tokens:5', 'stream demo: key=id, tokens:5'],
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

  it('hides everything below a secret key, and secrets inside texts', () => {
    const text = maskedJson(
      '{"credentials":{"user":"pa55","list":["pa55",55]},"headers":{"Authorization":"Bearer pa55","X-Api-Key":"pa55","Accept":"*/*"},"url":"mqtts://u:pa55@h","body":"{\\"password\\":\\"pa55\\"}"}',
    );
    expect(text).not.toContain('55');
    expect(text).toContain('"Accept": "*/*"');
    expect(text).toContain('mqtts://u:******@h');
  });

  it('masks what is no JSON as text', () => {
    expect(maskedJson('mqtt://a:pa55@b')).toBe('mqtt://a:******@b');
  });
});

describe('maskEcho', () => {
  it('hides the secrets of a body in whatever form they come back', () => {
    const body = JSON.stringify({action: {rest: {headers: {Authorization: 'a b<c'}, url: 'https://me:u7l@h'}}, saslPassword: 123456});
    const echoes = ['a b<c', 'a b\\u003cc', 'a%20b%3Cc', '123456', 'u7l@'];
    expect(maskEcho(echoes.join(' | '), body)).not.toMatch(/a b|a%20b|123456/);
    expect(maskEcho('url https://me:u7l@h failed', body)).toBe('url https://me:******@h failed');
  });

  it('hides what stands in JSON inside JSON, and takes what no URL can spell', () => {
    const password = 'pa"5<5\ud800';
    const body = JSON.stringify({password});
    const echo = JSON.stringify({message: JSON.stringify({said: password})});
    expect(maskEcho(echo, body)).toBe(JSON.stringify({message: JSON.stringify({said: '******'})}));
  });

  it('leaves short values alone, which are words like any other', () => {
    expect(maskEcho('no is no', '{"password":"no"}')).toBe('no is no');
  });

  it('takes a body that is no JSON', () => {
    expect(maskEcho('x', 'password=1')).toBe('x');
  });
});
