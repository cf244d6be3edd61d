const prefix = 'KUIPER_PROPS_';

/**
 * The value of the environment variable `KUIPER_PROPS_<name>`, the name in any case: what an operator lets rules know of the machine.
 * Undefined for anything else; no other variable can be asked for.
 */
export function environmentProperty(name: string): string | undefined {
  return process.env[prefix + name] ?? process.env[prefix + name.toUpperCase()];
}
