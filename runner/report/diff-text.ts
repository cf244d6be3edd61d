import {structuredPatch} from 'diff';
import {maskText} from '#runner/base/mask.ts';
import type {KindName} from '#runner/desired/declared.ts';
import {
  type Change,
  changePlace,
  changesContent,
  describeChange,
  isPlainReason,
  type ObjectChange,
  type RemoveChange,
} from '#runner/reconcile/change.ts';
import {inOrder} from '#runner/reconcile/order.ts';
import type {Plan} from '#runner/reconcile/plan.ts';
import type {ResourceKind} from '#runner/resources/resource-kind.ts';
import {comparedLines, contentLines} from './content-lines.ts';

const marks: Readonly<Record<Change['action'], string>> = {
  create: '+',
  update: '~',
  delete: '-',
  start: '>',
  stop: '>',
  restart: '>',
  act: '!',
  ask: '?',
};

/** The plan for people: one block for each change, contents as a unified diff with secrets masked. Empty when there is nothing to do. */
export function diffText(plan: Plan, {kindOf, useColour}: {kindOf: (kind: KindName) => ResourceKind; useColour: boolean}): string {
  const paint = useColour ? colour : (_: keyof typeof colours, text: string) => text;
  const changes = inOrder(plan.changes, kind => kindOf(kind).level).flatMap(([, list]) => list);
  const blocks = changes.map(change => {
    const place = changePlace(change);
    const reason = isPlainReason(change.reason) ? '' : `: ${change.reason}`;
    const refusal = 'command' in change && change.refusal !== undefined ? `: not sent, ${change.refusal}` : '';
    const head = `${marks[change.action]} ${describeChange(change, false)}${reason}${refusal}${place === undefined ? '' : `  (${place})`}`;
    return [paint(headColour(change.action), head), ...contentDiff(change, kindOf).map(line => paint(lineColour(line), line))].join('\n');
  });
  const notes = [
    ...plan.drifts.map(({key, what}) => `  ${key} was ${what}, and is left so`),
    ...plan.held.map(({key, reason}) => `  would not delete ${key}: ${reason}`),
  ].map(note => paint('yellow', note));
  return [...blocks, ...notes].join('\n');
}

/** The plan as data. */
export function diffDocument(plan: Plan, kindOf: (kind: KindName) => ResourceKind): object {
  return {
    changes: plan.changes.map(change => ({
      action: change.action,
      ...('command' in change ? {method: change.command.method, url: maskText(change.command.path)} : {object: change.key}),
      place: changePlace(change),
      reason: change.reason,
      refusal: 'command' in change ? change.refusal : undefined,
      diff: contentDiff(change, kindOf).join('\n') || undefined,
    })),
    drifts: plan.drifts,
    held: plan.held,
    unchanged: plan.same.size,
  };
}

/** A unified diff without the names of two files that do not exist. */
function contentDiff(change: Change, kindOf: (kind: KindName) => ResourceKind): readonly string[] {
  if (!changesContent(change)) return [];
  const [before, after] = sidesOf(change, kindOf);
  if (change.action === 'update' && before.join('\n') === after.join('\n')) return ['  only what is not shown differs'];
  const patch = structuredPatch('', '', textOf(before), textOf(after), '', '', {context: 3});
  return patch.hunks.flatMap(({oldStart, oldLines, newStart, newLines, lines}) => [
    `@@ -${rangeOf(oldStart, oldLines)} +${rangeOf(newStart, newLines)} @@`,
    ...lines.filter(line => !line.startsWith('\\')),
  ]);
}

function sidesOf(
  change: ObjectChange | RemoveChange,
  kindOf: (kind: KindName) => ResourceKind,
): readonly [before: readonly string[], after: readonly string[]] {
  const {kind: kindName, name} = change.action === 'delete' ? change : change.declared;
  const kind = kindOf(kindName);
  const held = change.observed === undefined || !kind.showsContent ? undefined : kind.shapeOf(name, change.observed);
  if (change.action === 'delete') return [held ? contentLines(held) : [], []];
  const declared = kind.shapeOf(name, change.declared.content);
  return held ? comparedLines(held, declared) : [[], contentLines(declared)];
}

/** A range of no lines stands behind the line it names. */
function rangeOf(start: number, count: number): string {
  return `${count === 0 ? start - 1 : start},${count}`;
}

function textOf(lines: readonly string[]): string {
  return lines.map(line => `${line}\n`).join('');
}

const colours = {green: 32, red: 31, yellow: 33, cyan: 36, plain: 0};

function colour(name: keyof typeof colours, text: string): string {
  return name === 'plain' ? text : `\u001b[${colours[name]}m${text}\u001b[0m`;
}

function headColour(action: Change['action']): keyof typeof colours {
  return action === 'create' ? 'green' : action === 'delete' ? 'red' : action === 'update' ? 'yellow' : 'cyan';
}

function lineColour(line: string): keyof typeof colours {
  return line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : line.startsWith('@@') ? 'cyan' : 'plain';
}
