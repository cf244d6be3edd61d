import {EvaluationError} from '#engine/base/errors.ts';
import {pause} from '#engine/base/pause.ts';
import {environmentProperty} from '#engine/base/properties.ts';
import {toInt} from '#engine/values/coercion.ts';
import {string} from '#engine/values/data-type.ts';
import {toPlainText} from '#engine/values/text.ts';
import {describe} from '#engine/values/type-name.ts';
import type {Value} from '#engine/values/value.ts';
import {impureScalar, param, scopedScalar, typeOfArgument} from '../define.ts';
import type {ScalarFunction, Scope} from '../function.ts';
import {castTargets} from './cast-target.ts';
import {snowflake} from './snowflake.ts';

const stateTypes = [...castTargets.keys()].filter(name => name !== 'bytea');

const get_keyed_state = scopedScalar({
  name: 'get_keyed_state',
  summary: 'What the engine remembers under a key, converted to a type; the default where it remembers nothing.',
  params: [
    param('key', 'string', 'The key.'),
    param('type', 'string', `One of ${stateTypes.join(', ')}.`),
    param('default', 'any', 'What to give for an unknown key.'),
  ],
  examples: [
    ["get_keyed_state('unknown', 'bigint', 7)", 7n],
    ["get_keyed_state('unknown', 'string', x)", null, {x: null}],
  ],
  nullRule: 'seen',
  check: ([, type]) =>
    type === undefined || stateTypes.includes(type as string)
      ? undefined
      : `expect one of following value for the 2nd parameter: ${stateTypes.join(', ')}`,
  call: (scope: Scope, key: Value, type: Value, absent: Value) => {
    if (typeof key !== 'string') throw new EvaluationError(`key ${describe(key)} is not a string`);
    const target = typeof type === 'string' && stateTypes.includes(type) ? castTargets.get(type) : undefined;
    if (target === undefined) throw new EvaluationError(`expect one of following value for the 2nd parameter: ${stateTypes.join(', ')}`);
    const value = scope.keyedState?.get(key);
    return value === undefined ? absent : target.convert(value, scope);
  },
});

/** Longer waits would hold up every other rule. */
const longestMs = 100;

const delay = impureScalar({
  name: 'delay',
  summary: `The second argument, after a wait that holds up all rules: at most ${longestMs} ms, whatever is asked for. Meant for tests.`,
  params: [param('ms', 'number', 'How long to wait, in milliseconds.'), param('x', 'any', 'What to give.')],
  examples: [["delay(1, 'bar')", 'bar']],
  returns: typeOfArgument(1),
  call: (ms: Value, value: Value) => {
    const wanted = Number(toInt(ms, 'same-kind'));
    if (wanted < 0) throw new EvaluationError(`a delay of ${wanted} ms: expected 0 or more`);
    pause(Math.min(wanted, longestMs));
    return value;
  },
});

const props = scopedScalar({
  name: 'props',
  summary:
    'A property of the surroundings: `et` the time in milliseconds as text, `snowflake` a unique number as text, or one set from outside.',
  params: [param('name', 'string', '`et`, `snowflake`, or `x` for what the environment variable `KUIPER_PROPS_X` holds.')],
  examples: [
    ["props('et')", '1700000002000'],
    ["length(props('snowflake')) > 10", true],
  ],
  returns: string,
  call: (scope: Scope, name: Value) => {
    if (typeof name !== 'string') throw new EvaluationError(`invalid input ${toPlainText(name)}: must be property name of string type`);
    if (name === 'et') return String(Math.floor(scope.now()));
    if (name === 'snowflake') return String(snowflake(scope.now()));
    const value = environmentProperty(name);
    if (value === undefined)
      throw new EvaluationError(`property "${name}" is not set: expected "et", "snowflake" or the rest of a variable KUIPER_PROPS_…`);
    return value;
  },
});

export const surroundingsFunctions: readonly ScalarFunction[] = [get_keyed_state, delay, props];
