/** The messages of one read that await an acknowledgement. */
interface Group {
  readonly ids: readonly number[];
  readonly qos: readonly number[];
  /** Receivers that have not acknowledged yet. */
  open: number;
}

/**
 * Sends PUBACK and PUBREC when every receiver has acknowledged, in the order the messages came (MQTT 4.6): a receiver that takes its time
 * holds back those behind. One queue per connection to the broker: after its loss nothing is sent any more, and the broker delivers again.
 */
export class Acknowledgements {
  readonly #send: (packets: Buffer) => void;
  #groups: Group[] = [];
  #isLost = false;

  constructor(send: (packets: Buffer) => void) {
    this.#send = send;
  }

  /** Registers messages that `receivers` must acknowledge; the result acknowledges once for one receiver at each call. */
  expect(ids: readonly number[], qos: readonly number[], receivers: number): () => void {
    const group: Group = {ids, qos, open: receivers};
    this.#groups.push(group);
    return () => {
      group.open--;
      if (group.open === 0) this.flush();
    };
  }

  /** Sends what is due. */
  flush(): void {
    if (this.#isLost || this.#groups[0]?.open !== 0) return;
    let count = 0;
    while (this.#groups[count]?.open === 0) count++;
    const due = this.#groups.splice(0, count);
    const packets = Buffer.allocUnsafe(due.reduce((sum, {ids}) => sum + ids.length, 0) * 4);
    let at = 0;
    for (const {ids, qos} of due) {
      for (const [i, id] of ids.entries()) {
        packets[at] = qos[i] === 1 ? 0x40 : 0x50;
        packets[at + 1] = 2;
        packets[at + 2] = id >> 8;
        packets[at + 3] = id & 0xff;
        at += 4;
      }
    }
    if (at > 0) this.#send(packets);
  }

  /** The connection is gone. Returns the packet ids under qos 2 that were delivered but not acknowledged. */
  lose(): number[] {
    this.#isLost = true;
    return this.#groups.flatMap(({ids, qos}) => ids.filter((_, i) => qos[i] === 2));
  }
}
