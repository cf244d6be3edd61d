import type {BoundAnalytic, BoundExpression} from '../bound-expression.ts';
import {some} from '../bound-walk.ts';
import {referencedSources} from '../referenced-sources.ts';
import type {Binder} from './binder.ts';
import type {ResolvedSource} from './sources.ts';

/** An analytic function with its slot and the source whose rows it sees. */
export type PlacedAnalytic = BoundAnalytic & {readonly slot: number; readonly source: string};

/**
 * The sources whose rows the analytic functions of a statement see. In a join they run on the rows of one stream before these are joined, so
 * that all they read must come from it.
 */
export function placeAnalytics(binder: Binder, sources: readonly ResolvedSource[]): readonly PlacedAnalytic[] {
  const placed: PlacedAnalytic[] = [];
  const [first] = sources;
  for (const [slot, analytic] of binder.analytics.entries()) {
    const parts = [...analytic.arguments, ...analytic.partitionBy, ...(analytic.when === undefined ? [] : [analytic.when])];
    const source = sources.length === 1 ? first!.id : sourceOf(analytic, parts, placed, sources, binder);
    placed.push({...analytic, slot, source});
  }
  return placed;
}

function sourceOf(
  {definition: {name}, span}: BoundAnalytic,
  parts: readonly BoundExpression[],
  placed: readonly PlacedAnalytic[],
  sources: readonly ResolvedSource[],
  {aliases, problems}: Binder,
): string {
  const ids = new Set<string>();
  let isOpen = false;
  for (const part of parts) {
    const referenced = referencedSources(part, aliases);
    for (const id of referenced.ids) ids.add(id);
    const inner = analyticSlots(part, aliases);
    for (const slot of inner) ids.add(placed[slot]!.source);
    isOpen ||= referenced.isOpen && inner.size === 0;
  }
  const [id = sources[0]!.id] = ids;
  const source = sources.find(candidate => candidate.id === id)!;
  const hint = 'In a join it sees the rows of one stream before they are joined: write stream.column in all of it.';
  if (isOpen) problems.mistake(`${name}() cannot tell which stream it sees`, span, hint);
  else if (ids.size > 1) problems.mistake(`${name}() reads more than one stream`, span, hint);
  else if (source.kind === 'table') problems.mistake(`${name}() cannot follow the rows of a table`, span, 'Use columns of a stream.');
  return id;
}

/** The analytic slots that an expression reads, itself or through aliases. */
function analyticSlots(node: BoundExpression, aliases: Binder['aliases'], found = new Set<number>()): ReadonlySet<number> {
  some(node, part => {
    if (part.kind === 'slot' && part.of === 'analytic') found.add(part.slot);
    if (part.kind === 'slot' && part.of === 'alias') analyticSlots(aliases[part.slot]!.expression, aliases, found);
    return false;
  });
  return found;
}
