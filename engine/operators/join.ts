import type {Timestamp} from '#engine/base/clock.ts';
import {messageOf} from '#engine/base/errors.ts';
import {type Counters, countFiring} from './counters.ts';
import type {Operator, Output, WindowBatch} from './operator.ts';
import {labelled} from './row-failure.ts';
import {asTuple, noTuples, rowsOf, type Tuple, TupleList, type TupleSet, tuplesOf} from './tuple.ts';

/** Tuples of one source of a firing. */
export type Sides = (position: number) => TupleSet;

/** One join of a rule: what came out of those before it with one source more. */
export interface JoinStep {
  /** A promise where the rows come from another system. May throw: the firing fails. */
  join(left: TupleSet, sides: Sides): TupleSet | Promise<TupleSet>;
}

export interface JoinParts {
  /** The place of the source of FROM. */
  readonly from: number;
  /** In their order. */
  readonly steps: readonly JoinStep[];
  /** The rows of a table, by its place; undefined for a stream. */
  readonly table: (position: number) => TupleSet | undefined;
  /** Told the time of a firing before ON is evaluated. */
  readonly enter: (end: Timestamp) => void;
  readonly counters: Counters;
  readonly output: Output<WindowBatch>;
}

interface JoinState {
  readonly waiting: readonly WindowBatch[];
}

/** Firings that may wait for another system to answer. */
const mostWaiting = 1024;

/**
 * FROM and JOIN over the contents of one firing: FROM's rows joined with one source after the other, in the order of the statement. A firing
 * of which nothing remains is not handed on; one in which ON fails is the failure alone.
 *
 * A firing that waits for a lookup holds back those after it, so that the order stays; when too many wait, those that come are dropped and
 * counted. State: the firings that wait.
 */
export class Join implements Operator<WindowBatch, JoinState> {
  readonly name = 'join';
  readonly #parts: JoinParts;
  #underWay: WindowBatch | undefined;
  #waiting: WindowBatch[] = [];
  #isClosed = false;

  constructor(parts: JoinParts) {
    this.#parts = parts;
  }

  push(batch: WindowBatch): void {
    const {counters} = this.#parts;
    countFiring(counters, batch.end);
    if (this.#underWay === undefined) this.#start(batch);
    else if (this.#waiting.length < mostWaiting) this.#waiting.push(batch);
    else this.#fail(new Error(`the lookup table does not answer fast enough: ${mostWaiting} windows or rows wait for it`), batch);
  }

  snapshot(): JoinState | undefined {
    if (this.#underWay === undefined) return undefined;
    return {waiting: [this.#underWay, ...this.#waiting]};
  }

  restore({waiting}: JoinState): void {
    for (const batch of waiting) this.push(batch);
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting = [];
  }

  #start(batch: WindowBatch): void {
    const sides = this.#sides(batch);
    this.#advance(batch, sides(this.#parts.from), sides, 0);
  }

  /** Joins from step `next` on, as far as it goes without waiting. */
  #advance(batch: WindowBatch, left: TupleSet, sides: Sides, next: number): void {
    const {steps, enter} = this.#parts;
    let joined = left;
    try {
      enter(batch.end);
      for (let i = next; i < steps.length; i++) {
        const result = steps[i]!.join(joined, sides);
        if (result instanceof Promise) {
          this.#wait(batch, result, sides, i + 1);
          return;
        }
        joined = result;
      }
    } catch (thrown) {
      this.#fail(thrown, batch);
      return;
    }
    this.#emit(batch, joined);
  }

  #wait(batch: WindowBatch, result: Promise<TupleSet>, sides: Sides, next: number): void {
    this.#underWay = batch;
    const go = (work: () => void): void => {
      if (this.#isClosed) return;
      this.#underWay = undefined;
      work();
      while (this.#underWay === undefined && this.#waiting.length > 0) this.#start(this.#waiting.shift()!);
    };
    result.then(
      joined => go(() => this.#advance(batch, joined, sides, next)),
      thrown => go(() => this.#fail(thrown, batch)),
    );
  }

  #emit({start, end}: WindowBatch, {tuples, metadata, timestamps}: TupleSet): void {
    if (tuples.length === 0) return;
    this.#parts.counters.recordsOut++;
    this.#parts.output.emit({rows: rowsOf(tuples), metadata, timestamps, start, end});
  }

  #fail(thrown: unknown, {end}: WindowBatch): void {
    const error = labelled(thrown, 'run Join error: ');
    this.#parts.counters.fail(messageOf(error), end);
    this.#parts.output.fail(error);
  }

  /** The tuples of a firing by source. */
  #sides({rows, metadata, timestamps}: WindowBatch): Sides {
    const {table} = this.#parts;
    if (rows.length === 1) {
      const own = positionOf(asTuple(rows[0]!));
      const alone = {tuples: tuplesOf(rows), metadata, timestamps};
      return position => table(position) ?? (position === own ? alone : noTuples);
    }
    const lists: (TupleList | undefined)[] = [];
    for (let i = 0; i < rows.length; i++) {
      const tuple = asTuple(rows[i]!);
      const position = positionOf(tuple);
      let list = lists[position];
      if (list === undefined) lists[position] = list = new TupleList();
      list.add(tuple, metadata[i], timestamps[i]!);
    }
    return position => table(position) ?? lists[position] ?? noTuples;
  }
}

/** Of the source whose row a tuple holds before the join. */
function positionOf(tuple: Tuple): number {
  let position = 0;
  while (tuple[position] === null) position++;
  return position;
}
