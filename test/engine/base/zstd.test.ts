import {beforeAll, describe, expect, it} from 'vitest';
import {loadZstd, zstd} from '#engine/base/zstd.ts';

describe('zstd', () => {
  beforeAll(() => loadZstd());

  it.each([0, 1, 300, 100_000])('gives back %i bytes', length => {
    const bytes = Buffer.alloc(length, 'abc');
    expect(Buffer.from(zstd()!.decompress(zstd()!.compress(bytes), 1_000_000))).toEqual(bytes);
  });

  it('refuses what would become longer than allowed', () => {
    const bomb = zstd()!.compress(Buffer.alloc(2_000_000));
    expect(() => zstd()!.decompress(bomb, 1_000_000)).toThrow();
  });

  it.each(['', 'not zstd', '\x28\xb5\x2f\xfd\x20'])('refuses %j', text => {
    expect(() => zstd()!.decompress(Buffer.from(text, 'latin1'), 1_000_000)).toThrow();
  });
});
