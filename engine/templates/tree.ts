import type {TemplateValue} from './template-value.ts';

/** The tree of a template. Offsets point into its text, for errors. */
export type TemplateNode =
  | {readonly kind: 'text'; readonly text: string}
  | {readonly kind: 'action'; readonly pipeline: Pipeline}
  | {
      readonly kind: 'if' | 'with' | 'range';
      readonly pipeline: Pipeline;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    }
  | {readonly kind: 'template'; readonly name: string; readonly argument: Pipeline | undefined; readonly at: number}
  | {readonly kind: 'break' | 'continue'};

/** `$i, $e := command | command`. Variables are numbered by the parser: each has a place of its own in its template. */
export interface Pipeline {
  readonly variables: readonly number[];
  readonly commands: readonly Command[];
}

/** Operands side by side: a value alone, or a function and its arguments. */
export interface Command {
  readonly operands: readonly [Operand, ...Operand[]];
}

/** `path`: members read from the value in turn. */
export type Operand =
  | {readonly kind: 'literal'; readonly value: TemplateValue; readonly at: number}
  | {readonly kind: 'dot'; readonly path: readonly string[]; readonly at: number}
  | {readonly kind: 'variable'; readonly variable: number; readonly path: readonly string[]; readonly at: number}
  | {readonly kind: 'group'; readonly pipeline: Pipeline; readonly path: readonly string[]; readonly at: number}
  | {readonly kind: 'function'; readonly name: string; readonly path: readonly string[]; readonly at: number};

/** What one `{{define}}` or the template itself holds. */
export interface Definition {
  readonly nodes: readonly TemplateNode[];
  /** How many variables it needs; number 0 is `$`, the data it was given. */
  readonly variables: number;
}

export interface TemplateTree {
  readonly main: Definition;
  readonly definitions: ReadonlyMap<string, Definition>;
}
