// The frames of the gdb remote protocol: `$data#checksum`, acknowledgements, the interrupt byte (gdb manual, E.1 Overview).
// Shared by stub and client. Data are strings of bytes (latin1). Must not know what packets mean.

/** Longest packet that is taken or sent, in bytes between `$` and `#`. */
export const PACKET_SIZE = 0x4000;

export type Frame =
  | { kind: "packet"; data: string; good: boolean }
  /** A packet longer than PACKET_SIZE: its text has been thrown away. */
  | { kind: "too-long" }
  | { kind: "ack" }
  | { kind: "nak" }
  /** 0x03 outside a packet: stop the machine. */
  | { kind: "interrupt" };

const checksum = (text: string): number => {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (sum + text.charCodeAt(i)) & 0xff;
  return sum;
};

/** A packet's frame; what would be read as framing is escaped. */
export function frameOf(data: string): string {
  const escaped = data.replace(/[#$}*]/g, (c) => `}${String.fromCharCode(c.charCodeAt(0) ^ 0x20)}`);
  return `$${escaped}#${checksum(escaped).toString(16).padStart(2, "0")}`;
}

/** Undoes escapes and run lengths (`0*"` is four zeros). */
function unpack(text: string): string {
  if (!/[}*]/.test(text)) return text;
  let out = "";
  for (let i = 0; i < text.length && out.length <= PACKET_SIZE; i++) {
    const c = text[i]!;
    if (c === "}") out += String.fromCharCode((text.charCodeAt(++i) || 0) ^ 0x20);
    else if (c === "*") out += (out.at(-1) ?? "").repeat(Math.max(0, (text.charCodeAt(++i) || 29) - 29));
    else out += c;
  }
  return out;
}

/** Cuts a byte stream into frames. Keeps one packet at most, of bounded length. */
export class FrameReader {
  #packet: string | undefined;
  #overflow = false;
  /** Checksum digits still to come after `#`. */
  #digits: string | undefined;

  /** The frames that these bytes complete. Bytes between frames are noise, and are skipped. */
  *read(chunk: string): Generator<Frame> {
    for (let i = 0; i < chunk.length; i++) {
      if (this.#digits !== undefined) {
        this.#digits += chunk[i];
        if (this.#digits.length === 2) yield this.#finish();
        continue;
      }
      if (this.#packet === undefined) {
        const frame = this.#outside(chunk[i]!);
        if (frame) yield frame;
        continue;
      }
      i = this.#inside(chunk, i);
    }
  }

  #outside(byte: string): Frame | undefined {
    if (byte === "+") return { kind: "ack" };
    if (byte === "-") return { kind: "nak" };
    if (byte === "\x03") return { kind: "interrupt" };
    if (byte === "$") this.#packet = "";
    return undefined;
  }

  /** Takes what belongs to the packet; gives the index of the last byte that was used. */
  #inside(chunk: string, from: number): number {
    const end = chunk.slice(from).search(/[#$]/);
    const to = end < 0 ? chunk.length : from + end;
    if (this.#packet!.length + (to - from) > PACKET_SIZE) this.#overflow = true;
    else if (!this.#overflow) this.#packet += chunk.slice(from, to);
    if (end < 0) return to - 1;
    // A dollar sign within a packet: the one before was cut off.
    if (chunk[to] === "$") this.#packet = "";
    else this.#digits = "";
    return to;
  }

  #finish(): Frame {
    const text = this.#packet!;
    const good =
      Number.parseInt(this.#digits!, 16) === checksum(text) && /^[0-9a-f]{2}$/i.test(this.#digits!);
    const overflow = this.#overflow;
    this.#packet = undefined;
    this.#digits = undefined;
    this.#overflow = false;
    return overflow ? { kind: "too-long" } : { kind: "packet", data: unpack(text), good };
  }
}
