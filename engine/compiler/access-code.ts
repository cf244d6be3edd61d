import type {BoundElement, BoundMember, BoundSlice} from '#engine/planner/bound-expression.ts';
import {type Code, type Compile, type Site, untyped} from './code.ts';

/** A member of an untyped object is an untyped slot, whatever its declared type. */
export function memberCode(node: BoundMember, site: Site, compile: Compile): Code {
  const target = compile(node.target, site);
  return {
    text: site.emission.call('member', untyped(target, site), site.emission.constant(node.name)),
    type: node.type,
    nullable: true,
    simple: false,
    fails: target.fails || target.type.kind === 'any' || target.type.kind === 'array',
  };
}

export function elementCode(node: BoundElement, site: Site, compile: Compile): Code {
  const target = untyped(compile(node.target, site), site);
  const index = untyped(compile(node.index, site), site);
  return {text: site.emission.call('element', target, index), type: node.type, nullable: true, simple: false, fails: true};
}

export function sliceCode(node: BoundSlice, site: Site, compile: Compile): Code {
  const target = untyped(compile(node.target, site), site);
  const [from, to] = [node.from, node.to].map(bound => (bound === undefined ? 'undefined' : untyped(compile(bound, site), site)));
  return {text: site.emission.call('slice', target, from!, to!), type: node.type, nullable: true, simple: false, fails: true};
}
