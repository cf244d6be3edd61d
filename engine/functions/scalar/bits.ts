import {EvaluationError} from '#engine/base/errors.ts';
import {toInt} from '#engine/values/coercion.ts';
import {int} from '#engine/values/data-type.ts';
import {toText} from '#engine/values/text.ts';
import type {Value} from '#engine/values/value.ts';
import {param, scalar} from '../define.ts';
import type {Example, ScalarFunction} from '../function.ts';

/** A literal that no bits can be read of. */
function checkOperands(literals: readonly (Value | undefined)[]): string | undefined {
  const at = literals.findIndex(value => typeof value === 'number' && !Number.isInteger(value));
  return at < 0 ? undefined : `expect int type for parameter ${at + 1}`;
}

const operands = [param('a', 'number', 'A whole number.'), param('b', 'number', 'A whole number.')];

function bitwise(name: string, summary: string, of: (a: bigint, b: bigint) => bigint, examples: readonly Example[]): ScalarFunction {
  return scalar({
    name,
    summary,
    params: operands,
    examples,
    check: checkOperands,
    returns: int,
    call: (a: Value, b: Value) => of(wholeOperand(a, 'the first operand'), wholeOperand(b, 'the second operand')),
  });
}

function wholeOperand(value: Value, place: string): bigint {
  try {
    return toInt(value, 'strict');
  } catch {
    throw new EvaluationError(`Expect int type for ${place} but got ${toText(value)}`);
  }
}

/** The 64 bits of whole numbers; floats without fraction count as such. */
export const bitFunctions: readonly ScalarFunction[] = [
  bitwise('bitand', 'The bits that both numbers have.', (a, b) => a & b, [['bitand(10, 2)', 2n]]),
  bitwise('bitor', 'The bits that either number has.', (a, b) => a | b, [
    ['bitor(0, 2)', 2n],
    ['bitor(-10, 2)', -10n],
  ]),
  bitwise('bitxor', 'The bits that only one of the numbers has.', (a, b) => a ^ b, [['bitxor(10, 2)', 8n]]),
  scalar({
    name: 'bitnot',
    summary: 'The number with every bit turned over.',
    params: [operands[0]!],
    examples: [['bitnot(10)', -11n]],
    check: checkOperands,
    returns: int,
    call: (a: Value) => ~wholeOperand(a, 'operand'),
  }),
];
