import {readFileSync} from 'node:fs';

/** What one stage of a Dockerfile does, as far as ours uses the language. */
export interface DockerStage {
  readonly name: string;
  readonly base: string;
  workdir: string;
  user: string;
  readonly copies: {readonly from: string; readonly to: string}[];
  readonly runs: string[];
  readonly volumes: string[];
  entrypoint: readonly string[];
  command: readonly string[];
  healthcheck: readonly string[] | undefined;
}

/** Reads the stages of a Dockerfile. An instruction that is not known here is an error: a replay must not leave a step out. */
export function readDockerfile(file: string): readonly DockerStage[] {
  const stages: DockerStage[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, instruction, rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (instruction === undefined) continue;
    if (instruction === 'FROM') {
      const [, base, name] = /^(\S+) AS (\S+)$/.exec(rest)!;
      stages.push({
        name: name!,
        base: base!,
        workdir: '/',
        user: '0:0',
        copies: [],
        runs: [],
        volumes: [],
        entrypoint: [],
        command: [],
        healthcheck: undefined,
      });
      continue;
    }
    read(stages.at(-1)!, instruction, rest);
  }
  return stages;
}

function read(stage: DockerStage, instruction: string, rest: string): void {
  switch (instruction) {
    case 'WORKDIR':
      stage.workdir = rest;
      return;
    case 'USER':
      stage.user = rest;
      return;
    case 'RUN':
      stage.runs.push(rest);
      return;
    case 'VOLUME':
      stage.volumes.push(rest);
      return;
    case 'COPY': {
      const words = rest.split(' ').filter(word => !word.startsWith('--'));
      for (const from of words.slice(0, -1)) stage.copies.push({from, to: words.at(-1)!});
      return;
    }
    case 'ENTRYPOINT':
      stage.entrypoint = JSON.parse(rest) as string[];
      return;
    case 'CMD':
      stage.command = JSON.parse(rest) as string[];
      return;
    case 'HEALTHCHECK':
      stage.healthcheck = JSON.parse(rest.slice(rest.indexOf('['))) as string[];
      return;
    case 'ENV':
    case 'EXPOSE':
      return;
    default:
      throw new Error(`the replay does not know the instruction ${instruction}`);
  }
}
