import {describe, expect, it} from 'vitest';
import {environmentOverrides, withOverrides} from '#engine/base/environment-overrides.ts';

describe('environmentOverrides', () => {
  it.each([
    {text: '1', value: 1},
    {text: '-7', value: -7},
    {text: '1.5', value: 1.5},
    {text: '1e3', value: 1000},
    {text: 'true', value: true},
    {text: 'False', value: false},
    {text: 'tcp://broker:1883', value: 'tcp://broker:1883'},
    {text: '', value: ''},
    {text: '12345678901234567890123', value: 1.2345678901234568e22},
    {text: '[]', value: []},
    {text: '[a, 2,true]', value: ['a', 2, true]},
  ])('reads "$text"', ({text, value}) => {
    expect(environmentOverrides({MQTT_SOURCE__DEFAULT__X: text}, 'mqtt_source')).toEqual([
      {variable: 'MQTT_SOURCE__DEFAULT__X', path: ['default', 'x'], text, value},
    ]);
  });
});

describe('withOverrides', () => {
  const override = (path: string, text: string) => environmentOverrides({[`F__${path}`]: text}, 'f');

  it('keeps the spelling of the file and leaves the file as it is', () => {
    const file = {default: {clientId: 'a'}};
    expect(withOverrides(file, override('DEFAULT__CLIENTID', 'b'))).toEqual({default: {clientId: 'b'}});
    expect(file).toEqual({default: {clientId: 'a'}});
  });

  it('makes sections that are not there', () => {
    expect(withOverrides({}, override('EDGE__QOS', '2'))).toEqual({edge: {qos: 2}});
  });

  it('keeps a string of digits where the file has a string', () => {
    expect(withOverrides({default: {password: 'x'}}, override('DEFAULT__PASSWORD', '0123'))).toEqual({default: {password: '0123'}});
  });

  it('does not reach a prototype', () => {
    withOverrides({}, environmentOverrides({F____proto____polluted: '1', F__constructor__prototype__polluted: '1'}, 'f'));
    expect(Object.prototype).not.toHaveProperty('polluted');
  });
});
