import zlib from 'node:zlib';
import {EvaluationError, messageOf} from '#engine/base/errors.ts';
import {zstd} from '#engine/base/zstd.ts';
import {bytea} from '#engine/values/data-type.ts';
import {describe} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';
import {param, scalar} from '../define.ts';
import type {ScalarFunction} from '../function.ts';

interface Codec {
  readonly compress: (bytes: Uint8Array) => Uint8Array;
  readonly decompress: (bytes: Uint8Array) => Uint8Array;
}

/** A few bytes may stand for gigabytes: what becomes longer is refused. */
const mostBytes = 64 * 1024 * 1024;
const bounded = {maxOutputLength: mostBytes};

const codecs: ReadonlyMap<Value, Codec> = new Map<Value, Codec>([
  ['zlib', {compress: zlib.deflateSync, decompress: bytes => zlib.inflateSync(bytes, bounded)}],
  ['gzip', {compress: zlib.gzipSync, decompress: bytes => zlib.gunzipSync(bytes, bounded)}],
  ['flate', {compress: zlib.deflateRawSync, decompress: bytes => zlib.inflateRawSync(bytes, bounded)}],
]);

const noZstd = 'zstd is not loaded: use zlib, gzip or flate';

function zstdCodec(): Codec | undefined {
  const codec = zstd();
  return codec && {compress: codec.compress, decompress: bytes => codec.decompress(bytes, mostBytes)};
}

function codecOf(method: Value, what: string): Codec {
  const codec = method === 'zstd' ? zstdCodec() : codecs.get(method);
  if (codec !== undefined) return codec;
  throw new EvaluationError(method === 'zstd' ? noZstd : `unsupported ${what}: ${describe(method)}: expected zlib, gzip, flate or zstd`);
}

function bytesOf(value: Value): Uint8Array {
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'string') return Buffer.from(value);
  throw new EvaluationError(`require string or bytea parameter, but got ${describe(value)}`);
}

const data = param('data', 'any', 'A text or bytes.');
const method = param('method', 'string', '`zlib`, `gzip`, `flate` or `zstd`.');

/** What is asked for and cannot be done here. */
const lacks: ScalarFunction['lacks'] = ([, name]) => (name === 'zstd' && zstd() === undefined ? noZstd : undefined);

const compress = scalar({
  name: 'compress',
  summary: 'The bytes of a text, or bytes, compressed; null of null.',
  params: [data, method],
  examples: [["cast(decompress(compress('hello world', 'zlib'), 'zlib'), 'string')", 'hello world']],
  nullRule: 'seen',
  returns: bytea,
  lacks,
  call: (value: Value, name: Value) => {
    if (value === null) return null;
    return codecOf(name, 'compressor').compress(bytesOf(value));
  },
});

const decompress = scalar({
  name: 'decompress',
  summary: `The bytes that compressed ones stand for, at most ${mostBytes / 1024 / 1024} MB; null of null.`,
  params: [data, method],
  examples: [["cast(decompress(decode('eJzLSM3JyQcABiwCFQ==', 'base64'), 'zlib'), 'string')", 'hello']],
  nullRule: 'seen',
  returns: bytea,
  lacks,
  call: (value: Value, name: Value) => {
    if (value === null) return null;
    const {decompress: expand} = codecOf(name, 'decompressor');
    const bytes = bytesOf(value);
    try {
      return expand(bytes);
    } catch (thrown) {
      throw new EvaluationError(`fail to decompress by ${String(name)}: ${messageOf(thrown)}`);
    }
  },
});

export const compressionFunctions: readonly ScalarFunction[] = [compress, decompress];
