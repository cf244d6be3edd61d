import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {projectRoot} from './source-tree.ts';

/** A fenced code block of a page. */
export interface CodeBlock {
  /** First word behind the fence: `sh`, `sql`, `json` … */
  readonly language: string;
  /** What follows it: `answer`, `message alarms`, `in`, `out`. */
  readonly role: string;
  readonly text: string;
  readonly line: number;
}

/** Paths from the project's root of every page written for people. */
export function pages(): readonly string[] {
  const below = (folder: string) =>
    readdirSync(path.join(projectRoot, folder), {recursive: true, encoding: 'utf8'}).map(name => path.posix.join(folder, name));
  const top = readdirSync(projectRoot);
  return [...top, ...['docs', 'engine', 'runner', 'demo', 'configs', 'k8s'].flatMap(below)].filter(name => name.endsWith('.md')).sort();
}

export function readPage(page: string): string {
  return readFileSync(path.join(projectRoot, page), 'utf8');
}

export function codeBlocks(text: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const opening = /^( *)```(\S*) *(.*)$/.exec(lines[i]!);
    if (!opening) continue;
    const [, indent = '', language = '', role = ''] = opening;
    const from = i + 1;
    while (++i < lines.length && lines[i] !== `${indent}\`\`\``);
    const content = lines.slice(from, i).map(line => line.slice(indent.length));
    blocks.push({language, role: role.trim(), text: content.join('\n'), line: from});
  }
  return blocks;
}

/** The page without its code blocks and comments, line for line. */
export function prose(text: string): string {
  const blank = (block: string): string => block.replace(/[^\n]/g, '');
  return text.replace(/^( *)```[^\n]*\n[\s\S]*?\n\1```$/gm, blank).replace(/<!--[\s\S]*?-->/g, blank);
}
