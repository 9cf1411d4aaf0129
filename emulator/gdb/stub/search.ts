// qSearch:memory: gdb's `find`, done here instead of by reading all of the memory over the wire (gdb manual, E.4).

import type { Target } from "../../debugger/target.ts";
import { MemoryError } from "../../symbols/memory.ts";
import { BadPacket, numberOf } from "../hex.ts";
import type { PacketGroup } from "./group.ts";
import { readPart } from "./memory.ts";

/** Read at a time. */
const CHUNK = 0x10000;
/** More is not searched at one request: it would hold the host. */
const MAX_LENGTH = 1n << 30n;

/** The first address of the pattern in the range; undefined where it is not. Throws MemoryError for a range that cannot be read. */
function search(target: Target, start: bigint, length: number, pattern: Buffer): bigint | undefined {
  // What is read begins with the end of the piece before: a match may lie across.
  for (let done = 0; done + pattern.length <= length; ) {
    const size = Math.min(CHUNK + pattern.length - 1, length - done);
    const at = BigInt.asUintN(64, start + BigInt(done));
    const bytes = readPart(target, at, size);
    const found = Buffer.from(bytes).indexOf(pattern);
    if (found >= 0) return BigInt.asUintN(64, at + BigInt(found));
    if (bytes.length < size) throw new MemoryError(BigInt.asUintN(64, at + BigInt(bytes.length)));
    done += CHUNK;
  }
  return undefined;
}

export const searchPackets: PacketGroup = {
  packets: {
    /** qSearch:memory:ADDRESS;LENGTH;PATTERN, the pattern as bytes. */
    qSearch({ target }, rest) {
      const [, address, digits, bytes] = /^:memory:([^;]*);([^;]*);([\s\S]+)$/.exec(rest) ?? [];
      if (bytes === undefined) throw new BadPacket("qSearch:memory takes ADDRESS;LENGTH;PATTERN");
      const length = numberOf(digits);
      if (length > MAX_LENGTH) throw new Error("at most 1 GiB is searched at once");
      const found = search(target, numberOf(address), Number(length), Buffer.from(bytes, "latin1"));
      return found === undefined ? "0" : `1,${found.toString(16)}`;
    },
  },
};
