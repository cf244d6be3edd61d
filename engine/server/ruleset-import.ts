import {ArrokothError, messageOf} from '#engine/base/errors.ts';
import type {SourceKind} from '#engine/language/ast/statement.ts';
import {parseStatement} from '#engine/language/parse.ts';
import type {Ruleset} from './contract/ruleset.ts';
import type {ServerParts} from './route.ts';

export interface ImportCounts {
  readonly streams: number;
  readonly tables: number;
  readonly rules: number;
}

/**
 * Declares everything in `ruleset`, what exists already is replaced. What fails is left out, logged and not counted. What stands there word for
 * word is left alone, so that importing an export disturbs no running rule.
 */
export async function importRuleset(parts: ServerParts, ruleset: Ruleset): Promise<ImportCounts> {
  return {
    streams: await importSources(parts, 'stream', ruleset.streams),
    tables: await importSources(parts, 'table', ruleset.tables),
    rules: await importEach(parts, 'rule', ruleset.rules, (id, text) => importRule(parts, id, text)),
  };
}

function importSources(parts: ServerParts, kind: SourceKind, sources: Readonly<Record<string, string>>): Promise<number> {
  const {catalog} = parts;
  return importEach(parts, kind, sources, async (name, sql) => {
    const statement = parseStatement(sql);
    if (statement.kind !== 'create' || statement.sourceKind !== kind || statement.name !== name) {
      throw new ArrokothError(`expected CREATE ${kind.toUpperCase()} ${name}`);
    }
    if (catalog.source(name, kind)?.sql !== sql) await catalog.replaceSource(statement, sql);
  });
}

async function importRule({rules, catalog}: ServerParts, id: string, text: string): Promise<void> {
  const isRunning = () => rules.status(id)['status'] === 'running';
  if (catalog.rule(id) === text && isRunning()) return;
  await rules.update(id, text);
}

async function importEach(
  {logger}: ServerParts,
  kind: string,
  items: Readonly<Record<string, string>>,
  importOne: (name: string, text: string) => Promise<void>,
): Promise<number> {
  let count = 0;
  for (const [name, text] of Object.entries(items)) {
    try {
      await importOne(name, text);
      count++;
    } catch (thrown) {
      logger.error('import leaves something out', {[kind]: name, error: messageOf(thrown)});
    }
  }
  return count;
}
