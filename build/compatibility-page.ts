import {readFileSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {notYetSection} from './not-yet.ts';
import {realEngineSection} from './real-engine.ts';

const end = '<!-- end of generated -->';
const file = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'docs/compatibility.md');

/** The compatibility page with its generated sections as code and records have them; the rest is written by hand. */
export function compatibilityPage(): string {
  const sections = [
    ['scenarios', realEngineSection()],
    ['not yet', notYetSection()],
  ] as const;
  return sections.reduce((text, [name, content]) => withSection(text, name, content), readFileSync(file, 'utf8'));
}

function withSection(text: string, name: string, content: string): string {
  const begin = `<!-- generated: ${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`docs/compatibility.md: expected "${begin}" and then "${end}"`);
  return `${text.slice(0, from)}${begin}\n\n${content}\n\n${text.slice(to)}`;
}
