/*
 * The dialect of eKuiper 2.4 and what standard SQL adds to it. Tokens come from lexer.ts, which also decides where a contextual word
 * (NULL, IS, DISTINCT, WITH …) is a keyword. Every action is one call of a factory; a conflict fails the build.
 */

%left OR                                       /* a OR b OR c      = (a OR b) OR c */
%left AND                                      /* a OR b AND c     = a OR (b AND c) */
%right NOT                                     /* NOT a = b AND c  = (NOT (a = b)) AND c */
%left '=' '!=' '<' '<=' '>' '>=' IN BETWEEN LIKE IS   /* a < b < c = (a < b) < c */
%left '+' '-' '|' '^'                          /* a - b - c        = (a - b) - c */
%left '*' '/' '%' '&'                            /* a + b * c        = a + (b * c) */
%left '[' '.' '->'                               /* a * b->c[0]      = a * ((b->c)[0]) */

%start input

%%

/* The first token names what the caller wants to read. */
input
  : STATEMENT statement end EOF                { return $2; }
  | STATEMENTS statements EOF                  { return $2; }
  | EXPRESSION expression EOF                  { return $2; }
  ;

end
  :
  | ';'
  ;

statements
  :                                            -> []
  | statement                                  -> [$1]
  | statements ';'                             -> $1
  | statements ';' statement                   -> yy.append($1, $3)
  ;

statement
  : select
  | create
  | SHOW STREAMS                               -> yy.show('stream', @$)
  | SHOW TABLES                                -> yy.show('table', @$)
  | DESCRIBE sourceKind IDENT                  -> yy.describe($2, $3, @$)
  | EXPLAIN sourceKind IDENT                   -> yy.explain($2, $3, @$)
  | DROP sourceKind IDENT                      -> yy.drop($2, $3, @$)
  ;

sourceKind
  : STREAM                                     -> 'stream'
  | TABLE                                      -> 'table'
  ;

/* Definitions */

create
  : CREATE sourceKind IDENT '(' columns ')' WITH '(' options ')'  -> yy.create($2, $3, $5, $9, @$)
  ;

columns
  :                                            -> []
  | columnList
  | columnList ','
  ;

columnList
  : column                                     -> [$1]
  | columnList ',' column                      -> yy.append($1, $3)
  ;

column
  : IDENT type                                 -> yy.columnDefinition($1, $2, undefined, @$)
  | IDENT type DEFAULT literal                 -> yy.columnDefinition($1, $2, $4, @$)
  ;

type
  : IDENT                                      -> yy.basicType($1, @$)
  | IDENT '(' type ')'                         -> yy.arrayType($1, $3, @$)
  | IDENT '(' members ')'                      -> yy.structType($1, $3, @$)
  | IDENT '(' members ',' ')'                  -> yy.structType($1, $3, @$)
  ;

members
  : IDENT type                                 -> [yy.structField($1, $2)]
  | members ',' IDENT type                     -> yy.append($1, yy.structField($3, $4))
  ;

options
  : optionList
  | optionList ','
  ;

optionList
  : option                                     -> [$1]
  | optionList option                          -> yy.append($1, $2)
  | optionList ',' option                      -> yy.append($1, $3)
  ;

option
  : IDENT '=' STRING                           -> yy.sourceOption($1, $3, @1, @$)
  | IDENT '=' TRUE                             -> yy.sourceOption($1, 'TRUE', @1, @$)
  | IDENT '=' FALSE                            -> yy.sourceOption($1, 'FALSE', @1, @$)
  ;

/* SELECT */

select
  : SELECT distinct fields FROM source joins where groupBy having orderBy limit
      -> yy.select({distinct: $2, fields: $3, from: $5, joins: $6, where: $7, grouping: $8, having: $9, orderBy: $10, limit: $11}, @$)
  ;

distinct
  :                                            -> false
  | DISTINCT                                   -> true
  ;

fields
  : field                                      -> [$1]
  | fields ',' field                           -> yy.append($1, $3)
  ;

field
  : expression alias                           -> yy.selectField($1, $2, false, @$)
  | expression alias INVISIBLE                 -> yy.selectField($1, $2, true, @$)
  | wildcard                                   -> yy.selectField($1, undefined, false, @$)
  ;

alias
  :                                            -> undefined
  | AS IDENT                                   -> $2
  ;

wildcard
  : '*' modifiers                              -> yy.wildcard(undefined, $2, @$)
  | IDENT '.*' modifiers                       -> yy.wildcard($1, $3, @$)
  ;

modifiers
  :                                            -> yy.modifiers([], [])
  | except                                     -> yy.modifiers($1, [])
  | replace                                    -> yy.modifiers([], $1)
  | except replace                             -> yy.modifiers($1, $2)
  | replace except                             -> yy.modifiers($2, $1)
  ;

except
  : EXCEPT '(' names ')'                       -> $3
  ;

names
  : name                                       -> [$1]
  | names ',' name                             -> yy.append($1, $3)
  ;

name
  : IDENT
  | NULL
  ;

replace
  : REPLACE '(' replacements ')'               -> $3
  ;

replacements
  : replacement                                -> [$1]
  | replacements ',' replacement               -> yy.append($1, $3)
  ;

replacement
  : expression AS IDENT                        -> yy.replacement($1, $3)
  ;

source
  : IDENT alias                                -> yy.source($1, $2, @$)
  | SOURCE alias                               -> yy.source($1, $2, @$)
  ;

joins
  :                                            -> []
  | joins join                                 -> yy.append($1, $2)
  ;

join
  : joinType JOIN source                       -> yy.join($1, $3, undefined, @$)
  | joinType JOIN source ON expression         -> yy.join($1, $3, $5, @$)
  | JOIN source                                -> yy.join('inner', $2, undefined, @$)
  | JOIN source ON expression                  -> yy.join('inner', $2, $4, @$)
  ;

joinType
  : INNER                                      -> 'inner'
  | LEFT outer                                 -> 'left'
  | RIGHT outer                                -> 'right'
  | FULL outer                                 -> 'full'
  | CROSS                                      -> 'cross'
  ;

outer
  :
  | OUTER
  ;

where
  :                                            -> undefined
  | WHERE expression                           -> $2
  ;

groupBy
  :                                            -> []
  | GROUP BY expressions                       -> $3
  ;

having
  :                                            -> undefined
  | HAVING expression                          -> $2
  ;

orderBy
  :                                            -> []
  | ORDER BY orderItems                        -> $3
  ;

/* Without a comma an item must begin with a name: `a -b` is a difference. */
orderItems
  : expression direction                       -> [yy.orderItem($1, $2)]
  | orderItems ',' expression direction        -> yy.append($1, yy.orderItem($3, $4))
  | orderItems nameChain direction             -> yy.append($1, yy.orderItem($2, $3))
  ;

direction
  :                                            -> false
  | ASC                                        -> false
  | DESC                                       -> true
  | NULLS LAST                                 -> false
  | ASC NULLS LAST                             -> false
  | DESC NULLS LAST                            -> true
  ;

limit
  :                                            -> undefined
  | LIMIT NUMBER                               -> yy.limit($2, @2)
  ;

/* Expressions */

expressions
  : expression                                 -> [$1]
  | expressions ',' expression                 -> yy.append($1, $3)
  ;

expression
  : value
  | expression OR expression                   -> yy.binary('OR', $1, $3, @$)
  | expression AND expression                  -> yy.binary('AND', $1, $3, @$)
  | NOT expression                             -> yy.unary('NOT', $2, @$)
  | expression '=' value                       -> yy.binary('=', $1, $3, @$)
  | expression '!=' value                      -> yy.binary('!=', $1, $3, @$)
  | expression '<' value                       -> yy.binary('<', $1, $3, @$)
  | expression '<=' value                      -> yy.binary('<=', $1, $3, @$)
  | expression '>' value                       -> yy.binary('>', $1, $3, @$)
  | expression '>=' value                      -> yy.binary('>=', $1, $3, @$)
  | expression BETWEEN value AND value %prec BETWEEN      -> yy.between($1, $3, $5, false, @$)
  | expression NOT BETWEEN value AND value %prec BETWEEN  -> yy.between($1, $4, $6, true, @$)
  | expression IN '(' expressions ')'          -> yy.inList($1, $4, false, @$)
  | expression NOT IN '(' expressions ')'      -> yy.inList($1, $5, true, @$)
  | expression IN set                          -> yy.inSet($1, $3, false, @$)
  | expression NOT IN set                      -> yy.inSet($1, $4, true, @$)
  | expression LIKE value                      -> yy.like($1, $3, false, @$)
  | expression NOT LIKE value                  -> yy.like($1, $4, true, @$)
  | expression IS NULL                         -> yy.isNull($1, false, @$)
  | expression IS NOT NULL %prec IS            -> yy.isNull($1, true, @$)
  ;

value
  : simple
  | '(' expression ')'                         -> $2
  | signed
  | value '+' value                            -> yy.binary('+', $1, $3, @$)
  | value '-' value                            -> yy.binary('-', $1, $3, @$)
  | value '|' value                            -> yy.binary('|', $1, $3, @$)
  | value '^' value                            -> yy.binary('^', $1, $3, @$)
  | value '*' value                            -> yy.binary('*', $1, $3, @$)
  | value '/' value                            -> yy.binary('/', $1, $3, @$)
  | value '%' value                            -> yy.binary('%', $1, $3, @$)
  | value '&' value                            -> yy.binary('&', $1, $3, @$)
  | value '[' subscript ']'                    -> yy.subscripted($1, $3, @$)
  | value '.' IDENT                            -> yy.member($1, $3, '.', @$)
  | value '->' IDENT                           -> yy.member($1, $3, '->', @$)
  ;

/* A sign takes the whole path after it: -a->b[0] = -(a->b[0]). A number with its minus is one token. */
signed
  : '-' chain                                  -> yy.unary('-', $2, @$)
  | '-' signed                                 -> yy.unary('-', $2, @$)
  | '+' chain                                  -> $2
  | '+' signed                                 -> $2
  ;

chain
  : simple
  | '(' expression ')'                         -> $2
  | chain '[' subscript ']'                    -> yy.subscripted($1, $3, @$)
  | chain '.' IDENT                            -> yy.member($1, $3, '.', @$)
  | chain '->' IDENT                           -> yy.member($1, $3, '->', @$)
  ;

/* The right side of IN without a list. */
set
  : simple
  | set '[' subscript ']'                      -> yy.subscripted($1, $3, @$)
  | set '.' IDENT                              -> yy.member($1, $3, '.', @$)
  | set '->' IDENT                             -> yy.member($1, $3, '->', @$)
  ;

nameChain
  : IDENT                                      -> yy.column($1, @$)
  | call
  | nameChain '[' subscript ']'                -> yy.subscripted($1, $3, @$)
  | nameChain '.' IDENT                        -> yy.member($1, $3, '.', @$)
  | nameChain '->' IDENT                       -> yy.member($1, $3, '->', @$)
  ;

subscript
  : expression                                 -> yy.index($1)
  |                                            -> yy.range(undefined, undefined)
  | ':'                                        -> yy.range(undefined, undefined)
  | expression ':'                             -> yy.range($1, undefined)
  | ':' expression                             -> yy.range(undefined, $2)
  | expression ':' expression                  -> yy.range($1, $3)
  ;

simple
  : IDENT                                      -> yy.column($1, @$)
  | literal
  | NULL                                       -> yy.nullLiteral(@$)
  | call
  | CASE branches otherwise END                -> yy.caseOf(undefined, $2, $3, @$)
  | CASE expression branches otherwise END     -> yy.caseOf($2, $3, $4, @$)
  ;

literal
  : NUMBER                                     -> yy.number($1, @$)
  | STRING                                     -> yy.string($1, @$)
  | TRUE                                       -> yy.boolean(true, @$)
  | FALSE                                      -> yy.boolean(false, @$)
  ;

branches
  : WHEN expression THEN expression            -> [yy.branch($2, $4)]
  | branches WHEN expression THEN expression   -> yy.append($1, yy.branch($3, $5))
  ;

otherwise
  :                                            -> undefined
  | ELSE expression                            -> $2
  ;

/* Functions and windows */

call
  : IDENT '(' arguments ')' filter over        -> yy.call({name: $1, arguments: $3, distinct: false, filter: $5, over: $6}, @$)
  | IDENT '(' DISTINCT arguments ')' filter over
      -> yy.call({name: $1, arguments: $4, distinct: true, filter: $6, over: $7}, @$)
  ;

arguments
  :                                            -> []
  | argumentList
  | argumentList ','
  ;

argumentList
  : argument                                   -> [$1]
  | argumentList ',' argument                  -> yy.append($1, $3)
  ;

argument
  : expression
  | wildcard
  | UNIT                                       -> yy.timeUnit($1, @$)
  ;

filter
  :                                            -> undefined
  | FILTER '(' WHERE expression ')'            -> $4
  ;

over
  :                                            -> undefined
  | OVER '(' overTerms ')'                     -> yy.over($3, @$)
  ;

overTerms
  :                                            -> []
  | overTerms PARTITION BY expressions         -> yy.append($1, yy.partitionBy($4, @2))
  | overTerms ORDER BY orderItems              -> yy.append($1, yy.orderBy($4, @2))
  | overTerms WHEN expression                  -> yy.append($1, yy.when($3, @2))
  ;
