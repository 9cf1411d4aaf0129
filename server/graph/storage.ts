// A call graph as bytes: a head of four numbers, JSON of everything but the edges, the edges as they are in memory. The head tells the
// lengths, so a file that is cut off, or of another version, is none.
import { DATA_VERSION, type GraphData } from "./data.ts";

export interface Stored {
  /** Each file that the graph was made from, and what it was like then. */
  readonly stamps: readonly (readonly [string, string])[];
  readonly data: GraphData;
}

const MAGIC = 0x67617068;
const HEAD_BYTES = 16;

export function encode(stamps: ReadonlyMap<string, string>, { edges, ...data }: GraphData): Buffer {
  const json = Buffer.from(JSON.stringify({ stamps: [...stamps], data }));
  const textBytes = (json.length + 3) & ~3;
  const bytes = Buffer.alloc(HEAD_BYTES + textBytes + edges.byteLength, " ");
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt32LE(DATA_VERSION, 4);
  bytes.writeUInt32LE(textBytes, 8);
  bytes.writeUInt32LE(edges.length, 12);
  json.copy(bytes, HEAD_BYTES);
  bytes.set(new Uint8Array(edges.buffer, edges.byteOffset, edges.byteLength), HEAD_BYTES + textBytes);
  return bytes;
}

/** Undefined when these are not the bytes of a whole graph of this version. */
export function decode(bytes: Uint8Array): Stored | undefined {
  if (bytes.length < HEAD_BYTES) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.readUInt32LE(0) !== MAGIC || buffer.readUInt32LE(4) !== DATA_VERSION) return undefined;
  const textBytes = buffer.readUInt32LE(8);
  const count = buffer.readUInt32LE(12);
  const from = HEAD_BYTES + textBytes;
  if (bytes.length !== from + count * Int32Array.BYTES_PER_ELEMENT) return undefined;
  try {
    const { stamps, data } = JSON.parse(buffer.toString("utf8", HEAD_BYTES, from)) as Stored;
    return {
      stamps,
      data: {
        ...data,
        edges: new Int32Array(
          buffer.buffer.slice(buffer.byteOffset + from, buffer.byteOffset + bytes.length),
        ),
      },
    };
  } catch {
    return undefined;
  }
}
