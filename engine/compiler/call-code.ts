import type {ScalarFunction} from '#engine/functions/function.ts';
import type {BoundScalarCall} from '#engine/planner/bound-expression.ts';
import {type Code, type Compile, hold, type Site, untypedName} from './code.ts';
import {namedCall} from './named-call.ts';

const nullResults = {null: 'null', false: 'false', zero: '0', seen: ''} as const;

/** A call of a scalar function: its null rule first, then the kernel for its argument types or the general form. */
export function callCode(node: BoundScalarCall, site: Site, compile: Compile): Code {
  const {definition} = node;
  const values = node.arguments.map(argument => compile(argument, site));
  if (definition.usesScope) site.usesScope();
  const held = values.map(value => hold(value, site));
  const names = held.map(one => one.name);
  const before = held.map(one => one.before).join('');
  const checks = definition.nullRule !== 'seen';
  const kernel = definition.usesScope ? undefined : definition.kernels?.find(({kinds}) => matches(kinds, values));
  const general = invoke(
    definition.call,
    names.map((name, i) => untypedName(name, values[i]!, site)),
    definition,
    site,
  );
  const isNull = values.flatMap((value, i) => nullTest(names[i]!, value, checks, site));
  const onNull = checks ? nullResult(definition, node) : general;
  const result = kernel === undefined ? general : invoke(kernel.call, names, definition, site);
  const needsTest = isNull.length > 0 && (checks || kernel !== undefined);
  const body = needsTest ? `${isNull.join(' || ')} ? ${onNull} : ${result}` : result;
  return {
    text: `(${before}${body})`,
    type: node.type,
    nullable: node.type.kind !== 'boolean' || definition.nullRule !== 'false',
    simple: false,
    fails: site.swallow === undefined || values.some(value => value.fails),
  };
}

function invoke(call: ScalarFunction['call'], values: readonly string[], {name, usesScope}: ScalarFunction, site: Site): string {
  const all = usesScope ? ['scope', ...values] : values;
  const text = `${site.emission.shared(namedCall(name, call, all.length))}(${all.join(', ')})`;
  return site.swallow === undefined ? text : site.emission.call('attempt', `() => ${text}`, site.swallow);
}

/** Zero in the form of the node's type: an int 0 is a bigint in an untyped slot. */
function nullResult({nullRule}: ScalarFunction, {type}: BoundScalarCall): string {
  return nullRule === 'zero' && type.kind === 'any' ? '0n' : nullResults[nullRule];
}

function nullTest(name: string, value: Code, emptyToo: boolean, site: Site): readonly string[] {
  const {kind} = value.type;
  const mayBeEmpty = kind === 'any' || kind === 'array' || kind === 'struct';
  if (emptyToo && mayBeEmpty) return [site.emission.call('countsAsNull', name)];
  return value.nullable ? [`${name} === null`] : [];
}

function matches(kinds: readonly string[], values: readonly Code[]): boolean {
  return kinds.length === values.length && kinds.every((kind, i) => kind === values[i]!.type.kind);
}
