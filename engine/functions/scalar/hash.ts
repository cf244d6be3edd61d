import {createHash} from 'node:crypto';
import {crc32 as crc32Of} from 'node:zlib';
import {string} from '#engine/values/data-type.ts';
import {toText} from '#engine/values/text.ts';
import type {Value} from '#engine/values/value.ts';
import {family, param, scalar} from '../define.ts';
import type {ScalarFunction} from '../function.ts';

const s = param('s', 'string', 'A text; other values stand for their text.');

function digest(name: string, bits: number, of: string): ScalarFunction {
  return scalar({
    name,
    summary: `The ${name.toUpperCase()} hash of a text, ${bits} bits in lower-case hexadecimal.`,
    params: [s],
    examples: [[`${name}('The quick brown fox jumps over the lazy dog')`, of]],
    returns: string,
    call: (text: Value) => createHash(name).update(toText(text)).digest('hex'),
  });
}

const crc32 = scalar({
  name: 'crc32',
  summary: 'The CRC-32 (IEEE) of a text in hexadecimal, without leading zeros.',
  params: [s],
  examples: [["crc32('The quick brown fox jumps over the lazy dog')", '414fa339']],
  returns: string,
  call: (text: Value) => crc32Of(toText(text)).toString(16),
});

export const hashFunctions = family('Hash functions', [
  digest('md5', 128, '9e107d9d372bb6826bd81d3542a419d6'),
  digest('sha1', 160, '2fd4e1c67a2d28fced849ee1bb76e7391b93eb12'),
  digest('sha256', 256, 'd7a8fbb307d7809469ca9abcb0082e4f8d5651e46d3cdb762d02d0bf37c9e592'),
  digest('sha384', 384, 'ca737f1014a48f4c0b6dd43cb177b0afd9e5169367544c494011e3317dbf9a509cb1e5dc1e85a941bbee3d7f2afbc9b1'),
  digest(
    'sha512',
    512,
    '07e547d9586f6a73f73fbac0435ed76951218fb7d0c8d788a309d785436bbb642e93a252a954f23912547d1e8a3b5ed6e1bfd7097821233fa0538f3db854fee6',
  ),
  crc32,
]);
