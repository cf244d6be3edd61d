import {ArrokothError, errorCode, messageOf, NotFoundError} from '#engine/base/errors.ts';
import type {Logger} from '#engine/base/logger.ts';
import type {CreateStatement, SourceKind} from '#engine/language/ast/statement.ts';
import {parseStatement} from '#engine/language/parse.ts';
import {KeySpace} from '#engine/store/key-space.ts';
import type {Store} from '#engine/store/store.ts';
import type {SourceDefinition} from './catalog.ts';
import {declaredSchema} from './column-schema.ts';
import {checkIdentifier} from './identifier.ts';
import {effectiveOptions} from './source-options.ts';

/** Streams and tables in one name space, in memory and in the store; TEMP ones in memory only. */
export class DeclaredSources {
  readonly #sources = new Map<string, SourceDefinition>();
  readonly #stored: Readonly<Record<SourceKind, KeySpace>>;

  private constructor(store: Store) {
    this.#stored = {stream: new KeySpace(store, 'stream'), table: new KeySpace(store, 'table')};
  }

  /** A stored statement that cannot be read stays in the store and is reported: another version may read it. */
  static async open(store: Store, logger: Logger): Promise<DeclaredSources> {
    const declared = new DeclaredSources(store);
    for (const kind of ['stream', 'table'] as const) {
      for await (const [name, sql] of declared.#stored[kind].entries()) {
        try {
          declared.#sources.set(name, define(parseCreate(sql), sql));
        } catch (thrown) {
          logger.error(`stored ${kind} cannot be read`, {[kind]: name, error: messageOf(thrown)});
        }
      }
    }
    return declared;
  }

  get(name: string, kind?: SourceKind): SourceDefinition | undefined {
    const found = this.#sources.get(name);
    return kind === undefined || found?.kind === kind ? found : undefined;
  }

  /** Sorted by name. */
  list(kind: SourceKind): readonly SourceDefinition[] {
    return [...this.#sources.values()].filter(source => source.kind === kind).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  all(): Iterable<SourceDefinition> {
    return this.#sources.values();
  }

  async create(statement: CreateStatement, sql: string): Promise<SourceDefinition> {
    const {name, sourceKind} = statement;
    const definition = guarded(`Create ${sourceKind} fails: `, () => {
      checkIdentifier(name);
      if (this.#sources.has(name)) throw new ArrokothError(`Item ${name} already exists`);
      return define(statement, sql);
    });
    await this.#put(definition, undefined);
    return definition;
  }

  /** Creates what is not there. SHARED stays as it is, a version must grow, and nothing becomes temporary or stops being so. */
  async replace(statement: CreateStatement, sql: string): Promise<SourceDefinition> {
    const {name, sourceKind} = statement;
    const existing = this.#sources.get(name);
    if (!existing) return this.create(statement, sql);
    if (existing.kind !== sourceKind) throw new NotFoundError(`${sourceKind} ${name} is not found`);
    const definition = guarded(`Replace ${name} fails: `, () => {
      const next = define(statement, sql);
      if (existing.temporary || next.temporary) throw new ArrokothError('cannot replace with temp option');
      if (isShared(existing) !== isShared(next)) throw new ArrokothError(`do not support to change ${sourceKind} SHARED option`);
      return next;
    });
    checkVersion(existing, definition);
    await this.#put(definition, existing);
    return definition;
  }

  async drop(name: string, kind: SourceKind): Promise<void> {
    const existing = this.get(name, kind);
    if (!existing) throw new NotFoundError(`${kind} ${name} is not found`);
    this.#sources.delete(name);
    if (existing.temporary) return;
    try {
      await this.#stored[kind].delete(name);
    } catch (thrown) {
      this.#sources.set(name, existing);
      throw thrown;
    }
  }

  /** Taken before it is on disk, so that two creates of one name at the same moment cannot both succeed. */
  async #put(definition: SourceDefinition, previous: SourceDefinition | undefined): Promise<void> {
    const {name, kind, sql, temporary} = definition;
    this.#sources.set(name, definition);
    if (temporary) return;
    try {
      await this.#stored[kind].put(name, sql);
    } catch (thrown) {
      if (previous) this.#sources.set(name, previous);
      else this.#sources.delete(name);
      throw thrown;
    }
  }
}

/** The tree of a stored CREATE statement. */
export function parseCreate(sql: string): CreateStatement {
  const statement = parseStatement(sql);
  if (statement.kind !== 'create') throw new ArrokothError(`expected a CREATE statement, got "${sql}"`, {code: errorCode.streamProcessor});
  return statement;
}

function define(statement: CreateStatement, sql: string): SourceDefinition {
  const options = effectiveOptions(statement);
  return {
    name: statement.name,
    kind: statement.sourceKind,
    sql,
    options,
    declared: declaredSchema(statement.columns),
    temporary: options.get('TEMP') === 'true',
  };
}

function isShared(definition: SourceDefinition): boolean {
  return definition.options.get('SHARED') === 'true';
}

/** Versions compare as strings; equal counts as lower, as in eKuiper. */
function checkVersion(existing: SourceDefinition, next: SourceDefinition): void {
  const before = existing.options.get('VERSION') ?? '';
  const after = next.options.get('VERSION') ?? '';
  if ((before === '' && after === '') || after > before) return;
  throw new ArrokothError(`source ${next.name} already exists with version (${before}), new version (${after}) is lower`, {
    code: errorCode.streamProcessor,
  });
}

function guarded<T>(prefix: string, check: () => T): T {
  try {
    return check();
  } catch (thrown) {
    if (!(thrown instanceof ArrokothError)) throw thrown;
    throw new ArrokothError(`${prefix}${thrown.message}.`, {code: errorCode.streamProcessor, hint: thrown.hint, cause: thrown});
  }
}
