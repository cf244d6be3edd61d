import type {BoundExpression, BoundMetadata, BoundSlot, BoundStar} from '#engine/planner/bound-expression.ts';
import type {DataType} from '#engine/values/data-type.ts';
import type {Emission} from './emission.ts';

/** A JavaScript expression that computes a value, with what is known of it before the rule runs. */
export interface Code {
  /** Complete in itself: may stand as an operand of anything. */
  readonly text: string;
  readonly type: DataType;
  readonly nullable: boolean;
  /** A name or a literal: may be written several times. */
  readonly simple: boolean;
  /** Evaluating it may throw. */
  readonly fails: boolean;
  /** Set for a numeric literal: its value as a float. */
  readonly literal?: number;
  /** The same value for an operator around it. */
  readonly inPlace?: InPlace;
}

/** A number computed by JavaScript's own operators where all `tests` hold, which are about names that `before` sets. */
export interface InPlace {
  /** Assignments, each followed by a comma. */
  readonly before: string;
  readonly tests: readonly string[];
  /** Not null: in the typed form, or a float where the type is unknown. */
  readonly text: string;
  /** The value where a test does not hold. */
  readonly general: string;
}

/** Where the expressions of one generated function find their inputs. */
export interface Site {
  readonly emission: Emission;
  /** Text of a column's value, never undefined. */
  column(stream: string, name: string): string;
  slot(node: BoundSlot): Code;
  star(node: BoundStar): Code;
  /** A local variable of the function. */
  local(): string;
  /** Failures of scalar functions give null instead: text of what is told of them. */
  readonly swallow: string | undefined;
  /** Where the function finds a metadata key. */
  metadataPath(node: BoundMetadata): readonly string[];
  /** Text of a cell that keeps state from row to row, made by `initial`. */
  memory(initial: () => unknown): string;
  /** Called once the function needs a scope that is set for the row or window. */
  usesScope(): void;
}

export type Compile = (node: BoundExpression, site: Site) => Code;

/** `code` under a name, for writing it several times: what must be evaluated before, and the name. */
export function hold(code: Code, site: Site): {readonly before: string; readonly name: string} {
  if (code.simple) return {before: '', name: code.text};
  const name = site.local();
  return {before: `${name} = ${code.text}, `, name};
}

/** The value of `name`, which holds `code`, in the untyped form. */
export function untypedName(name: string, code: Code, site: Site): string {
  if (code.type.kind !== 'int') return name;
  const wide = site.emission.call('widen', name);
  return code.nullable ? `(${name} === null ? null : ${wide})` : wide;
}

/** `code` in the untyped form. */
export function untyped(code: Code, site: Site): string {
  if (code.type.kind !== 'int') return code.text;
  if (!code.nullable) return site.emission.call('widen', code.text);
  const {before, name} = hold(code, site);
  return `(${before}${untypedName(name, code, site)})`;
}

export const isNumeric = ({type}: Code): boolean => type.kind === 'int' || type.kind === 'float';

/** Text that is true when one of the nullable operands is null; undefined when none can be. */
export function anyNull(...operands: readonly (readonly [name: string, code: Code])[]): string | undefined {
  const tests = operands.filter(([, code]) => code.nullable).map(([name]) => `${name} === null`);
  return tests.length === 0 ? undefined : tests.join(' || ');
}
