import {expect, it} from 'vitest';
import {readSources} from '#test/support/source-tree.ts';

const lines = readSources('engine', 'runner', 'demo')
  .map(file => ({path: file.path, lines: file.text.split('\n').length - 1}))
  .sort((a, b) => b.lines - a.lines);

it('no file is above 500 lines', () => {
  expect(lines.filter(file => file.lines > 500)).toEqual([]);
});

it('half of the files are at most 120 lines and nine of ten at most 300', () => {
  const at = (share: number) => lines[Math.floor(lines.length * (1 - share))]!.lines;
  console.log(`${lines.length} files, median ${at(0.5)} lines, p90 ${at(0.9)}, longest ${lines[0]!.path} with ${lines[0]!.lines}`);
  expect(at(0.5)).toBeLessThanOrEqual(120);
  expect(at(0.9)).toBeLessThanOrEqual(300);
});
