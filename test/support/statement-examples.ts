import type {CodeBlock} from './documents.ts';
import {startInProcessEngine} from './in-process-engine.ts';

/** A statement on a page with the messages it gets and those it gives. */
export interface StatementExample {
  readonly line: number;
  readonly declarations: readonly string[];
  readonly sql: string;
  /** A message, or ms that pass. */
  readonly input: readonly (string | number)[];
  readonly out: readonly unknown[];
}

const demo = 'CREATE STREAM demo () WITH (DATASOURCE="demo", FORMAT="JSON")';

/** Reads blocks `sql`, `json in`, `json out`. A CREATE statement replaces the one of that name for the examples behind it. */
export function statementExamples(blocks: readonly CodeBlock[]): readonly StatementExample[] {
  const declared = new Map([['demo', demo]]);
  const examples: StatementExample[] = [];
  for (const [i, {language, text, line}] of blocks.entries()) {
    if (language !== 'sql') continue;
    const [, name] = /^CREATE (?:STREAM|TABLE) (\w+)/.exec(text) ?? [];
    if (name !== undefined) declared.set(name, text);
    const [input, out] = [blocks[i + 1], blocks[i + 2]];
    if (input?.role !== 'in' || out?.role !== 'out') continue;
    examples.push({
      line,
      declarations: [...declared.values()],
      sql: text,
      input: lines(input.text).map(readInput),
      out: lines(out.text).map(one => JSON.parse(one)),
    });
  }
  return examples;
}

function lines(text: string): string[] {
  return text.split('\n').filter(line => line.trim() !== '');
}

function readInput(line: string): string | number {
  const wait = /^\/\/ (\d+) s$/.exec(line);
  return wait ? Number(wait[1]) * 1000 : line;
}

/** Runs the statement on an engine of its own; its streams read the topics named as their DATASOURCE, messages go to `demo`. */
export async function runStatement({declarations, sql, input}: StatementExample): Promise<readonly unknown[]> {
  const engine = await startInProcessEngine();
  try {
    for (const declaration of declarations) await engine.declare(declaration);
    await engine.rules.create(JSON.stringify({id: 'example', sql, actions: [{mqtt: {server: 'tcp://127.0.0.1:1883', topic: 'out'}}]}));
    for (const one of input) {
      if (typeof one === 'number') engine.clock.advance(one);
      else engine.publish('demo', one);
      await engine.settle();
    }
    return engine.received('out').map(payload => JSON.parse(payload));
  } finally {
    await engine.close();
  }
}
