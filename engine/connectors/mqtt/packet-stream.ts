import {Duplex} from 'node:stream';

/**
 * The stream the MQTT client library talks through. What it writes goes to the transport; of what arrives it sees only the packets given to
 * `push`, since PUBLISH is read beside it.
 */
export class PacketStream extends Duplex {
  readonly #transport: Duplex;

  constructor(transport: Duplex) {
    super({allowHalfOpen: false});
    this.#transport = transport;
    transport.on('error', error => this.destroy(error));
    transport.on('close', () => this.destroy());
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#transport.write(chunk)) done();
    else this.#transport.once('drain', done);
  }

  override _writev(chunks: {chunk: Buffer}[], done: (error?: Error | null) => void): void {
    this._write(Buffer.concat(chunks.map(({chunk}) => chunk)), 'binary' as BufferEncoding, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#transport.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#transport.destroy();
    done(error);
  }
}
