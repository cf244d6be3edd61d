import fc from 'fast-check';
import type {BinaryOperator, Expression, OrderItem, OverClause, Wildcard} from '#engine/language/ast/expression.ts';
import * as make from '#engine/language/ast/factories.ts';
import type {ColumnType, CreateStatement, SelectStatement, Statement, WindowClause} from '#engine/language/ast/statement.ts';

const span = {start: 0, end: 0, line: 1, column: 1};

/** Names that need back-quotes and names that do not, keywords and contextual words among them. */
export const anyName: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{0,5}$/),
  fc.constantFrom(
    'from',
    'SELECT',
    'end',
    'ms',
    'NULL',
    'is',
    'Distinct',
    'outer',
    'nulls',
    'first',
    'with',
    'stream',
    'create',
    'a b',
    '温度',
    '1st',
    '_x',
    '$',
    'a--b',
    '/*',
  ),
  fc.string({minLength: 1, maxLength: 4, unit: 'grapheme'}).filter(name => !name.includes('`')),
);

const windowNames = /^(tumbling|hopping|sliding|session|count|state)window$/i;
const functionName = anyName.filter(name => !windowNames.test(name));

const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({maxLength: 8, unit: 'grapheme'}),
  fc.string({maxLength: 8, unit: 'binary'}).filter(text => !/[\ud800-\udfff]/.test(text)),
  fc.constantFrom("it's", '"', '\\', '\\d+', '\n\r\t\x00\x7f', "--'/*"),
);

const floatText = fc.constantFrom('0.5', '.5', '5.', '1e3', '1.5E-2', '2.50', '5.e+1');

const literal: fc.Arbitrary<Expression> = fc.oneof(
  fc
    .oneof(fc.integer(), fc.maxSafeInteger(), fc.bigInt({min: -(2n ** 63n), max: 2n ** 63n - 1n}))
    .map(value => make.number(String(value), span)),
  fc.tuple(fc.constantFrom('', '-'), floatText).map(([sign, digits]) => make.number(sign + digits, span)),
  anyText.map(value => make.string(value, span)),
  fc.boolean().map(value => make.boolean(value, span)),
  fc.constant(make.nullLiteral(span)),
);

const binaryOperators: readonly BinaryOperator[] = ['+', '-', '*', '/', '%', '&', '|', '^', '=', '!=', '<', '<=', '>', '>=', 'AND', 'OR'];

/** A type, not an interface: fast-check asks for an index signature. */
type Trees = {
  expression: Expression;
  /** What may stand to the right of IN without parentheses. */
  set: Expression;
  call: Expression;
  wildcard: Wildcard;
  over: OverClause;
};

const {expression, over, wildcard} = fc.letrec<Trees>(tie => {
  const inner = tie('expression');
  const maybe = fc.option(inner, {nil: undefined});
  const column = anyName.map(name => make.column(name, span));
  const order: fc.Arbitrary<OrderItem> = fc
    .tuple(inner, fc.boolean())
    .filter(([node]) => !['integer', 'float', 'string', 'boolean', 'null'].includes(node.kind))
    .map(([node, descending]) => make.orderItem(node, descending));
  const caseOf = fc
    .tuple(maybe, fc.array(fc.tuple(inner, inner), {minLength: 1, maxLength: 2}), maybe)
    .map(([operand, branches, otherwise]) =>
      make.caseOf(
        operand,
        branches.map(([when, then]) => make.branch(when, then)),
        otherwise,
        span,
      ),
    );
  const bracketed = (target: fc.Arbitrary<Expression>) =>
    fc.oneof(
      fc
        .tuple(target, anyName, fc.constantFrom('.' as const, '->' as const))
        .map(([node, name, operator]) => make.member(node, name, operator, span)),
      fc
        .tuple(
          target,
          inner.filter(({kind}) => kind !== 'string'),
        )
        .map(([node, index]) => make.element(node, index, span)),
      fc
        .tuple(target, maybe, maybe)
        .filter(isSlice)
        .map(([node, from, to]) => make.slice(node, from, to, span)),
    );
  return {
    wildcard: fc
      .tuple(fc.option(anyName, {nil: undefined}), fc.array(anyName, {maxLength: 2}), fc.array(fc.tuple(inner, anyName), {maxLength: 1}))
      .map(([stream, except, replace]) =>
        make.wildcard(stream, {except, replace: replace.map(([node, alias]) => ({expression: node, alias}))}, span),
      ),
    over: fc
      .record({partitionBy: fc.array(inner, {maxLength: 2}), orderBy: fc.array(order, {maxLength: 2}), when: maybe})
      .map(parts => make.over(parts, span)),
    call: fc
      .record({
        name: functionName,
        arguments: fc.array(fc.oneof({weight: 4, arbitrary: inner}, {weight: 1, arbitrary: tie('wildcard')}), {maxLength: 3}),
        distinct: fc.boolean(),
        filter: fc.option(inner, {nil: undefined, freq: 4}),
        over: fc.option(tie('over'), {nil: undefined, freq: 4}),
      })
      .map(parts => make.call(parts.arguments.length === 0 ? {...parts, distinct: false} : parts, span)),
    set: fc.oneof({depthSize: 'small', withCrossShrink: true}, column, tie('call'), bracketed(tie('set'))),
    expression: fc.oneof(
      {depthSize: 'small', withCrossShrink: true},
      column,
      literal,
      fc
        .tuple(fc.constantFrom(...binaryOperators), inner, inner)
        .map(([operator, left, right]) => make.binary(operator, left, right, span)),
      fc.tuple(fc.constantFrom('-' as const, 'NOT' as const), inner).map(([operator, operand]) => make.unary(operator, operand, span)),
      bracketed(inner),
      tie('call'),
      caseOf,
      fc.tuple(inner, inner, inner, fc.boolean()).map(([operand, low, high, negated]) => make.between(operand, low, high, negated, span)),
      fc
        .tuple(inner, fc.array(inner, {minLength: 1, maxLength: 3}), fc.boolean())
        .map(([operand, items, negated]) => make.inList(operand, items, negated, span)),
      fc.tuple(inner, tie('set'), fc.boolean()).map(([operand, set, negated]) => make.inSet(operand, set, negated, span)),
      fc.tuple(inner, inner, fc.boolean()).map(([operand, pattern, negated]) => make.like(operand, pattern, negated, span)),
      fc.tuple(inner, fc.boolean()).map(([operand, negated]) => make.isNull(operand, negated, span)),
    ),
  };
});

export const anyExpression: fc.Arbitrary<Expression> = expression;

/** The parser refuses a slice of literals that is empty. */
function isSlice([, from, to]: [Expression, Expression | undefined, Expression | undefined]): boolean {
  if (from?.kind !== 'integer' || to?.kind !== 'integer') return true;
  return from.value < 0 || to.value < 0 || from.value < to.value;
}

const unit = fc.constantFrom('dd', 'hh', 'mi', 'ss', 'ms').map(word => make.timeUnit(word, span));
const length = fc.integer({min: 1, max: 100}).map(value => make.integer(value, span));

const windowShapes: fc.Arbitrary<Pick<WindowClause, 'windowKind' | 'arguments'>> = fc.oneof(
  fc.tuple(unit, length).map(values => ({windowKind: 'tumbling' as const, arguments: values})),
  fc.tuple(unit, length, length).map(values => ({windowKind: 'hopping' as const, arguments: values})),
  fc.tuple(unit, length, length).map(values => ({windowKind: 'session' as const, arguments: values})),
  fc.tuple(unit, length).map(values => ({windowKind: 'sliding' as const, arguments: values})),
  length.map(value => ({windowKind: 'count' as const, arguments: [value, value]})),
  fc.array(expression, {minLength: 1, maxLength: 2}).map(values => ({windowKind: 'state' as const, arguments: values})),
);

const windowClause: fc.Arbitrary<WindowClause> = fc
  .tuple(windowShapes, fc.option(expression, {nil: undefined}), fc.option(over, {nil: undefined}))
  .map(([shape, filter, overClause]) => make.windowClause({...shape, filter, over: overClause}, span));

const sourceName = fc.oneof(anyName, fc.constantFrom('plant/+/temp', '#', '/a', 'a/b', '+'));
const sourceReference = fc.tuple(sourceName, fc.option(anyName, {nil: undefined})).map(([name, alias]) => make.source(name, alias, span));

export const anySelect: fc.Arbitrary<SelectStatement> = fc
  .record({
    distinct: fc.boolean(),
    fields: fc.array(
      fc.oneof(
        fc
          .tuple(expression, fc.option(anyName, {nil: undefined}), fc.boolean())
          .map(([node, alias, invisible]) => make.selectField(node, alias, invisible, span)),
        wildcard.map(node => make.selectField(node, undefined, false, span)),
      ),
      {minLength: 1, maxLength: 3},
    ),
    from: sourceReference,
    joins: fc.array(
      fc
        .tuple(fc.constantFrom('inner', 'left', 'right', 'full', 'cross'), sourceReference, fc.option(expression, {nil: undefined}))
        .map(([type, joined, on]) => make.join(type, joined, type === 'cross' ? undefined : on, span)),
      {maxLength: 2},
    ),
    where: fc.option(expression, {nil: undefined}),
    groupBy: fc.array(expression, {maxLength: 2}),
    window: fc.option(windowClause, {nil: undefined}),
    having: fc.option(expression, {nil: undefined}),
    orderBy: fc.array(
      fc.tuple(anyName, fc.boolean()).map(([name, descending]) => make.orderItem(make.column(name, span), descending)),
      {maxLength: 2},
    ),
    limit: fc.option(fc.nat(), {nil: undefined}),
  })
  .map(parts => make.select(parts, span));

const {columnType} = fc.letrec<{columnType: ColumnType}>(tie => ({
  columnType: fc.oneof(
    {depthSize: 'small', withCrossShrink: true},
    fc.constantFrom('bigint', 'float', 'string', 'datetime', 'boolean', 'bytea').map(kind => ({kind}) as ColumnType),
    tie('columnType').map(element => ({kind: 'array', element}) as const),
    fc
      .array(fc.record({name: anyName, type: tie('columnType')}), {minLength: 1, maxLength: 2})
      .map(fields => ({kind: 'struct', fields}) as const),
  ),
}));

const optionKey = fc.constantFrom('DATASOURCE', 'FORMAT', 'KEY', 'CONF_KEY', 'SHARED', 'TYPE', 'EXTRA', 'RETAIN_SIZE', 'DELIMITER');

export const anyCreate: fc.Arbitrary<CreateStatement> = fc
  .tuple(
    fc.constantFrom('stream' as const, 'table' as const),
    anyName,
    fc.array(
      fc.tuple(anyName, columnType, literal).map(([name, type, value]) => {
        const hasDefault = ['bigint', 'float', 'string', 'boolean'].includes(type.kind) && value.kind !== 'null';
        return make.columnDefinition(name, type, hasDefault ? value : undefined, span);
      }),
      {maxLength: 3},
    ),
    fc.array(
      fc.tuple(optionKey, anyText).map(([key, value]) => make.option(key, value, span)),
      {minLength: 1, maxLength: 4},
    ),
  )
  .map(([kind, name, columns, options]) => make.create(kind, name, columns, options, span));

const anySource = fc.tuple(
  fc.constantFrom(make.describe, make.explain, make.drop),
  fc.constantFrom('stream' as const, 'table' as const),
  anyName,
);

export const anyStatement: fc.Arbitrary<Statement> = fc.oneof(
  {weight: 6, arbitrary: anySelect},
  {weight: 3, arbitrary: anyCreate},
  {weight: 1, arbitrary: anySource.map(([factory, kind, name]) => factory(kind, name, span))},
);
