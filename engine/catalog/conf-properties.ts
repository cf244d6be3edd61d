import type {Properties} from './merge-properties.ts';

/** Properties that eKuiper 1 took in ms and eKuiper 2 takes as durations. */
const durations = new Set(['interval', 'sendinterval', 'cachettl', 'resendinterval', 'lingerinterval', 'rollinginterval', 'checkinterval']);

const renamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sql: {url: 'dburl'},
  kafka: {saslPassword: 'password'},
};

/** A confKey as it is stored: old names and numbers of ms become what the connectors read. */
export function normaliseProperties(type: string, properties: Properties): Properties {
  const names = renamed[type] ?? {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      Object.hasOwn(names, name) ? names[name]! : name,
      durations.has(name.toLowerCase()) && typeof value === 'number' && Number.isInteger(value) ? durationText(value) : value,
    ]),
  );
}

function durationText(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
