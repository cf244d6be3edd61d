import type {CodeBlock} from './documents.ts';
import {startInProcessEngine} from './in-process-engine.ts';

/** A statement on a page with the messages it gets and those it gives. */
export interface StatementExample {
  readonly line: number;
  readonly declarations: readonly string[];
  readonly sql: string;
  /** Of the rule, from a block `json options` behind the statement. */
  readonly options?: object;
  /** A message, ms that pass, or the topic of the messages that follow (`demo` at first). */
  readonly input: readonly (string | number | {readonly topic: string})[];
  readonly out: readonly unknown[];
}

const demo = 'CREATE STREAM demo () WITH (DATASOURCE="demo", FORMAT="JSON")';

/** Reads blocks `sql`, perhaps `json options`, `json in`, `json out`. A CREATE statement replaces the one of that name for the examples behind it. */
export function statementExamples(blocks: readonly CodeBlock[]): readonly StatementExample[] {
  const declared = new Map([['demo', demo]]);
  const examples: StatementExample[] = [];
  for (const [i, {language, text, line}] of blocks.entries()) {
    if (language !== 'sql') continue;
    const [, name] = /^CREATE (?:STREAM|TABLE) (\w+)/.exec(text) ?? [];
    if (name !== undefined) declared.set(name, text);
    const hasOptions = blocks[i + 1]?.role === 'options';
    const [input, out] = blocks.slice(i + (hasOptions ? 2 : 1));
    if (input?.role !== 'in' || out?.role !== 'out') continue;
    examples.push({
      line,
      declarations: [...declared.values()],
      sql: text,
      options: hasOptions ? (JSON.parse(blocks[i + 1]!.text) as object) : {},
      input: lines(input.text).map(readInput),
      out: lines(out.text).map(one => JSON.parse(one)),
    });
  }
  return examples;
}

function lines(text: string): string[] {
  return text.split('\n').filter(line => line.trim() !== '');
}

function readInput(line: string): StatementExample['input'][number] {
  const [, seconds, topic] = /^\/\/ (?:(\d+) s|to (\S+))$/.exec(line) ?? [];
  if (seconds !== undefined) return Number(seconds) * 1000;
  return topic === undefined ? line : {topic};
}

/** Runs the statement on an engine of its own; its streams read the topics named as their DATASOURCE. */
export async function runStatement({declarations, sql, input, options}: StatementExample): Promise<readonly unknown[]> {
  const engine = await startInProcessEngine();
  try {
    for (const declaration of declarations) await engine.declare(declaration);
    await engine.rules.create(
      JSON.stringify({id: 'example', sql, actions: [{mqtt: {server: 'tcp://127.0.0.1:1883', topic: 'out'}}], options}),
    );
    let topic = 'demo';
    for (const one of input) {
      if (typeof one === 'number') engine.clock.advance(one);
      else if (typeof one === 'string') engine.publish(topic, one);
      else topic = one.topic;
      await engine.settle();
    }
    return engine.received('out').map(payload => JSON.parse(payload));
  } finally {
    await engine.close();
  }
}
