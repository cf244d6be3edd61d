import {hostname} from 'node:os';

/** What the runner takes from the process around it. Nobody else reads `process.env` or draws random numbers. */
export interface Environment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly isTerminal: boolean;
  /** Whether output for people may be coloured (https://no-color.org). */
  readonly useColour: boolean;
  /** Width of the terminal; undefined where there is none. */
  readonly columns: number | undefined;
  /** Name of the machine, in Kubernetes of the pod. */
  readonly host: string;
  random(): number;
}

export function processEnvironment(): Environment {
  const {env, stdout} = process;
  const isTerminal = stdout.isTTY === true;
  const isForced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0';
  return {
    variables: env,
    isTerminal,
    useColour: isForced || (isTerminal && (env['NO_COLOR'] ?? '') === ''),
    columns: isTerminal ? stdout.columns || undefined : undefined,
    host: hostname(),
    random: Math.random,
  };
}
