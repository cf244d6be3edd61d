import {existsSync} from 'node:fs';
import {Command, InvalidArgumentError} from 'commander';
import {parseDuration} from '#engine/base/duration.ts';
import {messageOf} from '#engine/base/errors.ts';
import {nearest} from '#engine/base/nearest.ts';
import {keepHeapSmall} from './base/small-heap.ts';
import type {CommandLine} from './commands/compose.ts';

type Options = Omit<CommandLine, 'config'> & {readonly wait?: number; readonly out?: string};

const program = new Command('arrokoth-runner')
  .description('Keeps a Kuiper-compatible engine equal to the files of a directory.')
  .showHelpAfterError('(--help shows what there is)');

function command(
  name: string,
  description: string,
  run: (line: CommandLine & {readonly waitMs: number; readonly out?: string}) => Promise<number>,
  {isDefault = false, waits = true, writes = false} = {},
): void {
  const one = program
    .command(name, {isDefault})
    .description(description)
    .argument('[config]', 'the configuration file; cf.yaml of the working directory when there is one')
    .option('--engine <url>', 'address of the engine, in place of ip and port')
    .option('--commands <dir>', 'directory of the files, in place of commandDir')
    .option('--state <dir>', 'directory of the inventory, in place of stateDir');
  if (!isDefault) one.option('--json', 'the result as JSON');
  if (waits) one.option('--wait <duration>', 'wait so long for the engine, and repeat what may succeed later', readDuration, 0);
  if (writes) one.option('--out <dir>', 'write a file of each kind to this directory');
  one.action(async (config: string | undefined, {wait = 0, ...options}: Options) => {
    process.exitCode = await run({config, waitMs: wait, ...options});
  });
}

function readDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms < 0) throw new InvalidArgumentError('expected a duration such as 30s');
  return ms;
}

// Each command loads only what it uses: a probe must not wait for the diff printer.
command(
  'watch',
  'keep the engine equal to the files until SIGTERM',
  async line => {
    keepHeapSmall();
    return (await import('./commands/watch.ts')).watch(line);
  },
  {isDefault: true, waits: false},
);
command('diff', 'show what sync would do; exit 0 nothing, 1 error, 2 differences', async line =>
  (await import('./commands/diff.ts')).diff(line),
);
command('apply', 'create and update, delete nothing', async line => (await import('./commands/sync.ts')).sync(line, 'apply'));
command('sync', 'create, update, and delete what no file declares any more', async line =>
  (await import('./commands/sync.ts')).sync(line, 'sync'),
);
command('validate', 'check the files without an engine', async line => (await import('./commands/validate.ts')).validate(line), {
  waits: false,
});
command('dump', 'write what the engine holds as declarative files', async line => (await import('./commands/dump.ts')).dump(line), {
  writes: true,
});
command('status', 'show every object beside its file', async line => (await import('./commands/status.ts')).status(line));
command('ping', 'ask the engine who it is', async line => (await import('./commands/ping.ts')).ping(line));

/** A lone word is no configuration file: without this the default command would take `wach` for one. */
function refuseUnknownCommand(word: string | undefined): void {
  const known = [...program.commands.map(one => one.name()), 'help'];
  if (word === undefined || !/^[a-z]+$/i.test(word) || known.includes(word) || existsSync(word)) return;
  const near = nearest(word, known);
  program.error(`unknown command "${word}"${near === undefined ? '' : `, did you mean "${near}"?`}`);
}

try {
  refuseUnknownCommand(process.argv[2]);
  await program.parseAsync();
} catch (thrown) {
  // What was opened before the failure must not keep a process alive that does nothing.
  process.stderr.write(`${messageOf(thrown)}\n`, () => process.exit(1));
}
