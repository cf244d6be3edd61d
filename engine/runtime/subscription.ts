import type {Timestamp} from '#engine/base/clock.ts';
import type {Batch} from '#engine/operators/operator.ts';
import type {Guard, ReadPath} from '#engine/planner/plan.ts';
import type {Metadata, Row} from '#engine/values/value.ts';
import type {SharedSource} from './shared-source.ts';

/** One rule's use of a source. */
export interface Reader {
  readonly guard: Guard | undefined;
  /** What the rule reads of the declared columns and their members: values of others that do not fit their types cost it nothing. */
  readonly columns: Columns;
  push(batch: Batch): void;
  /** A payload that could not be read. */
  fail(error: Error): void;
  end(): void;
}

export type Columns = readonly ReadPath[] | 'all';

interface Counts {
  readonly messagesIn: number;
  readonly rowsDecoded: number;
  readonly failures: number;
}

/** A reader's place in a shared source: what has arrived since it attached, and what of it the index let through. */
export class Subscription {
  readonly #source: SharedSource;
  readonly #rowsBefore: number;
  readonly #failuresBefore: number;
  readonly #messagesBefore: number;
  readonly reader: Reader;
  delivered = 0;
  rows: Row[] = [];
  metadata: (Metadata | undefined)[] = [];
  timestamps: Timestamp[] = [];
  /** What came for this rule and not for all. */
  #ownMessages = 0;
  #ownRows = 0;
  /** Less those in columns that the rule does not read. */
  #ownFailures = 0;
  /** The source's counts when the reader left it. */
  #end: Counts | undefined;

  constructor(source: SharedSource, reader: Reader) {
    this.#source = source;
    this.reader = reader;
    this.#rowsBefore = source.rowsDecoded;
    this.#failuresBefore = source.failures;
    this.#messagesBefore = source.messagesIn;
  }

  /** Messages the source received since the rule reads it. */
  get messagesIn(): number {
    return this.#counts.messagesIn - this.#messagesBefore + this.#ownMessages;
  }

  get rowsIn(): number {
    return this.#counts.rowsDecoded - this.#rowsBefore + this.#ownRows;
  }

  get failures(): number {
    return this.#counts.failures - this.#failuresBefore + this.#ownFailures;
  }

  /** Rows the index kept from the rule because its filter drops them. */
  get withheld(): number {
    return this.rowsIn - this.delivered;
  }

  get source(): SharedSource {
    return this.#source;
  }

  get #counts(): Counts {
    return this.#end ?? this.#source;
  }

  /** Rows of a payload that failed in columns which the rule does not read. */
  spare(batch: Batch): void {
    this.#ownFailures--;
    this.handOwn(batch);
  }

  receivedOwn(messages: number): void {
    this.#ownMessages += messages;
  }

  failedOwn(): void {
    this.#ownFailures++;
  }

  handOwn(batch: Batch): void {
    this.#ownRows += batch.rows.length;
    this.hand(batch);
  }

  hand(batch: Batch): void {
    this.delivered += batch.rows.length;
    this.reader.push(batch);
  }

  close(): Promise<void> {
    const {messagesIn, rowsDecoded, failures} = this.#source;
    this.#end ??= {messagesIn, rowsDecoded, failures};
    return this.#source.detach(this);
  }
}
