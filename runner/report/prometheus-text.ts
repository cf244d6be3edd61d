export interface MetricFamily {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly samples: readonly {readonly labels: Readonly<Record<string, string>>; readonly value: number}[];
}

/** Prometheus' text form 0.0.4. A family without samples is left out. */
export function printMetrics(families: readonly MetricFamily[]): string {
  return families
    .filter(({samples}) => samples.length > 0)
    .map(({name, type, help, samples}) => {
      const lines = samples.map(({labels, value}) => `${name}${printLabels(labels)} ${value}`);
      return `# HELP ${name} ${help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}\n# TYPE ${name} ${type}\n${lines.join('\n')}\n`;
    })
    .join('');
}

function printLabels(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/["\\]/g, '\\$&').replace(/\n/g, '\\n')}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}
