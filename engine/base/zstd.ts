import zlib from 'node:zlib';

export interface Zstd {
  readonly compress: (bytes: Uint8Array) => Uint8Array;
  /** Throws when the result would be longer than `mostBytes`. */
  readonly decompress: (bytes: Uint8Array, mostBytes: number) => Uint8Array;
}

let loaded: Zstd | undefined = ofNode();

/** zstd, once it is there: at once where Node.js has it (from 22.15 on), else after `loadZstd`. */
export function zstd(): Zstd | undefined {
  return loaded;
}

/** Loads the WebAssembly build where Node.js has no zstd of its own. */
export async function loadZstd(): Promise<void> {
  if (loaded) return;
  const {init, compress, decompress} = await import('@bokuweb/zstd-wasm');
  await init();
  loaded = {
    compress: bytes => compress(bytes),
    decompress(bytes, mostBytes) {
      if (bytes.length < 6) throw new Error('not a zstd frame');
      // The library allocates what the frame's header claims, or, where a streamed frame claims nothing, what it is told to.
      const claimed = contentSize(bytes);
      if (claimed !== undefined && claimed > mostBytes) throw new Error(`the result would be longer than ${mostBytes} bytes`);
      return decompress(bytes, {defaultHeapSize: Math.min(mostBytes, Math.max(1_048_576, bytes.length * 64))});
    },
  };
}

function ofNode(): Zstd | undefined {
  const {zstdCompressSync, zstdDecompressSync} = zlib as typeof zlib & {
    zstdCompressSync?: (bytes: Uint8Array) => Uint8Array;
    zstdDecompressSync?: (bytes: Uint8Array, options: {readonly maxOutputLength: number}) => Uint8Array;
  };
  if (zstdCompressSync === undefined || zstdDecompressSync === undefined) return undefined;
  return {
    compress: bytes => zstdCompressSync(bytes),
    decompress: (bytes, mostBytes) => zstdDecompressSync(bytes, {maxOutputLength: mostBytes}),
  };
}

/** Frame_Content_Size of a zstd frame (RFC 8878 §3.1.1.1); undefined when the frame does not tell or is none. */
function contentSize(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 6 || view.getUint32(0, true) !== 0xfd2fb528) return undefined;
  const descriptor = view.getUint8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3]!;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const at = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes;
  if (sizeBytes === 0 || bytes.length < at + sizeBytes) return undefined;
  switch (sizeBytes) {
    case 1:
      return view.getUint8(at);
    case 2:
      return view.getUint16(at, true) + 256;
    case 4:
      return view.getUint32(at, true);
    default:
      return Number(view.getBigUint64(at, true));
  }
}
