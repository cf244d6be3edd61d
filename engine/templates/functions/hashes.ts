import {createCipheriv, createDecipheriv, createHash} from 'node:crypto';
import {EvaluationError} from '#engine/base/errors.ts';
import {randomBytes} from '#engine/base/random.ts';
import {decodeBase64} from '#engine/values/coercion.ts';
import {define, type TemplateFamily, textArgument} from './template-function.ts';

/** Sprig's checksums and its encryption. */
export const hashFunctions: TemplateFamily = {
  title: 'Hashes and encryption',
  functions: {
    sha1sum: define('SHA-1 in hexadecimal.', '{{sha1sum "abc"}}', 1, text => digest('sha1', textArgument(text))),
    sha256sum: define('SHA-256 in hexadecimal.', '{{sha256sum "abc"}}', 1, text => digest('sha256', textArgument(text))),
    sha512sum: define('SHA-512 in hexadecimal.', '{{sha512sum "abc" | trunc 16}}', 1, text => digest('sha512', textArgument(text))),
    adler32sum: define('The Adler-32 checksum as a number in digits.', '{{adler32sum "abc"}}', 1, text =>
      String(adler32(Buffer.from(textArgument(text)))),
    ),
    encryptAES: define(
      'AES-256-CBC with a key of the first 32 bytes of a text, in base64.',
      '{{encryptAES "key" "abc" | decryptAES "key"}}',
      2,
      (key, text) => {
        const start = randomBytes(blockSize);
        const cipher = createCipheriv(algorithm, keyOf(textArgument(key)), start);
        return Buffer.concat([start, cipher.update(textArgument(text), 'utf8'), cipher.final()]).toString('base64');
      },
    ),
    decryptAES: define(
      'What `encryptAES` encrypted.',
      '{{decryptAES "secretkey" "30tEfhuJSVRhpG97XCuWgz2okj7L8vQ1s6V9zVUPeDQ="}}',
      2,
      (key, text) => decrypted(textArgument(key), textArgument(text)),
    ),
  },
};

const algorithm = 'aes-256-cbc';
const blockSize = 16;

function digest(name: string, text: string): string {
  return createHash(name).update(text).digest('hex');
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}

function keyOf(text: string): Uint8Array {
  const key = new Uint8Array(32);
  key.set(Buffer.from(text).subarray(0, key.length));
  return key;
}

function decrypted(key: string, text: string): string {
  const bytes = decodeBase64(text);
  if (bytes === undefined || bytes.length < 2 * blockSize) throw new EvaluationError('the text is not what encryptAES makes');
  try {
    const cipher = createDecipheriv(algorithm, keyOf(key), bytes.subarray(0, blockSize));
    return Buffer.concat([cipher.update(bytes.subarray(blockSize)), cipher.final()]).toString();
  } catch {
    throw new EvaluationError('the text was not encrypted with this key');
  }
}
