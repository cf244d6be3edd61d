import {createTwoFilesPatch} from 'diff';
import {parseJson} from '#runner/base/json-text.ts';
import type {KindName} from '#runner/desired/declared.ts';
import {type Change, changePlace, describeChange} from '#runner/reconcile/change.ts';
import {inOrder} from '#runner/reconcile/order.ts';
import type {Plan} from '#runner/reconcile/plan.ts';
import type {ResourceKind} from '#runner/resources/resource-kind.ts';

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
    const reason = change.reason === 'declared' || change.reason === 'differs' ? '' : `: ${change.reason}`;
    const head = `${marks[change.action]} ${describeChange(change, false)}${reason}${place === undefined ? '' : `  (${place})`}`;
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
      ...('command' in change ? {method: change.command.method, url: change.command.path} : {object: change.key}),
      place: changePlace(change),
      reason: change.reason,
      diff: contentDiff(change, kindOf).join('\n') || undefined,
    })),
    drifts: plan.drifts,
    held: plan.held,
    unchanged: plan.same.size,
  };
}

function contentDiff(change: Change, kindOf: (kind: KindName) => ResourceKind): readonly string[] {
  if (change.action !== 'create' && change.action !== 'update' && change.action !== 'delete') return [];
  const kind = kindOf(change.action === 'delete' ? change.kind : change.declared.kind);
  const before = change.observed === undefined || !kind.showsContent ? '' : kind.show(change.observed);
  const after = change.action === 'delete' ? '' : kind.show(change.declared.content);
  if (change.action === 'update' && before === after) return ['  only values that are masked differ'];
  const patch = createTwoFilesPatch('', '', sorted(before), sorted(after), '', '', {context: 3});
  // Without the names of two files that do not exist.
  const lines = patch.split('\n');
  return lines.slice(lines.findIndex(line => line.startsWith('+++ ')) + 1).filter(line => line !== '' && !line.startsWith('\\'));
}

/** Keys in one order on both sides: engines sort them once a rule was started or stopped. */
function sorted(text: string): string {
  if (text === '') return '';
  if (!text.startsWith('{')) return `${text}\n`;
  const print = (node: ReturnType<typeof parseJson>, indent: string): string => {
    if (node.kind === 'object' && node.members.size > 0) {
      const lines = [...node.members]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, {value}]) => `${indent}  ${JSON.stringify(key)}: ${print(value, `${indent}  `)}`);
      return `{\n${lines.join(',\n')}\n${indent}}`;
    }
    if (node.kind === 'array' && node.items.length > 0)
      return `[\n${node.items.map(item => `${indent}  ${print(item, `${indent}  `)}`).join(',\n')}\n${indent}]`;
    return text.slice(node.start, node.end);
  };
  return `${print(parseJson(text), '')}\n`;
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
