import type {Setting} from '#engine/base/settings.ts';

const typeWords: Readonly<Record<Setting<unknown>['type'], string>> = {
  text: 'text',
  flag: 'true, false',
  integer: 'whole number',
  number: 'number',
  duration: 'duration',
  choice: '',
  list: 'list',
  record: 'object',
  any: 'anything',
};

/** The reference page of cf.yaml, from the settings record. */
export function settingsPage(settings: Readonly<Record<string, Setting<unknown>>>): string {
  const rows = Object.entries(settings).map(([name, setting]) => {
    const {type, choices, summary, default: fallback, example} = setting;
    const values = choices ? choices.map(choice => `\`${choice}\``).join(', ') : typeWords[type];
    const shown = example === undefined ? '' : ` Example: \`${typeof example === 'string' ? example : JSON.stringify(example)}\`.`;
    return `| \`${name}\` | ${values} | ${defaultText(setting, fallback)} | ${summary.replaceAll('|', '\\|')}${shown} |`;
  });
  return `# Settings of the runner

The keys of \`cf.yaml\`. Each is also an environment variable, which goes first: \`RUNNER__\` and the key in any case, lists separated by commas
(\`RUNNER__COMMANDDIR=/etc/commands\`). An unknown key is a warning with the nearest known one; a bad value ends the program with file, line and
column. This page is made from \`runner/settings.ts\`.

| key | value | default | meaning |
|---|---|---|---|
${rows.join('\n')}
`;
}

function defaultText({type}: Setting<unknown>, fallback: unknown): string {
  if (fallback === '' || fallback === undefined || (Array.isArray(fallback) && fallback.length === 0)) return '';
  if (type === 'duration') return `\`${Number(fallback) % 1000 === 0 ? `${Number(fallback) / 1000}s` : `${fallback}ms`}\``;
  return `\`${fallback}\``;
}
