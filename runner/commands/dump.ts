import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {ArrokothError, messageOf} from '#engine/base/errors.ts';
import {type JsonObject, printJson} from '#runner/base/json-text.ts';
import {pause} from '#runner/base/monotonic-clock.ts';
import {printYaml} from '#runner/base/print-yaml.ts';
import {foldFile} from '#runner/desired/fold.ts';
import type {SectionName} from '#runner/desired/objects-schema.ts';
import {formatProblem} from '#runner/desired/problem.ts';
import {Values} from '#runner/desired/values.ts';
import {readRevision} from '#runner/directory/read-revision.ts';
import {readEngineDump} from '#runner/observed/engine-dump.ts';
import {RequestFailure} from '#runner/observed/engine-request.ts';
import {ObservationError} from '#runner/observed/engine-view.ts';
import {type DeclaredDump, declareDump} from '#runner/report/declared-dump.ts';
import {commandRoutes} from '#runner/resources/registry.ts';
import {compose, type Runner, valuesOf} from './compose.ts';
import type {SyncLine} from './sync.ts';
import {waitUntilUp} from './wait-until-up.ts';

export interface DumpLine extends SyncLine {
  /** A directory for one file of each kind, in place of standard output. */
  readonly out?: string | undefined;
}

/** Writes what the engine holds as declarative files. 0: all of it; 1: the engine cannot be read, or holds what the form has no word for. */
export async function dump(line: DumpLine): Promise<number> {
  // Standard output is the result's.
  const runner = await compose({...line, json: true}, {isService: false});
  const {client, clock, settings, log} = runner;
  try {
    await waitUntilUp(client, clock, clock.now() + line.waitMs, new AbortController().signal);
    const held = await readEngineDump(client, settings.parallelism);
    const declared = declareDump(held, await knownFiles(runner));
    const {sections} = declared;
    if (line.out === undefined) process.stdout.write(printSections(declared, [...sections.keys()], client.url, line.json === true));
    else await writeFolder(line.out, declared, client.url, line.json === true);
    const faults = [...held.unshown.map(name => `the engine does not show what ${name} was made of`), ...faultsOf(declared, runner)];
    for (const fault of faults) log.warn(fault);
    return faults.length === 0 ? 0 : 1;
  } catch (thrown) {
    if (!(thrown instanceof RequestFailure) && !(thrown instanceof ObservationError)) throw thrown;
    log.error(thrown.message);
    return 1;
  } finally {
    client.close();
  }
}

/** Which file a value came out of, as far as the files of the directory say. */
async function knownFiles(runner: Runner): Promise<(value: string) => string | undefined> {
  const values = valuesOf(runner);
  const revision = await readRevision(runner.settings.commandDir, () => pause(runner.clock, 40));
  if (revision.state === 'read')
    for (const file of revision.files) if ('text' in file) foldFile(file.name, file.text, file.hash, commandRoutes, values);
  return value => values.pathOf(value);
}

function printSections({sections, secrets}: DeclaredDump, names: readonly SectionName[], url: string, asJson: boolean): string {
  const members = names.map(name => [name, {keyStart: 0, value: sections.get(name)!}] as const);
  const root: JsonObject = {kind: 'object', members: new Map(members), start: 0, end: 0};
  if (asJson) return `${printJson(root)}\n`;
  const body = names.length === 0 ? 'streams: {}\n' : printYaml(root);
  const needed = secrets.filter(name => body.includes(`\${${name}`));
  const head = [`What ${url} holds.`, ...(needed.length > 0 ? [`Secrets, to be set before use: ${needed.join(', ')}.`] : [])];
  return `${head.map(line => `# ${line}\n`).join('')}\n${body}`;
}

async function writeFolder(folder: string, declared: DeclaredDump, url: string, asJson: boolean): Promise<void> {
  const names = [...declared.sections.keys()];
  try {
    await mkdir(folder, {recursive: true});
    for (const name of names)
      await writeFile(path.join(folder, `${name}.${asJson ? 'json' : 'yaml'}`), printSections(declared, [name], url, asJson));
  } catch (thrown) {
    throw new ArrokothError(`cannot write to "${folder}": ${messageOf(thrown)}`, {cause: thrown});
  }
  process.stdout.write(names.length === 0 ? 'the engine holds nothing\n' : `wrote ${names.join(', ')} to ${folder}\n`);
}

/** What the runner would say of the dump as a file, its secrets set. */
function faultsOf(declared: DeclaredDump, {client, settings}: Runner): readonly string[] {
  if (declared.sections.size === 0) return [];
  const {valueDirs, labelsFile} = settings;
  const environment = Object.fromEntries(declared.secrets.map(name => [name, '0']));
  const values = new Values({environment, variables: ['*'], valueDirs, labelsFile});
  const text = printSections(declared, [...declared.sections.keys()], client.url, false);
  const {problems} = foldFile('dump.yaml', text, '', commandRoutes, values);
  return problems
    .filter(({severity}) => severity === 'error')
    .map(problem => `the declarative form does not take this: ${formatProblem(problem)}`);
}
