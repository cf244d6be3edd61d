import type {AnalyticFunction, ScalarFunction, WindowFunction} from '#engine/functions/function.ts';
import type {FunctionCall} from '#engine/language/ast/expression.ts';
import type {Span} from '#engine/language/ast/span.ts';
import {int} from '#engine/values/data-type.ts';
import type {Value} from '#engine/values/value.ts';
import type {BoundExpression} from '../bound-expression.ts';
import type {Binder} from './binder.ts';
import type {Site} from './site.ts';

/** Binds the call of an analytic function whose arguments are bound; what stands in its OVER sees single rows as they do. */
export function bindAnalytic(
  call: FunctionCall,
  definition: AnalyticFunction,
  values: readonly BoundExpression[],
  literals: readonly (Value | undefined)[],
  site: Site,
  binder: Binder,
): BoundExpression {
  const inner: Site = {...site, isPart: true, aggregate: definition.name};
  return binder.analyticSlot({
    definition,
    arguments: values,
    partitionBy: (call.over?.partitionBy ?? []).map(item => binder.bind(item, inner)),
    when: call.over?.when && binder.bind(call.over.when, inner),
    type: definition.returns(
      values.map(value => value.type),
      literals,
    ),
    span: call.span,
  });
}

/** Binds a window function: it numbers what HAVING has left, so only SELECT can ask for it. */
export function bindWindowFunction(call: FunctionCall, definition: WindowFunction, site: Site, binder: Binder): BoundExpression {
  if (site.clause !== 'SELECT' || site.aggregate !== undefined) {
    const place = site.aggregate === undefined ? site.clause : `the argument of ${site.aggregate}()`;
    return binder.wrong(`"${definition.name}" cannot stand in ${place}`, call.span, 'Window functions belong to the fields of SELECT.');
  }
  const inner: Site = {...site, isPart: true};
  return binder.windowFunctionSlot({
    definition,
    partitionBy: (call.over?.partitionBy ?? []).map(item => binder.bind(item, inner)),
    orderBy: (call.over?.orderBy ?? []).map(({expression, descending}) => ({expression: binder.bind(expression, inner), descending})),
    type: int,
    span: call.span,
  });
}

/** A function that asks how often a condition was true: notes it, and refuses the places where no condition tells. */
export function noteHits({name, needs}: ScalarFunction, span: Span, site: Site, binder: Binder): void {
  if (needs === 'hits') {
    binder.hitCalls.push({name, span, clause: site.clause});
    return;
  }
  binder.usesAggregateHits = true;
  const mayStand = site.aggregate === undefined && (site.clause === 'SELECT' || site.clause === 'HAVING');
  if (!mayStand) binder.problems.mistake(`"${name}" cannot stand in ${site.clause}`, span, 'It belongs to SELECT and HAVING.');
}
