// docs/reference/templates.md, from the table of functions.
import {compileTemplate} from '#engine/templates/compile-template.ts';
import {refusedFunctions} from '#engine/templates/functions/refused.ts';
import {templateFamilies} from '#engine/templates/functions/registry.ts';
import type {TemplateFamily, TemplateFunction} from '#engine/templates/functions/template-function.ts';
import {code, page, table} from './markdown.ts';

export function templatesPage(): string {
  const refused = Array.from(refusedFunctions, ([name, reason]) => [code(name), reason]);
  return page('Templates', [
    'A data template and every property that may hold `{{…}}` is a Go text/template with the functions of sprig. The data are the list of rows, or one row with `sendSingle`.',
    'Numbers of a payload are floats: compare with `30.0`. A missing member prints `<no value>`. A template that cannot be read is refused, with line and column, when its rule is made; one that fails on its data costs that message. One rendering takes at most a million steps and makes at most 16 MiB of text.',
    '## Actions',
    table(
      ['Action', 'Meaning'],
      actions.map(([action, meaning]) => [code(action), meaning]),
    ),
    ...templateFamilies.flatMap(familySection),
    '## Refused',
    table(['Function', 'Why'], refused),
  ]);
}

const actions: readonly (readonly [action: string, meaning: string])[] = [
  ['{{.a.b}}', 'Member `b` of member `a` of the data; `{{.}}` is the data, `{{$}}` the data at the beginning.'],
  ['{{upper .a | quote}}', 'A function with its arguments; the result is the last argument of the next.'],
  ['{{index (fromJson .a) 0}}', 'Parentheses hold an argument that is a call.'],
  ['{{$x := .a}} {{$x = .b}}', 'Declares a variable; sets it.'],
  ['{{if .a}} {{else if .b}} {{else}} {{end}}', 'False are false, 0, null, what is missing, and empty texts, lists and objects.'],
  ['{{range $i, $e := .xs}} {{else}} {{end}}', 'Once for each element, member or number below an int; `{{break}}` and `{{continue}}`.'],
  ['{{with .a}} {{else}} {{end}}', 'With `.` as the value, where it counts as true.'],
  ['{{define "t"}} {{end}} {{template "t" .a}} {{block "t" .a}} {{end}}', 'A template of a name, its use, both at once.'],
  ['{{- .a -}}', 'Without the white space before or after.'],
  ['{{/* a note */}}', 'Nothing.'],
  ['"a\\n" `a` \'a\' 12 0x1F 1.5 true nil', 'Literals: text, raw text, character as an int, int, float, bool, nothing.'],
  ['{{and .a .b}} {{or .a .b}}', 'The first value that decides, else the last; values after it are not looked at.'],
];

function familySection({title, functions}: TemplateFamily): readonly string[] {
  const rows = Object.entries(functions).map(([name, one]) => [
    [name, ...one.aliases].map(code).join(' '),
    one.summary,
    one.example === '' ? '' : `${inline(one.example)} → ${inline(output(one))}`,
  ]);
  return [`## ${title}`, table(['Function', 'What it gives', 'Example'], rows)];
}

function output({example}: TemplateFunction): string {
  return JSON.stringify(compileTemplate(example, () => 1_700_000_000_000).render({}))
    .slice(1, -1)
    .replaceAll('\\"', '"');
}

/** Code that may hold back-quotes. */
function inline(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : code(text);
}
