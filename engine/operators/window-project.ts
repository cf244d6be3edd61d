import type {Timestamp} from '#engine/base/clock.ts';
import type {Row} from '#engine/values/value.ts';
import {type Counters, countFiring} from './counters.ts';
import type {Operator} from './operator.ts';
import {type FailureLabels, labelled} from './row-failure.ts';
import {rowKey} from './row-key.ts';
import type {Firing, Item, WindowProgram} from './window-contents.ts';

/** What the last step of a rule with a window is made of. */
export interface WindowProjectParts {
  readonly program: WindowProgram;
  readonly labels: FailureLabels;
  readonly counters: Counters;
  readonly limit: number | undefined;
  readonly distinct: boolean;
  /** What functions are told of earlier hits; `counts` where there is no HAVING: every item is one then. */
  readonly hits?: {readonly live: {count: number; atMs: number}; readonly counts: boolean} | undefined;
  readonly output: {emit(rows: Row[]): void; fail(error: Error): void};
}

/**
 * SELECT, DISTINCT and LIMIT of each firing: one collection, in the order of the items. Equal results count once, then the first `limit`
 * are taken; `LIMIT 0` mutes the rule. A field that fails costs the firing. Stateless.
 */
export class WindowProject implements Operator<Firing> {
  readonly name = 'project';
  readonly #parts: WindowProjectParts;

  constructor(parts: WindowProjectParts) {
    this.#parts = parts;
  }

  push(firing: Firing): void {
    const {program, labels, counters, limit, output} = this.#parts;
    countFiring(counters, firing.end);
    if (limit === 0) return;
    let rows: Row[];
    try {
      rows = this.#project(firing);
    } catch (thrown) {
      const error = labelled(thrown, labels[program.position()]!);
      counters.fail(error.message, firing.end);
      output.fail(error);
      return;
    }
    counters.recordsOut++;
    output.emit(rows);
  }

  #project({items, end}: Firing): Row[] {
    const {distinct, limit = Number.POSITIVE_INFINITY} = this.#parts;
    const rows: Row[] = [];
    const seen = distinct ? new Set<string>() : undefined;
    for (const item of items) {
      if (rows.length >= limit) break;
      const row = this.#projectItem(item, end);
      if (seen !== undefined) {
        const key = rowKey(row);
        if (seen.has(key)) continue;
        seen.add(key);
      }
      rows.push(row);
    }
    return rows;
  }

  #projectItem(item: Item, end: Timestamp): Row {
    const {program, hits} = this.#parts;
    if (hits === undefined) return program.project(item);
    const {live, counts} = hits;
    const now = {...live};
    if (item.hits !== undefined) Object.assign(live, item.hits);
    try {
      return program.project(item);
    } finally {
      Object.assign(live, counts ? {count: now.count + 1, atMs: end} : now);
    }
  }

  snapshot(): undefined {
    return undefined;
  }

  restore(): void {}

  close(): void {}
}
