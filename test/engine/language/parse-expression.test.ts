import {describe, expect, it} from 'vitest';
import {parseExpression} from '#engine/language/parse.ts';
import {outline} from '#test/support/outline.ts';

type Case = readonly [text: string, shape: string];

function reads(cases: readonly Case[]): void {
  it.each(cases)('reads %s', (text, shape) => {
    expect(outline(parseExpression(text))).toBe(shape);
  });
}

describe('precedence', () => {
  reads([
    ['a OR b OR c', '(OR (OR a b) c)'],
    ['a OR b AND c', '(OR a (AND b c))'],
    ['a AND b OR c', '(OR (AND a b) c)'],
    ['(a OR b) AND c', '(AND (OR a b) c)'],
    ['NOT a AND b', '(AND (not a) b)'],
    ['NOT a = b', '(not (= a b))'],
    ['NOT NOT a', '(not (not a))'],
    ['a AND NOT b OR c', '(OR (AND a (not b)) c)'],
    ['NOT a IN (1)', '(not (in a (1)))'],
    ['a AND b = c', '(AND a (= b c))'],
    ['a = b AND c', '(AND (= a b) c)'],
    ['a < b < c', '(< (< a b) c)'],
    ['a = b != c', '(!= (= a b) c)'],
    ['a + 1 > b * 2', '(> (+ a 1) (* b 2))'],
    ['a - b - c', '(- (- a b) c)'],
    ['a - (b - c)', '(- a (- b c))'],
    ['a + b * c', '(+ a (* b c))'],
    ['a * b + c', '(+ (* a b) c)'],
    ['a / b * c % d', '(% (* (/ a b) c) d)'],
    ['a & b = c', '(= (& a b) c)'],
    ['a | b & c', '(| a (& b c))'],
    ['a ^ b | c + d - e', '(- (+ (| (^ a b) c) d) e)'],
    ['a LIKE b + c', '(like a (+ b c))'],
    ['a + b LIKE c', '(like (+ a b) c)'],
    ['a = b IS NULL', '(is-null (= a b))'],
    ['a AND b IS NOT NULL', '(AND a (is-not-null b))'],
    ['a BETWEEN 1 AND 2 AND b', '(AND (between a 1 2) b)'],
    ['a + b BETWEEN c - 1 AND c + 1', '(between (+ a b) (- c 1) (+ c 1))'],
    ['a NOT BETWEEN b AND c OR d', '(OR (not-between a b c) d)'],
    ['a BETWEEN 1 AND 2 = TRUE', '(= (between a 1 2) true)'],
    ['a IN (1, 2) = b', '(= (in a (1 2)) b)'],
    ['a OR b NOT IN c', '(OR a (not-in b c))'],
    ['NOT a NOT LIKE b', '(not (not-like a b))'],
  ]);
});

describe('paths', () => {
  reads([
    ['a.b.c', '(. (. a b) c)'],
    ['a->b.c', '(. (-> a b) c)'],
    ['a[0]', '([] a 0)'],
    ['a[-1]', '([] a -1)'],
    ['a[i + 1][j]', '([] ([] a (+ i 1)) j)'],
    ['a->b[0]->c', '(-> ([] (-> a b) 0) c)'],
    ['a[]', '([:] a _ _)'],
    ['a[:]', '([:] a _ _)'],
    ['a[1:]', '([:] a 1 _)'],
    ['a[:-2]', '([:] a _ -2)'],
    ['a[i:j]', '([:] a i j)'],
    ['collect(*)[1]->a', '(-> ([] (call collect (*)) 1) a)'],
    ['f(x)->k', '(-> (call f x) k)'],
    ['(a + b)[0]', '([] (+ a b) 0)'],
    ['a->`end`', '(-> a end)'],
    ['a.`b c`', '(. a b c)'],
    ['meta(a->b)', '(call meta (-> a b))'],
    ['meta(`Content-Type`)', '(call meta Content-Type)'],
    ['mqtt(demo.topic)', '(call mqtt (. demo topic))'],
    ['meta(*)', '(call meta (*))'],
  ]);
});

describe('a path binds tighter than any operator', () => {
  reads([
    ['2 * a[0]', '(* 2 ([] a 0))'],
    ['a * b->c', '(* a (-> b c))'],
    ['a * b.c', '(* a (. b c))'],
    ['b->c * a', '(* (-> b c) a)'],
    ['a + b->c', '(+ a (-> b c))'],
    ['(a * b)->c', '(-> (* a b) c)'],
    ['x[0] + x[1] * x[2]', '(+ ([] x 0) (* ([] x 1) ([] x 2)))'],
  ]);
});

describe('signs', () => {
  reads([
    ['-5', '-5'],
    ['- 5', '-5'],
    ['a -1', '(- a 1)'],
    ['a-1', '(- a 1)'],
    ['a - -1', '(- a -1)'],
    ['a - - 1', '(- a -1)'],
    ['a-.5', '(- a float:.5)'],
    ['a - .5', '(- a float:.5)'],
    ['a * -.5', '(* a float:-.5)'],
    ['3 + -4', '(+ 3 -4)'],
    ['-a', '(minus a)'],
    ['-(-5)', '(minus -5)'],
    ['- -a', '(minus (minus a))'],
    ['-a * b', '(* (minus a) b)'],
    ['a * -b', '(* a (minus b))'],
    ['a - -b', '(- a (minus b))'],
    ['-a->b[0]', '(minus ([] (-> a b) 0))'],
    ['-(a + b)', '(minus (+ a b))'],
    ['-f(x)', '(minus (call f x))'],
    ['+a', 'a'],
    ['+5', '5'],
    ['a + +b', '(+ a b)'],
    ['+-a', '(minus a)'],
    ['NOT -a = 1', '(not (= (minus a) 1))'],
  ]);
});

describe('literals', () => {
  reads([
    ['0', '0'],
    ['-0', '0'],
    ['007', '7'],
    ['9007199254740991', '9007199254740991'],
    ['9007199254740992', '9007199254740992n'],
    ['9223372036854775807', '9223372036854775807n'],
    ['9223372036854775808', '9223372036854775807n'],
    ['99999999999999999999999999999999', '9223372036854775807n'],
    ['-9223372036854775808', '-9223372036854775808n'],
    ['-99999999999999999999999999999999', '-9223372036854775808n'],
    ['0.5', 'float:0.5'],
    ['.2', 'float:.2'],
    ['5.', 'float:5.'],
    ['-0.5', 'float:-0.5'],
    ['1e3', 'float:1e3'],
    ['1.5E-2', 'float:1.5E-2'],
    ['5.e1', 'float:5.e1'],
    ['TRUE', 'true'],
    ['false', 'false'],
    ['NULL', 'null'],
    ['null', 'null'],
    [`'it "is"'`, '"it \\"is\\""'],
    [`"it's"`, `"it's"`],
    [`'it\\'s'`, `"it's"`],
    [`''`, '""'],
    [`'a\\a\\b\\f\\n\\r\\t\\v\\\\z'`, JSON.stringify('a\x07\b\f\n\r\t\v\\z')],
    [`'\\x41\\102\\u0043\\U0001F600'`, '"ABC😀"'],
    [`'\\xe6\\xb8\\xa9\\345\\272\\246'`, '"温度"'],
    [`'温度 😀'`, '"温度 😀"'],
    [`'q\\"q'`, '"q\\"q"'],
    [`'-- no comment /* nor this */'`, '"-- no comment /* nor this */"'],
  ]);
});

describe('operators and spacing', () => {
  reads([
    ['a <> b', '(!= a b)'],
    ['a ! = b', '(!= a b)'],
    ['a < = b', '(<= a b)'],
    ['a > = b', '(>= a b)'],
    ['a < > b', '(!= a b)'],
    ['a - > b', '(-> a b)'],
    ['a AND\n\tb\r\nOR c', '(OR (AND a b) c)'],
    ['a -- b\n + c', '(+ a c)'],
    ['a /* b */ + /**/ c -- end', '(+ a c)'],
    ['a /* -- */ * b', '(* a b)'],
    ['a aNd b Or nOt c', '(OR (AND a b) (not c))'],
  ]);
});

describe('IN, CASE and calls', () => {
  reads([
    ['a IN (1, b + 1, f(c))', '(in a (1 (+ b 1) (call f c)))'],
    ['a NOT IN (1)', '(not-in a (1))'],
    ['a IN tags', '(in a tags)'],
    ['a IN cfg->allowed', '(in a (-> cfg allowed))'],
    ['a IN demo.tags[0:2] AND b', '(AND (in a ([:] (. demo tags) 0 2)) b)'],
    ['a NOT IN f(x)', '(not-in a (call f x))'],
    ['CASE WHEN a THEN 1 END', '(case _ (when a 1) _)'],
    ['CASE WHEN (a > 1) THEN 1 WHEN f(b) THEN 2 ELSE 3 END', '(case _ (when (> a 1) 1) (when (call f b) 2) 3)'],
    ["CASE m WHEN 'x' THEN 1 ELSE 0 END = 1", '(= (case m (when "x" 1) 0) 1)'],
    ['CASE a % 3 WHEN 0 THEN CASE WHEN b THEN c END END', '(case (% a 3) (when 0 (case _ (when b c) _)) _)'],
    ['f()', '(call f)'],
    ['f(a, b,)', '(call f a b)'],
    ['`my func`(a)', '(call my func a)'],
    ['count(* EXCEPT(a, b))', '(call count (* except:a,b))'],
    ['collect(demo.*)', '(call collect (* demo))'],
    ['count(* REPLACE(a + 1 AS a) EXCEPT(null))', '(call count (* except:null (as (+ a 1) a)))'],
    ['count(DISTINCT a)', '(call count distinct a)'],
    ['count(DISTINCT (a))', '(call count distinct a)'],
    ['count(DISTINCT -a)', '(call count distinct (minus a))'],
    ['count(a) FILTER (WHERE b > 1)', '(call count a (filter (> b 1)))'],
    ['lag(a) OVER ()', '(call lag a (over))'],
    ['lag(a) OVER (PARTITION BY b, c WHEN d)', '(call lag a (over (partition b c) (when d)))'],
    ['lag(a, 1) OVER (WHEN d = 1) - 1', '(- (call lag a 1 (over (when (= d 1)))) 1)'],
    ['row_number() OVER (PARTITION BY a ORDER BY b DESC, c)', '(call row_number (over (partition a) (order (desc b) c)))'],
  ]);
});

describe('words that are keywords only in their place', () => {
  reads([
    ['a.null', '(. a null)'],
    ['a->null->x', '(-> (-> a null) x)'],
    ['null(a)', '(call null a)'],
    ['null->a', '(-> null a)'],
    ['is', 'is'],
    ['is + 1', '(+ is 1)'],
    ['is IS NULL', '(is-null is)'],
    ['is IS NOT NULL', '(is-not-null is)'],
    ['a.is IS NULL', '(is-null (. a is))'],
    ['distinct', 'distinct'],
    ['distinct(a)', '(call distinct a)'],
    ['(distinct - 1)', '(- distinct 1)'],
    ['outer + nulls + first + last', '(+ (+ (+ outer nulls) first) last)'],
    ['create * drop', '(* create drop)'],
    ['stream.table->with', '(-> (. stream table) with)'],
    ['`null`', 'null'],
    ['show(describe, explain)', '(call show describe explain)'],
    ['a->type + value', '(+ (-> a type) value)'],
  ]);

  it('tells a quoted null column from the literal', () => {
    expect(parseExpression('`null`').kind).toBe('column');
    expect(parseExpression('NULL').kind).toBe('null');
  });

  it('takes DISTINCT alone in a call as a column', () => {
    const call = parseExpression('count(distinct)');
    expect(call).toMatchObject({kind: 'call', distinct: false, arguments: [{kind: 'column', name: 'distinct'}]});
  });
});
