// The protocol's frames (DAP, "Base protocol"): a header with Content-Length, an empty line, so many bytes of JSON. Takes bytes as they come;
// whatever they are, memory stays bounded. Must not know requests.

/** A header is some 25 bytes. */
const MAX_HEADER = 4096;
/** The largest sound message is a write of memory. */
export const MAX_CONTENT = 64 * 2 ** 20;

/** The stream cannot be followed any further: where the next frame begins is not known. */
export class FramingError extends Error {}

export class FrameReader {
  #chunks: Uint8Array[] = [];
  #size = 0;
  /** Bytes that the frame's content has; undefined while its header is read. */
  #wanted: number | undefined;

  /** The messages that are whole now. Throws FramingError. */
  push(data: Uint8Array): string[] {
    this.#chunks.push(data);
    this.#size += data.length;
    const messages: string[] = [];
    for (let message = this.#next(); message !== undefined; message = this.#next()) messages.push(message);
    return messages;
  }

  #next(): string | undefined {
    this.#wanted ??= this.#header();
    if (this.#wanted === undefined || this.#size < this.#wanted) return undefined;
    const content = this.#take(this.#wanted);
    this.#wanted = undefined;
    return content.toString("utf8");
  }

  /** The content's length, once the header is whole. */
  #header(): number | undefined {
    const bytes = this.#joined();
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0 && bytes.length <= MAX_HEADER) return undefined;
    if (end < 0 || end > MAX_HEADER) throw new FramingError(`A header of more than ${MAX_HEADER} bytes.`);
    const header = bytes.toString("latin1", 0, end);
    const [, digits] = /^Content-Length:[ \t]*(\d+)[ \t]*$/im.exec(header) ?? [];
    if (digits === undefined) throw new FramingError("A header without Content-Length.");
    const length = Number(digits);
    if (length > MAX_CONTENT)
      throw new FramingError(`A message of ${digits.slice(0, 20)} bytes: more than ${MAX_CONTENT}.`);
    this.#take(end + 4);
    return length;
  }

  /** Many small chunks of a large message are joined once. */
  #joined(): Buffer {
    const [only] = this.#chunks;
    const bytes = this.#chunks.length === 1 && Buffer.isBuffer(only) ? only : Buffer.concat(this.#chunks);
    this.#chunks = [bytes];
    return bytes;
  }

  #take(length: number): Buffer {
    const bytes = this.#joined();
    this.#chunks = length < bytes.length ? [bytes.subarray(length)] : [];
    this.#size -= length;
    return bytes.subarray(0, length);
  }
}

/** The object that a frame holds; undefined for what is no JSON object. */
export function messageOf(text: string): object | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === "object" && message !== null && !Array.isArray(message) ? message : undefined;
  } catch {
    return undefined;
  }
}
