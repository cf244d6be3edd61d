import {describe, expect, it} from 'vitest';
import {readSources, resolveImport, type SourceFile} from '#test/support/source-tree.ts';

/** Ground first: a folder of the engine imports only from itself and from those before it. */
const floors = [
  'base',
  'values',
  'language',
  'functions',
  'formats',
  'templates',
  'kubeedge',
  'store',
  'catalog',
  'planner',
  'operators',
  'compiler',
  'connectors',
  'runtime',
  'server',
] as const;

/** Contracts (types only) that a lower floor may name: what an operator or a function is told about. */
const runnerMayImport = ['engine/base/', 'engine/language/', 'engine/server/contract/', 'engine/values/'];

/** Who may load a package; everybody else goes through them. */
const owners: Readonly<Record<string, readonly RegExp[]>> = {
  axios: [/^engine\/connectors\/http\//],
  yaml: [/^engine\/base\/yaml\.ts$/, /^runner\/(directory|desired|settings|base)/],
  chokidar: [/^engine\/base\/watch-paths\.ts$/, /^runner\/directory\//],
  mqtt: [/^engine\/connectors\/mqtt\//, /^demo\//],
  fastify: [/^engine\/server\//],
  'classic-level': [/^engine\/store\//],
  '@bokuweb/zstd-wasm': [/^engine\/base\/zstd\.ts$/],
  luxon: [/^engine\/values\//],
  re2js: [/^engine\/(values|functions|compiler)\//],
  pino: [/^engine\/base\/pino-logger\.ts$/, /^runner\//],
  aedes: [/^demo\//],
  'prom-client': [/^engine\/server\//],
  commander: [/^runner\//],
  cron: [/^runner\//],
};

const sources = readSources('engine', 'runner', 'demo');
const byPath = new Map(sources.map(file => [file.path, file]));

function floorOf(file: string): number {
  const folder = /^engine\/([^/]+)\//.exec(file)?.[1];
  return folder === undefined ? floors.length : floors.indexOf(folder as (typeof floors)[number]);
}

function violations(check: (file: SourceFile, target: string, isType: boolean) => string | undefined): string[] {
  return sources.flatMap(file =>
    file.imports.flatMap(({specifier, typeOnly}) => {
      const target = resolveImport(file.path, specifier);
      const fault = target === undefined ? undefined : check(file, target, typeOnly);
      return fault === undefined ? [] : [fault];
    }),
  );
}

describe('the import rules', () => {
  it('know every folder of the engine', () => {
    const unknown = sources.map(file => file.path).filter(file => file.startsWith('engine/') && floorOf(file) === -1);
    expect(unknown).toEqual([]);
  });

  it('let a folder of the engine import only from those below it', () => {
    const upwards = violations((file, target) =>
      file.path.startsWith('engine/') && target.startsWith('engine/') && floorOf(target) > floorOf(file.path)
        ? `${file.path} → ${target}`
        : undefined,
    );
    expect(upwards).toEqual([]);
  });

  it('let nobody import a main.ts', () => {
    expect(violations((file, target) => (target.endsWith('/main.ts') ? `${file.path} → ${target}` : undefined))).toEqual([]);
  });

  it('keep the runner to base, language, values and the REST contract of the engine', () => {
    const outside = violations((file, target) =>
      file.path.startsWith('runner/') && target.startsWith('engine/') && !runnerMayImport.some(prefix => target.startsWith(prefix))
        ? `${file.path} → ${target}`
        : undefined,
    );
    expect(outside).toEqual([]);
  });

  it('keep the engine free of the runner and the demo', () => {
    expect(
      violations((file, target) =>
        file.path.startsWith('engine/') && !target.startsWith('engine/') ? `${file.path} → ${target}` : undefined,
      ),
    ).toEqual([]);
  });

  it('name a concrete connector or format in its registry only', () => {
    const concrete = /^engine\/(connectors|formats)\/(.+)$/;
    const shared = /^engine\/(connectors\/(connector|registry|sink-settings)|formats\/(format|registry|strict-validation))\.ts$/;
    const named = violations((file, target) => {
      const folder = concrete.exec(target)?.[1];
      if (folder === undefined || shared.test(target) || file.path.startsWith(`engine/${folder}/`) || file.path === 'engine/main.ts')
        return undefined;
      return `${file.path} → ${target}`;
    });
    expect(named).toEqual([]);
  });

  it('reach files that exist', () => {
    const missing = violations((file, target) =>
      byPath.has(target) || target.endsWith('.js') || target.endsWith('.d.ts') ? undefined : `${file.path} → ${target}`,
    );
    expect(missing).toEqual([]);
  });

  it('give every package one owner in each program', () => {
    const strangers = sources.flatMap(file =>
      file.imports.flatMap(({specifier, typeOnly}) => {
        const allowed = owners[specifier] ?? owners[specifier.split('/')[0]!];
        return allowed === undefined || typeOnly || allowed.some(pattern => pattern.test(file.path))
          ? []
          : [`${file.path} loads ${specifier}`];
      }),
    );
    expect(strangers).toEqual([]);
  });

  it('have no cycle of values', () => {
    expect(cycles()).toEqual([]);
  });

  it('have no barrels', () => {
    const barrels = sources.filter(file => file.path.endsWith('/index.ts') || /^export \* from/m.test(file.text)).map(file => file.path);
    expect(barrels).toEqual([]);
  });

  it('keep the clock, the environment and chance at the edges', () => {
    const impure = /\bDate\.now\(|\bnew Date\(\)|\bprocess\.env\b|\bMath\.random\(/;
    const allowed = /^(engine\/base|runner\/base|demo)\/|\/main\.ts$/;
    const found = sources.filter(file => !allowed.test(file.path) && impure.test(withoutComments(file.text))).map(file => file.path);
    expect(found).toEqual([]);
  });
});

function cycles(): string[] {
  const state = new Map<string, 'open' | 'done'>();
  const found: string[] = [];
  const visit = (file: SourceFile, trail: readonly string[]) => {
    if (state.get(file.path) === 'done') return;
    if (state.get(file.path) === 'open') {
      found.push([...trail.slice(trail.indexOf(file.path)), file.path].join(' → '));
      return;
    }
    state.set(file.path, 'open');
    for (const {specifier, typeOnly} of file.imports) {
      const target = typeOnly ? undefined : byPath.get(resolveImport(file.path, specifier) ?? '');
      if (target) visit(target, [...trail, file.path]);
    }
    state.set(file.path, 'done');
  };
  for (const file of sources) visit(file, []);
  return found;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}
