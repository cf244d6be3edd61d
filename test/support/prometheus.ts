export interface ParsedFamily {
  readonly type: string;
  readonly help: string;
  /** By labels as they stand, `{state="applied"}`; `` without. */
  readonly samples: ReadonlyMap<string, number>;
}

const metricName = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const sampleLine = new RegExp(`^(${metricName})(\\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*",?)*\\})? (\\S+)$`);

/**
 * Reads Prometheus' text form 0.0.4 as strictly as its specification: HELP, then TYPE, then the samples of a family in one group, no sample
 * twice, numbers that are numbers, a newline at the end; and the conventions: counters end in _total and never go below zero.
 */
export function parseMetrics(text: string): ReadonlyMap<string, ParsedFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, {type: string; help: string; samples: Map<string, number>}>();
  let name = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = new RegExp(`^# (HELP|TYPE) (${metricName}) (.+)$`).exec(line);
    if (comment) {
      const [, word, of, rest] = comment as unknown as [string, 'HELP' | 'TYPE', string, string];
      if (word === 'HELP') {
        if (families.has(of)) throw new Error(`${of} stands in two groups`);
        name = of;
        families.set(of, {type: '', help: rest, samples: new Map()});
      } else {
        if (of !== name || families.get(of)!.samples.size > 0) throw new Error(`TYPE of ${of} out of place`);
        if (!/^(?:counter|gauge)$/.test(rest)) throw new Error(`${of} is of no known type: ${rest}`);
        families.get(of)!.type = rest;
      }
      continue;
    }
    const sample = sampleLine.exec(line);
    if (!sample) throw new Error(`no sample: ${line}`);
    const [, of, labels = '', number] = sample as unknown as [string, string, string | undefined, string];
    const family = families.get(of);
    if (of !== name || family === undefined || family.type === '') throw new Error(`${of} out of its group`);
    const value = Number(number);
    if (Number.isNaN(value)) throw new Error(`${line}: not a number`);
    if (family.samples.has(labels)) throw new Error(`${of}${labels} stands twice`);
    if (family.type === 'counter' && (value < 0 || !of.endsWith('_total'))) throw new Error(`${line}: not a counter`);
    family.samples.set(labels, value);
  }
  for (const [of, {type, samples}] of families) if (type === '' || samples.size === 0) throw new Error(`${of} has no type or no sample`);
  return families;
}
