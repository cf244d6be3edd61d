import {describe, expect, it} from 'vitest';
import type {Catalog} from '#engine/catalog/catalog.ts';
import {selectedConnection} from '#engine/runtime/selected-connection.ts';

const catalog = {
  connection: (type: string, selector: string) => (type === 'mqtt' && selector === 'plant' ? {server: 'tcp://plant:1883'} : undefined),
} as Catalog;

describe('connectionSelector', () => {
  it('adds nothing where it is absent or empty', () => {
    expect(selectedConnection(catalog, 'mqtt', {}, 'mqtt sink')).toEqual({});
    expect(selectedConnection(catalog, 'mqtt', {connectionSelector: ''}, 'mqtt sink')).toEqual({});
  });

  it('gives the properties of the connection it names, in any case of its own name', () => {
    expect(selectedConnection(catalog, 'mqtt', {ConnectionSelector: 'plant'}, 'mqtt sink')).toEqual({server: 'tcp://plant:1883'});
  });

  it('refuses a connection nobody declared, and says where to declare it', () => {
    expect(() => selectedConnection(catalog, 'mqtt', {connectionSelector: 'plnat'}, 'mqtt sink')).toThrow(
      expect.objectContaining({
        message: 'mqtt sink: connectionSelector: connection "plnat" is not declared',
        hint: expect.stringContaining('connection.yaml'),
      }),
    );
  });
});
