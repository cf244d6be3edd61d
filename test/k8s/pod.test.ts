import {spawn} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {freePort} from '#test/support/free-port.ts';
import {findKustomize, type Manifest, renderOverlay} from '#test/support/kubernetes.ts';
import {pollUntil} from '#test/support/poll.ts';
import {collect, type RunningProgram} from '#test/support/program.ts';
import {projectRoot} from '#test/support/source-tree.ts';

interface Container {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: readonly {readonly name: string; readonly value: string}[];
  readonly volumeMounts: readonly {readonly name: string; readonly mountPath: string}[];
}

interface Volume {
  readonly name: string;
  readonly configMap?: {readonly name: string};
}

const kustomize = findKustomize();

/** What an operator's `kubectl create configmap NAME --from-file=FOLDER` puts into a mounted directory. */
const configMaps: Readonly<Record<string, string>> = {
  'arrokoth-etc': 'configs/etc',
  'arrokoth-device-models': 'configs/etc/sources/devices',
  'arrokoth-commands': 'configs/commands',
};

/**
 * Starts the containers of the rendered pod as processes: their own arguments, environment and mounts, with each mount a directory of this
 * machine. Ports are replaced by free ones, since nothing isolates them here.
 */
describe.skipIf(kustomize === undefined)('the pod of the kubeedge overlay (needs kustomize)', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'arrokoth-pod-'));
  const programs: RunningProgram[] = [];
  let enginePort = 0;
  let runnerPort = 0;

  beforeAll(async () => {
    enginePort = await freePort();
    runnerPort = await freePort();
    const manifests = renderOverlay(kustomize!, 'k8s/overlays/kubeedge');
    const deployment = manifests.find(manifest => manifest.kind === 'Deployment')!;
    const {containers, volumes} = (deployment['spec'] as {template: {spec: {containers: Container[]; volumes: Volume[]}}}).template.spec;
    for (const volume of volumes) fillVolume(path.join(directory, volume.name), volume, manifests);
    for (const container of containers) programs.push(startContainer(container));
  });

  afterAll(async () => {
    await Promise.all(programs.map(program => program.end()));
    rmSync(directory, {recursive: true, force: true});
  });

  /** Replaces paths below the container's mounts by those of this machine. */
  function local(container: Container, text: string): string {
    const mounts = [...container.volumeMounts].sort((a, b) => b.mountPath.length - a.mountPath.length);
    const mount = mounts.find(({mountPath}) => text === mountPath || text.startsWith(`${mountPath}/`));
    if (mount !== undefined) return path.join(directory, mount.name) + text.slice(mount.mountPath.length);
    // `/kuiper/sources` is a directory of the image that holds a mount point.
    const above = mounts.find(({mountPath}) => mountPath.startsWith(`${text}/`));
    if (above === undefined) return text;
    const folder = path.join(directory, `image-${container.name}`, text);
    mkdirSync(path.dirname(path.join(folder, above.mountPath.slice(text.length))), {recursive: true});
    cpSync(path.join(directory, above.name), path.join(folder, above.mountPath.slice(text.length)), {recursive: true});
    return folder;
  }

  function fillVolume(folder: string, volume: Volume, manifests: readonly Manifest[]): void {
    mkdirSync(folder, {recursive: true});
    const name = volume.configMap?.name;
    if (name === undefined) return;
    const rendered = manifests.find(manifest => manifest.kind === 'ConfigMap' && manifest.metadata.name === name);
    if (rendered)
      for (const [key, text] of Object.entries(rendered['data'] as Record<string, string>)) writeFileSync(path.join(folder, key), text);
    else cpSync(path.join(projectRoot, configMaps[name]!), folder, {recursive: true, filter: source => !source.endsWith('sources')});
  }

  function startContainer(container: Container): RunningProgram {
    const environment = Object.fromEntries((container.env ?? []).map(({name, value}) => [name, value]));
    const programArguments = container.args.map(argument => local(container, argument));
    if (container.name === 'engine') environment['KUIPER__BASIC__RESTPORT'] = String(enginePort);
    else {
      Object.assign(environment, {
        RUNNER__PORT: String(enginePort),
        RUNNER__HTTPPORT: String(runnerPort),
        RUNNER__COMMANDDIR: local(container, '/runner/commands'),
        RUNNER__STATEDIR: local(container, '/runner/state'),
      });
    }
    const program = path.join(projectRoot, 'dist', `${container.name}.js`);
    return collect(
      spawn(process.execPath, [program, ...programArguments], {cwd: directory, env: {PATH: process.env['PATH'], ...environment}}),
    );
  }

  it('becomes ready and holds what the command files declare, typed by the mounted device models', async () => {
    await pollUntil(async () => (await fetch(`http://127.0.0.1:${runnerPort}/readyz`)).ok, {
      withinMs: 20_000,
      what: () => programs.map(program => program.output()).join('\n'),
    });
    const engine = `http://127.0.0.1:${enginePort}`;
    const rules = (await (await fetch(`${engine}/rules`)).json()) as {id: string; status: string}[];
    expect(rules.map(({id, status}) => `${id} ${status}`)).toEqual([
      'average_10s running',
      'convert_pressure running',
      'hot_alarm running',
    ]);
    const schema = (await (await fetch(`${engine}/streams/devices/schema`)).json()) as Record<string, {type: string}>;
    expect(schema['temperature']).toMatchObject({type: 'float', unit: '°C'});
  });

  it('ends cleanly when the kubelet asks', async () => {
    expect(await Promise.all(programs.map(program => program.end('SIGTERM')))).toEqual([0, 0]);
  });
});
