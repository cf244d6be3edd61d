import type {BoundBinary} from '#engine/planner/bound-expression.ts';
import {any} from '#engine/values/data-type.ts';
import {type Code, type Compile, type Site, untyped} from './code.ts';

const forms = {'&': 'bitAnd', '|': 'bitOr', '^': 'bitXor'} as const;

/** Untyped, since a null operand makes false of any. */
export function bitCode(node: BoundBinary, site: Site, compile: Compile): Code {
  const left = compile(node.left, site);
  const right = compile(node.right, site);
  const isSame = left.type.kind === right.type.kind && (left.type.kind === 'int' || left.type.kind === 'boolean');
  return {
    text: site.emission.call(forms[node.operator as keyof typeof forms], untyped(left, site), untyped(right, site)),
    type: left.type.kind === 'boolean' && right.type.kind === 'boolean' ? left.type : any,
    nullable: false,
    simple: false,
    fails: !isSame || left.fails || right.fails,
  };
}
