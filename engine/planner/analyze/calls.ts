import {nearest} from '#engine/base/nearest.ts';
import {checkCall} from '#engine/functions/check-call.ts';
import type {FunctionDefinition, Parameter} from '#engine/functions/function.ts';
import {findFunction, functionNames} from '#engine/functions/registry.ts';
import type {Expression, FunctionCall} from '#engine/language/ast/expression.ts';
import {struct} from '#engine/values/data-type.ts';
import type {Value} from '#engine/values/value.ts';
import type {BoundExpression} from '../bound-expression.ts';
import {languageFunctions} from '../unsupported.ts';
import {bindAggregate} from './aggregates.ts';
import {bindAnalytic, bindWindowFunction, noteHits} from './analytics.ts';
import type {Binder} from './binder.ts';
import {overSources} from './join-metadata.ts';
import {bindMetadata} from './metadata.ts';
import type {Site} from './site.ts';
import {nullLiteral} from './types.ts';

/** Binds a call: finds its function, then checks where it stands, its suffixes and its arguments. */
export function bindCall(call: FunctionCall, site: Site, binder: Binder): BoundExpression {
  const definition = findFunction(call.name);
  if (definition === undefined) return refuseUnknown(call, binder);
  if (!checkSuffixes(call, definition, binder)) return nullLiteral(call.span);
  if (definition.kind === 'table' || definition.kind === 'columns' || definition.kind === 'trigger') {
    return refuseFieldCall(call, definition.name, site, binder);
  }
  const bound = bindArguments(call, definition, site, binder);
  if (bound === undefined) return nullLiteral(call.span);
  const {values, literals} = bound;
  switch (definition.kind) {
    case 'scalar':
      if (definition.needs !== undefined) noteHits(definition, call.span, site, binder);
      return overSources(
        {
          kind: 'call',
          definition,
          arguments: values,
          type: definition.returns(
            values.map(value => value.type),
            literals,
          ),
          span: call.span,
        },
        binder.columns,
      );
    case 'aggregate':
      return bindAggregate(call, definition, values, literals, site, binder);
    case 'analytic':
      return bindAnalytic(call, definition, values, literals, site, binder);
    case 'window':
      return bindWindowFunction(call, definition, site, binder);
  }
}

/** The arguments of a call and, of those that are literals, the values; undefined when they do not fit (reported). */
export function bindArguments(
  call: FunctionCall,
  definition: FunctionDefinition,
  site: Site,
  binder: Binder,
): {readonly values: readonly BoundExpression[]; readonly literals: readonly (Value | undefined)[]} | undefined {
  const takesRows = definition.kind === 'aggregate' || definition.kind === 'analytic';
  const inner: Site = {...site, isPart: true, ...(takesRows && {aggregate: definition.name})};
  const values = call.arguments.map((argument, i) => bindArgument(argument, parameterAt(definition, i), inner, definition, binder));
  const literals = values.map(literalValue);
  const complaint = checkCall(definition, literals);
  const lacking = complaint === undefined ? definition.lacks?.(literals) : undefined;
  if (lacking !== undefined) {
    binder.problems.unsupported('function', call.span, `${definition.name}(): ${lacking}`);
    return undefined;
  }
  if (complaint === undefined) return {values, literals};
  binder.problems.mistake(`${definition.name}(): ${asReason(complaint)}`, call.span, signature(definition));
  return undefined;
}

function refuseUnknown(call: FunctionCall, binder: Binder): BoundExpression {
  const name = call.name.toLowerCase();
  if (languageFunctions.has(name)) {
    binder.problems.unsupported('function', call.span, `${name}() is not supported yet`);
    return nullLiteral(call.span);
  }
  const near = nearest(name, functionNames());
  return binder.wrong(`function "${call.name}" does not exist`, call.span, near === undefined ? undefined : `Did you mean "${near}"?`);
}

export function checkSuffixes(call: FunctionCall, {kind, name}: FunctionDefinition, binder: Binder): boolean {
  const complain = (reason: string, span = call.span, hint?: string): false => {
    binder.problems.mistake(reason, span, hint);
    return false;
  };
  const {over} = call;
  if (over !== undefined) {
    const {partitionBy, when, orderBy, span} = over;
    if (kind !== 'analytic' && kind !== 'window') return complain(`OVER belongs to analytic functions, "${name}" is none`, span);
    if (kind === 'analytic' && orderBy.length > 0) return complain(`"${name}" sees rows as they come: its OVER takes no ORDER BY`, span);
    if (kind === 'window' && when !== undefined) return complain(`the OVER of "${name}" takes no WHEN`, when.span);
    if (partitionBy.length === 0 && when === undefined && orderBy.length === 0)
      return complain('OVER is empty', span, `Write ${kind === 'window' ? 'PARTITION BY or ORDER BY' : 'PARTITION BY or WHEN'} in it.`);
  }
  if (call.distinct && kind !== 'aggregate') return complain(`DISTINCT belongs to aggregates, "${name}" is none`);
  if (call.filter !== undefined && kind !== 'aggregate')
    return complain(`FILTER belongs to aggregates, "${name}" is none`, call.filter.span);
  return true;
}

function bindArgument(
  argument: Expression,
  parameter: Parameter | undefined,
  site: Site,
  definition: FunctionDefinition,
  binder: Binder,
): BoundExpression {
  if (parameter?.type === 'reference') {
    const path = bindMetadata(argument, binder.columns);
    return (
      path ??
      binder.wrong(`${definition.name}() takes the key of a metadata entry`, argument.span, `Write ${definition.name}(topic), for example.`)
    );
  }
  if (argument.kind !== 'wildcard') return binder.bind(argument, site);
  if (parameter !== undefined && parameter.type !== 'any' && parameter.type !== 'object') {
    return binder.wrong(`${definition.name}() does not take "*" as parameter "${parameter.name}"`, argument.span, 'Name a column.');
  }
  const source = argument.stream === undefined ? undefined : binder.columns.source(argument.stream);
  if (argument.stream !== undefined && source === undefined)
    return binder.wrong(`"${argument.stream}" is not a stream of this statement`, argument.span);
  const replace = argument.replace.map(item => ({name: item.alias, expression: binder.bind(item.expression, site)}));
  return {
    kind: 'star',
    stream: source?.id,
    except: argument.except,
    type: struct(),
    span: argument.span,
    ...(replace.length > 0 && {replace}),
  };
}

/** Functions that make rows or columns, or hold rows back, are fields of their own (`bindFieldCall`): nowhere else. */
function refuseFieldCall(call: FunctionCall, name: string, site: Site, binder: Binder): BoundExpression {
  if (site.clause !== 'SELECT') return binder.wrong(`"${name}" cannot stand in ${site.clause}`, call.span, 'It belongs to SELECT.');
  if (site.isPart) return binder.wrong(`"${name}" cannot stand inside an expression`, call.span, 'It must be a field of its own.');
  return binder.wrong(
    `the alias of "${name}" cannot be used in other expressions`,
    call.span,
    'Its value is known only when the result is made; give it another name if you mean a column.',
  );
}

function parameterAt({params}: FunctionDefinition, position: number): Parameter | undefined {
  const last = params.at(-1);
  return params[position] ?? (last?.repeated ? last : undefined);
}

/** The value of a literal in the untyped form, or the path of a reference; undefined for anything else. */
function literalValue(node: BoundExpression): Value | undefined {
  if (node.kind === 'metadata') return node.path;
  if (node.kind !== 'literal') return undefined;
  return node.type.kind === 'int' && typeof node.value === 'number' ? BigInt(node.value) : node.value;
}

/** How a function is called, for hints: `round(x [, digits])`. */
function signature({name, params}: FunctionDefinition): string {
  const list = params.map((param, i) => {
    const text = `${i > 0 ? ', ' : ''}${param.name}${param.repeated ? ', …' : ''}`;
    return param.optional ? ` [${text}]` : text;
  });
  return `It is written ${name}(${list.join('')}).`;
}

/** A complaint in eKuiper's words as a reason of ours: no capital, no full stop. */
function asReason(complaint: string): string {
  return complaint.charAt(0).toLowerCase() + complaint.slice(1).replace(/\.$/, '');
}
