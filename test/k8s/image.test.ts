import {execFileSync, spawn} from 'node:child_process';
import {chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, describe, expect, it} from 'vitest';
import {type DockerStage, readDockerfile} from '#test/support/dockerfile.ts';
import {freePort} from '#test/support/free-port.ts';
import {pollUntil} from '#test/support/poll.ts';
import {collect} from '#test/support/program.ts';
import {projectRoot} from '#test/support/source-tree.ts';

/** A mount namespace and a read-only bind mount need root. */
const canIsolate = process.getuid?.() === 0 && existsSync('/usr/bin/unshare') && existsSync('/usr/sbin/chroot');

/**
 * Replays the steps of each target in an empty root: COPY copies, RUN runs, then the program starts as the image's user with the root read-only.
 * The stage `build` is this checkout, built. Nothing of the base image is there but Node, a shell's few commands and their libraries.
 */
describe.skipIf(!canIsolate)('the container image (needs root and unshare)', () => {
  const stages = readDockerfile(path.join(projectRoot, 'Dockerfile'));
  const roots: string[] = [];
  afterAll(() => {
    for (const root of roots) rmSync(root, {recursive: true, force: true});
  });

  for (const target of ['engine', 'runner']) {
    it(`${target} starts as a non-root user on a read-only root and is healthy`, {timeout: 120_000}, async () => {
      const stage = stages.find(one => one.name === target)!;
      const root = mkdtempSync(path.join(tmpdir(), `arrokoth-image-${target}-`));
      roots.push(root);
      chmodSync(root, 0o755);
      replay(stage, root);
      const port = await freePort();
      const program = startReadOnly(
        stage,
        root,
        target === 'engine' ? {KUIPER__BASIC__RESTPORT: String(port)} : {RUNNER__HTTPPORT: String(port), RUNNER__PORT: '1'},
      );
      try {
        await pollUntil(async () => (await fetch(`http://127.0.0.1:${port}/${target === 'engine' ? 'ping' : 'healthz'}`)).ok, {
          withinMs: 20_000,
          what: program.output,
        });
        expect(stage.healthcheck?.at(-1)).toContain(target === 'engine' ? ':9081/ping' : ':9082/healthz');
      } finally {
        expect(await program.end('SIGTERM'), program.output()).toBe(0);
      }
    });
  }

  function replay(stage: DockerStage, root: string): void {
    installBase(root);
    for (const {from, to} of stage.copies) {
      const source = path.join(projectRoot, from.startsWith('/src/') ? from.slice(5) : from);
      const target = path.join(root, stage.workdir, to);
      mkdirSync(path.dirname(target), {recursive: true});
      cpSync(source, target, {recursive: true, verbatimSymlinks: true, filter: file => !isDevelopmentOnly(file)});
    }
    for (const command of stage.runs) execFileSync('chroot', [root, '/bin/sh', '-c', `cd ${stage.workdir} && ${command}`]);
    // Files that a pod would mount.
    if (stage.name === 'runner')
      writeFileSync(
        path.join(root, stage.workdir, 'cf.yaml'),
        'ip: 127.0.0.1\nport: 9081\ncommandDir: /runner/commands\nstateDir: /runner/state\n',
      );
  }

  /** Node and the few commands of RUN steps, with the libraries they name. */
  function installBase(root: string): void {
    for (const folder of ['tmp', 'proc', 'dev', 'etc']) mkdirSync(path.join(root, folder), {recursive: true});
    const programs = [process.execPath, '/bin/sh', '/bin/mkdir', '/bin/chown'];
    for (const program of programs) {
      copyInto(root, program, program === process.execPath ? '/usr/local/bin/node' : program);
      const libraries = execFileSync('ldd', [program], {encoding: 'utf8'}).matchAll(/(\/\S+\.so\S*)/g);
      for (const [library] of libraries) copyInto(root, library, library);
    }
  }

  function copyInto(root: string, from: string, to: string): void {
    mkdirSync(path.join(root, path.dirname(to)), {recursive: true});
    cpSync(from, path.join(root, to), {dereference: true});
  }

  function startReadOnly(stage: DockerStage, root: string, environment: Readonly<Record<string, string>>) {
    const command = [...stage.entrypoint, ...stage.command].map(word => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
    const volumes = stage.volumes.map(volume => `mount --bind ${root}${volume} ${root}${volume} && chown ${stage.user} ${root}${volume}`);
    const script = [
      `mount --bind ${root} ${root}`,
      `mount --bind /dev ${root}/dev`,
      ...volumes,
      `mount -o remount,ro,bind ${root}`,
      `exec chroot --userspec=${stage.user} ${root} /bin/sh -c 'cd ${stage.workdir} && exec /usr/local/bin/"$0" "$@"' ${command}`,
    ].join(' && ');
    return collect(
      spawn('unshare', ['--mount', '/bin/sh', '-c', script], {env: {PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', ...environment}}),
    );
  }
});

/** `npm prune --omit=dev` of the build stage, for the large ones. */
function isDevelopmentOnly(file: string): boolean {
  return /node_modules\/(?:kubernetes-models|@kubernetes-models|typescript|@biomejs|vitest|@vitest|vite|rollup|@rollup|esbuild|@esbuild|jison|tsx|fast-check|lightningcss|\.vite|rolldown|@rolldown)(?:\/|$|-)/.test(
    file,
  );
}
