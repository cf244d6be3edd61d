import {execFileSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {parseAllDocuments} from 'yaml';
import {projectRoot} from './source-tree.ts';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {readonly name: string};
  readonly [key: string]: unknown;
}

/** Path of kustomize, or undefined where it is not installed. */
export function findKustomize(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), path.join(process.env['HOME'] ?? '/root', 'go/bin')];
  return folders.map(folder => path.join(folder, 'kustomize')).find(file => existsSync(file));
}

/** What `kubectl apply -k` would send. */
export function renderOverlay(kustomize: string, folder: string): readonly Manifest[] {
  const text = execFileSync(kustomize, ['build', path.join(projectRoot, folder)], {encoding: 'utf8'});
  return parseAllDocuments(text).map(document => document.toJS() as Manifest);
}

type Validate = {
  (data: unknown): boolean;
  errors?: readonly {instancePath: string; message?: string; keyword: string; params: unknown}[] | null;
};

/**
 * Faults of a manifest by the schemas of Kubernetes, unknown fields included. The compiled validators pass unknown fields, so they are given
 * a proxy that notes which members they look at: a member never looked at is none the schema knows.
 */
export async function manifestFaults(manifest: Manifest): Promise<readonly string[]> {
  const validate = await schemaOf(manifest.apiVersion, manifest.kind);
  if (validate === undefined) return [`no schema for ${manifest.apiVersion} ${manifest.kind}`];
  const seen = new Set<string>();
  const isValid = validate(watch(manifest, '', seen));
  const invalid = isValid
    ? []
    : (validate.errors ?? []).map(error => `${error.instancePath}: ${error.keyword} ${JSON.stringify(error.params)}`);
  return [...invalid, ...unseen(manifest, '', seen).map(field => `${field}: unknown field`)];
}

async function schemaOf(apiVersion: string, kind: string): Promise<Validate | undefined> {
  const parts = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  const name = [...parts[0]!.split('.')[0]!.split('-'), parts[1]!].map(word => word[0]!.toUpperCase() + word.slice(1)).join('');
  const file = path.join(projectRoot, `node_modules/kubernetes-models/_schemas/IoK8sApi${name}${kind}.mjs`);
  if (!existsSync(file)) return undefined;
  const module = (await import(pathToFileURL(file).href)) as {validate: Validate};
  return module.validate;
}

function watch(value: unknown, at: string, seen: Set<string>): unknown {
  if (value === null || typeof value !== 'object') return value;
  return new Proxy(value, {
    get(target, key) {
      const member = Reflect.get(target, key) as unknown;
      if (typeof key !== 'string' || !Object.hasOwn(target, key)) return member;
      seen.add(`${at}/${key}`);
      return watch(member, `${at}/${key}`, seen);
    },
  });
}

function unseen(value: unknown, at: string, seen: ReadonlySet<string>): string[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const field = `${at}/${key}`;
    return seen.has(field) ? unseen(member, field, seen) : [field];
  });
}
