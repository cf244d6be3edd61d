import type {PassReport} from '#runner/reconcile/pass-report.ts';
import type {ObjectStatus} from './status.ts';

/** Engine, files and objects as a table for a terminal. */
export function statusTable(report: PassReport, objects: readonly ObjectStatus[], useColour: boolean): string {
  const {engine, problem, files, revision} = report;
  const lines = [
    engine ? `engine    ${engine.version}, up ${engine.upTimeSeconds ?? '?'} s` : `engine    ${problem ?? 'not reached'}`,
    `revision  ${revision}`,
    ...(problem !== undefined && engine ? [`problem   ${problem}`] : []),
  ];
  for (const {name, state, problems} of files) {
    if (state !== 'good' || problems.length > 0) lines.push(`file      ${name}: ${state}`, ...problems.map(text => `          ${text}`));
  }
  const rows = objects.map(({kind, name, state, ruleState, place, error}) => [
    `${kind} ${name}`,
    state,
    ruleState ?? '',
    place ?? '',
    error ?? '',
  ]);
  const head = ['OBJECT', 'STATE', 'RULE', 'FILE', ''];
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map(row => row[i]!.length)));
  const layOut = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  lines.push('', layOut(head));
  for (const [i, row] of rows.entries()) {
    const isGood = objects[i]!.state === 'applied' && objects[i]!.healthy !== false;
    lines.push(useColour ? `\u001b[${isGood ? 32 : 31}m${layOut(row)}\u001b[0m` : layOut(row));
  }
  if (rows.length === 0) lines.push('no object is declared');
  return `${lines.join('\n')}\n`;
}
