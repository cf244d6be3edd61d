import {EvaluationError} from '#engine/base/errors.ts';
import {any, boolean, int, string} from '#engine/values/data-type.ts';
import {toText} from '#engine/values/text.ts';
import type {Value} from '#engine/values/value.ts';
import {family, param, repeated, scalar, scopedScalar} from '../define.ts';
import type {Scope} from '../function.ts';
import {readMetadata} from './metadata.ts';
import {surroundingsFunctions} from './surroundings.ts';
import {timeBasedUuid} from './uuid.ts';

const isnull = scalar({
  name: 'isnull',
  summary: 'Whether a value is null or missing.',
  params: [param('x', 'any', 'Any value.')],
  examples: [
    ['isnull(x)', true],
    ['isnull(x)', false, {x: 0}],
    ['isnull(x)', false, {x: []}],
  ],
  nullRule: 'seen',
  returns: boolean,
  call: (value: Value) => value === null,
});

const coalesce = scalar({
  name: 'coalesce',
  summary: 'The first of its arguments that is not null.',
  params: [repeated(param('x', 'any', 'Any value.'))],
  examples: [
    ["coalesce(x, 'dd', '1')", 'dd', {x: null}],
    ['coalesce(x)', null, {x: null}],
  ],
  nullRule: 'seen',
  returns: types => {
    const [first, ...others] = types;
    return first !== undefined && isBasic(first.kind) && others.every(type => type.kind === first.kind) ? first : any;
  },
  call: (...values: readonly Value[]) => values.find(value => value !== null) ?? null,
});

function isBasic(kind: string): boolean {
  return kind !== 'array' && kind !== 'struct';
}

const newuuid = scopedScalar({
  name: 'newuuid',
  summary: 'An identifier that nobody else gets: a UUID of version 1.',
  examples: [['length(newuuid())', 36n]],
  returns: string,
  call: (scope: Scope) => timeBasedUuid(scope.now()),
});

const tstamp = scopedScalar({
  name: 'tstamp',
  summary: 'The current time in milliseconds since 1970.',
  examples: [['tstamp() >= rule_start()', true]],
  returns: int,
  call: (scope: Scope) => scope.now(),
});

const event_time = scopedScalar({
  name: 'event_time',
  summary: 'The time of the row in milliseconds since 1970; in an aggregate query, that of the window’s end.',
  examples: [['event_time() > 0', true]],
  returns: int,
  call: (scope: Scope) => scope.timestamp,
});

const window_start = scopedScalar({
  name: 'window_start',
  summary: 'When the window began, in milliseconds since 1970; null without a window.',
  examples: [['window_start()', null]],
  returns: int,
  call: (scope: Scope) => scope.windowStart,
});

const window_end = scopedScalar({
  name: 'window_end',
  summary: 'When the window ended, in milliseconds since 1970; null without a window.',
  examples: [['window_end()', null]],
  returns: int,
  call: (scope: Scope) => scope.windowEnd,
});

const window_trigger = scopedScalar({
  name: 'window_trigger',
  summary: 'When the window was sent, in milliseconds since 1970; null without a window.',
  examples: [['window_trigger()', null]],
  returns: int,
  call: (scope: Scope) => scope.windowTrigger,
});

const rule_id = scopedScalar({
  name: 'rule_id',
  summary: 'The name of the rule.',
  examples: [['length(rule_id()) > 0', true]],
  returns: string,
  call: (scope: Scope) => scope.ruleId,
});

const rule_start = scopedScalar({
  name: 'rule_start',
  summary: 'When the rule was started, in milliseconds since 1970.',
  examples: [['rule_start() > 0', true]],
  returns: int,
  call: (scope: Scope) => scope.ruleStartMs,
});

const meta = scopedScalar({
  name: 'meta',
  summary: 'What the source tells about a message beside its payload: topic, qos, device and so on.',
  params: [
    param(
      'key',
      'reference',
      'Key or path, such as `topic` or `device->id`; after the name of a stream where several are joined; `*` for everything.',
    ),
  ],
  examples: [
    ['meta(topic)', 'devices/device_001/message'],
    ['meta(nothing)', null],
  ],
  nullRule: 'seen',
  call: (scope: Scope, path: readonly string[]) => readMetadata(scope.metadata, path),
});

const mqtt = scopedScalar({
  name: 'mqtt',
  summary: 'The topic or message identifier of an MQTT message.',
  params: [param('key', 'reference', '`topic` or `messageid`; after the name of a stream where several are joined.')],
  examples: [['mqtt(topic)', 'devices/device_001/message']],
  nullRule: 'seen',
  returns: string,
  check: ([path]) => {
    const key = Array.isArray(path) ? path.at(-1) : 'topic';
    return key === 'topic' || key === 'messageid' ? undefined : 'Parameter of mqtt function can be only topic or messageid.';
  },
  call: (scope: Scope, path: readonly string[]) => {
    const value = readMetadata(scope.metadata, path);
    if (value !== null && typeof value === 'object') throw new EvaluationError(`"${path.join('.')}" of the message is no text`);
    return value === null ? null : toText(value);
  },
});

export const otherFunctions = family('Other functions', [
  isnull,
  coalesce,
  newuuid,
  tstamp,
  event_time,
  window_start,
  window_end,
  window_trigger,
  rule_id,
  rule_start,
  mqtt,
  meta,
  ...surroundingsFunctions,
]);
