import {nearest} from '#engine/base/nearest.ts';
import type {FileCommand} from './command-file.ts';
import {CommandError, type CommandRoute, type Effect} from './command-route.ts';

/** First path segments of the Kuiper REST API. A command for another one is a typing error, not a wish. */
const families = [
  'streams',
  'tables',
  'streamdetails',
  'tabledetails',
  'rules',
  'ruleset',
  'ruletest',
  'data',
  'config',
  'configs',
  'connections',
  'metadata',
  'plugins',
  'schemas',
  'services',
  'udf',
  'async',
  'batch',
  'tracer',
  'trace',
  'metrics',
  'ping',
  'stop',
  'v2',
];

/** Actions that others build on, done before anything is declared. */
const groundwork = new Set(['plugins', 'config', 'configs', 'data', 'ruleset', 'async', 'v2']);

/** Words that stand where an id does: `POST /rules/validate` is no rule. */
const fixedWords = new Set(['validate', 'bulkstart', 'bulkstop', 'status', 'usage', 'tags']);

export type Meaning = Effect | {readonly effect: 'act'; readonly phase: 'before' | 'after'};

/** What a command means, by the routes of all kinds. Throws CommandError. */
export function meaningOf(command: FileCommand, routes: readonly CommandRoute[]): Meaning {
  const [family] = command.segments;
  if (family === undefined) return {effect: 'ask'};
  if (!families.includes(family)) {
    const near = nearest(family, families);
    throw new CommandError(
      `unknown URL "${command.url}": the engine has no "/${family}"${near === undefined ? '' : `, did you mean "/${near}"`}`,
      undefined,
    );
  }
  if (command.method === 'GET') return {effect: 'ask'};
  const atPath = routes.flatMap(route => {
    const parameters = matchPath(route.path, command.segments);
    return parameters ? [{route, parameters}] : [];
  });
  const match = atPath.find(({route}) => route.method === command.method);
  if (match) return match.route.read(command, match.parameters);
  if (atPath.length > 0 && !fixedWords.has(command.segments.at(-1)!)) {
    const known = ['GET', ...new Set(atPath.map(({route}) => route.method))];
    throw new CommandError(`${command.method} is not known for "${command.url}"; expected ${known.join(', ')}`);
  }
  return {effect: 'act', phase: groundwork.has(family) ? 'before' : 'after'};
}

function matchPath(pattern: string, segments: readonly string[]): Readonly<Record<string, string>> | undefined {
  const parts = pattern.split('/').slice(1);
  if (parts.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [i, part] of parts.entries()) {
    if (part.startsWith('{')) parameters[part.slice(1, -1)] = segments[i]!;
    else if (part !== segments[i]) return undefined;
  }
  return parameters;
}
