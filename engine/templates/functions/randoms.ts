import {EvaluationError} from '#engine/base/errors.ts';
import {randomBytes, randomFraction, randomId} from '#engine/base/random.ts';
import {checkLengthOf} from '../budget.ts';
import type {TemplateValue} from '../template-value.ts';
import {define, intArgument, type TemplateFamily, textArgument} from './template-function.ts';

const digits = '0123456789';
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const visible = Array.from({length: 95}, (_, i) => String.fromCharCode(32 + i)).join('');

/** Sprig's random values. */
export const randomFunctions: TemplateFamily = {
  title: 'Random values',
  functions: {
    uuidv4: define('A random UUID.', '{{len uuidv4}}', 0, randomId),
    randAlphaNum: define('So many random letters and digits.', '{{len (randAlphaNum 8)}}', 1, count => randomText(count, digits + letters)),
    randAlpha: define('So many random letters.', '{{len (randAlpha 8)}}', 1, count => randomText(count, letters)),
    randNumeric: define('So many random digits.', '{{len (randNumeric 8)}}', 1, count => randomText(count, digits)),
    randAscii: define('So many random visible characters.', '{{len (randAscii 8)}}', 1, count => randomText(count, visible)),
    randBytes: define('So many random bytes in base64.', '{{len (randBytes 3)}}', 1, count => Buffer.from(bytes(count)).toString('base64')),
    randInt: define('A random int from one number up to another.', '{{randInt 5 6}}', 2, (least, end) => {
      const width = intArgument(end) - intArgument(least);
      if (width <= 0) throw new EvaluationError(`no int lies from ${intArgument(least)} up to ${intArgument(end)}`);
      return BigInt(intArgument(least) + Math.floor(randomFraction() * width));
    }),
    shuffle: define('The characters of a text in random order.', '{{len (shuffle "valve")}}', 1, text =>
      shuffled(Array.from(textArgument(text))),
    ),
  },
};

function bytes(count: TemplateValue): Uint8Array {
  const length = intArgument(count);
  if (length < 0) throw new EvaluationError(`cannot make ${length} random bytes`);
  checkLengthOf(length);
  return randomBytes(length);
}

/** Even: bytes beyond the last whole number of alphabets are drawn again. */
function randomText(count: TemplateValue, alphabet: string): string {
  const wanted = intArgument(count);
  const end = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < wanted) {
    for (const byte of bytes(BigInt(wanted - text.length))) if (byte < end) text += alphabet[byte % alphabet.length];
  }
  return text;
}

/** Fisher and Yates. */
function shuffled(signs: string[]): string {
  for (let i = signs.length - 1; i > 0; i--) {
    const other = Math.floor(randomFraction() * (i + 1));
    [signs[i], signs[other]] = [signs[other]!, signs[i]!];
  }
  return signs.join('');
}
