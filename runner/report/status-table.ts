import type {Environment} from '#runner/base/environment.ts';
import type {PassReport} from '#runner/reconcile/pass-report.ts';
import {isTrouble, type ObjectStatus, stateWord, troubledFirst} from './status.ts';

const columns = ['OBJECT', 'STATE', 'RULE', 'FILE', ''] as const;
/** No column but the last takes more than this of a terminal. */
const widestShare = 0.4;
const red = 31;
const green = 32;
const yellow = 33;

/** Engine, files and objects as a table: what is in trouble first. Lines are cut to the terminal with an ellipsis; where nobody looks they are whole. */
export function statusTable(
  pass: PassReport,
  objects: readonly ObjectStatus[],
  {useColour, columns: width}: Pick<Environment, 'useColour' | 'columns'>,
): string {
  const paint = (colour: number, text: string) => (useColour ? `\u001b[${colour}m${text}\u001b[0m` : text);
  const lines: string[] = [];
  const say = (colour: number | undefined, text: string) => {
    const shown = width === undefined ? oneLine(text) : cut(oneLine(text), width);
    lines.push(colour === undefined ? shown : paint(colour, shown));
  };

  const {engine, problem, files, revision} = pass;
  say(
    engine ? undefined : red,
    `engine    ${engine ? `${engine.version}, up ${engine.upTimeSeconds ?? '?'} s` : (problem ?? 'not reached')}`,
  );
  say(undefined, `revision  ${revision}`);
  if (problem !== undefined && engine) say(red, `problem   ${problem}`);
  for (const {name, state, problems} of files) {
    if (state === 'good' && problems.length === 0) continue;
    say(state === 'good' ? yellow : red, `file      ${name}: ${state}`);
    for (const text of problems) say(undefined, `          ${text}`);
  }
  const troubled = objects.filter(isTrouble).length;
  if (objects.length > 0) say(troubled > 0 ? red : green, `objects   ${objects.length}, ${inWords(troubled)}`);
  lines.push('');

  const ordered = troubledFirst(objects);
  const rows = ordered.map(cellsOf);
  const widths = columns.map((title, i) => {
    const needed = rows.reduce((most, row) => Math.max(most, row[i]!.length), title.length);
    return width === undefined || i === columns.length - 1 ? needed : Math.min(needed, Math.floor(width * widestShare));
  });
  const layOut = (row: readonly string[]) =>
    row
      .map((cell, i) => (i === row.length - 1 ? cell : shorten(cell, widths[i]!).padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  if (rows.length === 0) lines.push('no object is declared');
  else say(undefined, layOut(columns));
  for (const [i, row] of rows.entries()) say(isTrouble(ordered[i]!) ? red : green, layOut(row));
  return `${lines.join('\n')}\n`;
}

function cellsOf(object: ObjectStatus): readonly string[] {
  const {kind, name, ruleState, reasons, place, error} = object;
  const words = error ?? reasons?.map(({text, forSeconds}) => (forSeconds > 0 ? `${text} (for ${forSeconds} s)` : text)).join('; ');
  return [`${kind} ${name}`, stateWord(object), ruleState ?? '', place ?? '', words ?? ''].map(oneLine);
}

function inWords(troubled: number): string {
  return troubled === 0 ? 'all in order' : `${troubled} not in order`;
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, Math.max(1, length - 1))}…`;
}

/** Names that are alike differ at their end, and so do places. */
function shorten(text: string, length: number): string {
  if (text.length <= length) return text;
  const tail = Math.floor((length - 1) / 2);
  return `${text.slice(0, length - 1 - tail)}…${text.slice(text.length - tail)}`;
}

/** Names and errors come from files and engines: nothing in them may move the cursor. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}
