import {isInSync} from '#runner/reconcile/pass-report.ts';
import {
  countRules,
  isTrouble,
  type ObjectStatus,
  objectStatuses,
  type Situation,
  type StatusContext,
  secondsAgo,
  stateWord,
  troubledFirst,
} from './status.ts';

/** A page that a browser can show at once; beyond it `/status` has everything. */
const mostRows = 500;

const style = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color:#222;background:#fff}
h1{font-size:1.4rem}table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.2rem 1.2rem .2rem 0}
th{border-bottom:1px solid #999}.bad{color:#b00020}.good{color:#1b6e2c}code{font-size:.9em}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}.bad{color:#ff8a80}.good{color:#81c784}}`;

/** The state as a page for people: no script, nothing from elsewhere, what is in trouble first. Looks again every ten seconds. */
export function statusPage(situation: Situation | undefined, {engineUrl, absence}: Pick<StatusContext, 'engineUrl' | 'absence'>): string {
  const {pass, health, now} = situation ?? {};
  const rules = countRules(health);
  const isReachable = pass?.engine !== undefined && absence === undefined;
  const isGood = pass !== undefined && isReachable && isInSync(pass) && rules.unhealthy === 0;
  const facts: [string, string][] = [
    [
      'engine',
      isReachable ? `${engineUrl}, version ${pass.engine?.version}` : `${engineUrl}: ${absence ?? pass?.problem ?? 'not asked yet'}`,
    ],
    ['revision', pass?.revision ?? ''],
    [
      'last pass',
      pass && now !== undefined ? `${secondsAgo(pass.at, now)} s ago${pass.problem === undefined ? '' : `: ${pass.problem}`}` : 'none yet',
    ],
    ['rules', `${rules.healthy} well, ${rules.unhealthy} not`],
  ];
  const shown = troubledFirst(situation ? objectStatuses(situation) : []);
  const files = (pass?.files ?? []).filter(({state, problems}) => state !== 'good' || problems.length > 0);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="10">
<title>runner: ${isGood ? 'in order' : 'not in order'}</title><style>${style}</style></head><body>
<h1 class="${isGood ? 'good' : 'bad'}">${isGood ? 'Everything is as declared' : 'Not everything is as declared'}</h1>
<table>${facts.map(([name, text]) => `<tr><th scope="row">${name}</th><td>${escaped(text)}</td></tr>`).join('\n')}</table>
${files.length === 0 ? '' : `<h2>Files</h2>\n<table>${files.map(({name, state, problems}) => row(state !== 'good', [name, state, problems.join('\n')])).join('\n')}</table>`}
<h2>Objects</h2>
<table><tr><th>object</th><th>state</th><th>rule</th><th>place</th><th></th></tr>
${shown.slice(0, mostRows).map(objectRow).join('\n')}
</table>
${shown.length > mostRows ? `<p>and ${shown.length - mostRows} more in <a href="/status"><code>/status</code></a></p>` : ''}
<p><a href="/status">status</a> · <a href="/metrics">metrics</a></p>
</body></html>
`;
}

function objectRow(object: ObjectStatus): string {
  const {kind, name, ruleState, place, error, reasons} = object;
  const words = error ?? reasons?.map(({text, forSeconds}) => `${text} (for ${forSeconds} s)`).join('; ') ?? '';
  return row(isTrouble(object), [`${kind} ${name}`, stateWord(object), ruleState ?? '', place ?? '', words]);
}

function row(isBad: boolean, cells: readonly string[]): string {
  return `<tr class="${isBad ? 'bad' : 'good'}">${cells.map(cell => `<td>${escaped(cell).replace(/\n/g, '<br>')}</td>`).join('')}</tr>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
