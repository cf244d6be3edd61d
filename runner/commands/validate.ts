import {pause} from '#runner/base/monotonic-clock.ts';
import {placeOf} from '#runner/desired/declared.ts';
import {conflictText, mergeDeclarations} from '#runner/desired/desired-state.ts';
import {foldFile} from '#runner/desired/fold.ts';
import {formatProblem, type Problem} from '#runner/desired/problem.ts';
import {readRevision} from '#runner/directory/read-revision.ts';
import {createScope, withinScope} from '#runner/reconcile/scope.ts';
import {commandRoutes, kindOf} from '#runner/resources/registry.ts';
import {type CommandLine, setUp, valuesOf} from './compose.ts';

/** Checks every file without an engine. 0: all in order; 1: not. SQL that does not parse is an error here. */
export async function validate(line: CommandLine): Promise<number> {
  const setup = setUp(line, {isService: false});
  const {settings, clock} = setup;
  const values = valuesOf(setup);
  const revision = await readRevision(settings.commandDir, () => pause(clock, 40));
  if (revision.state === 'unreadable') {
    write(line, {ok: false, problems: [revision.reason]}, [revision.reason]);
    return 1;
  }
  const problems: Problem[] = [];
  const declarations = [];
  for (const file of revision.files) {
    if ('unreadable' in file) {
      problems.push({severity: 'error', file: file.name, line: 1, column: 1, message: file.unreadable});
      continue;
    }
    const folded = foldFile(file.name, file.text, file.hash, commandRoutes, values);
    problems.push(...folded.problems);
    declarations.push(folded.declarations);
  }
  const scope = createScope(settings.scope, settings.scopeObjects);
  const {conflicts, objects} = withinScope(mergeDeclarations(declarations), scope, kindOf);
  const disagreements = [...conflicts.values()].map(
    conflict => `${placeOf(conflict.origins[0]!)}: ${conflict.key}: ${conflictText(conflict)}`,
  );
  const isGood = disagreements.length === 0 && problems.every(({severity}) => severity === 'warning');
  const lines = [
    ...problems.map(problem => `${formatProblem(problem)}${problem.severity === 'warning' ? ' (warning)' : ''}`),
    ...disagreements,
  ];
  const summary = `${revision.files.length} files, ${objects.size} objects: ${isGood ? 'in order' : 'not in order'}`;
  write(line, {ok: isGood, files: revision.files.length, objects: objects.size, problems, conflicts: disagreements}, [...lines, summary]);
  return isGood ? 0 : 1;
}

function write({json}: CommandLine, document: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(document, null, 2)}\n` : `${lines.join('\n')}\n`);
}
