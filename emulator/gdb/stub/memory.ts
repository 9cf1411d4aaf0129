// Memory under the current page tables: m, M, X.

import type { Target } from "../../debugger/target.ts";
import { MemoryError } from "../../symbols/memory.ts";
import { PACKET_SIZE } from "../framing.ts";
import { BadPacket, bytesOfHex, hexOf, numberOf, smallNumberOf } from "../hex.ts";
import type { PacketGroup } from "./group.ts";

const MAX_READ = PACKET_SIZE / 2 - 16;

/** "ADDRESS,LENGTH" with LENGTH bounded. */
function rangeOf(text: string): { address: bigint; length: number } {
  const [address, length] = text.split(",", 2);
  return { address: numberOf(address), length: smallNumberOf(length) };
}

/** As much as can be read, from the start: gdb asks again for the rest, and tells which byte fails. */
export function readPart(target: Target, address: bigint, length: number): Uint8Array {
  try {
    return target.readMemory(address, length);
  } catch (error) {
    if (!(error instanceof MemoryError) || error.address <= address) throw error;
    const readable = Number(error.address - address);
    if (readable >= length) throw error;
    return target.readMemory(address, readable);
  }
}

function writeBytes(target: Target, where: string, bytes: Uint8Array): string {
  const { address, length } = rangeOf(where);
  if (bytes.length !== length) throw new BadPacket(`${length} bytes announced, ${bytes.length} sent`);
  target.writeMemory(address, bytes);
  return "OK";
}

/** Splits at the first colon: binary data may hold more of them. */
function dataOf(rest: string): [where: string, data: string] {
  const colon = rest.indexOf(":");
  if (colon < 0) throw new BadPacket("no data");
  return [rest.slice(0, colon), rest.slice(colon + 1)];
}

export const memoryPackets: PacketGroup = {
  packets: {
    m({ target }, rest) {
      const { address, length } = rangeOf(rest);
      return hexOf(readPart(target, address, Math.min(length, MAX_READ)));
    },
    M({ target }, rest) {
      const [where, data] = dataOf(rest);
      return writeBytes(target, where, bytesOfHex(data));
    },
    X({ target }, rest) {
      const [where, data] = dataOf(rest);
      return writeBytes(target, where, Uint8Array.from(Buffer.from(data, "latin1")));
    },
  },
};
