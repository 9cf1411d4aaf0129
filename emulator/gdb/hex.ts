// Hexadecimal as the gdb remote protocol writes it: bytes in memory order, numbers in packets big-endian without prefix.

/** A field of a packet that is not what the protocol says. The message is for whoever reads the log. */
export class BadPacket extends Error {}

/** Bytes -> "0fa2". */
export const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

/** "0fa2" -> bytes. Throws BadPacket. */
export function bytesOfHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) throw new BadPacket("not hexadecimal bytes");
  return Uint8Array.from(Buffer.from(text, "hex"));
}

/** A number of a packet ("ffffffff80365f20"). Throws BadPacket; `bits` is the widest number that is taken. */
export function numberOf(text: string | undefined, bits = 64): bigint {
  if (text === undefined || !/^[0-9a-fA-F]{1,32}$/.test(text))
    throw new BadPacket("not a hexadecimal number");
  const value = BigInt(`0x${text}`);
  if (value >> BigInt(bits)) throw new BadPacket(`a number of more than ${bits} bits`);
  return value;
}

/** A length or an index of a packet. Throws BadPacket. */
export const smallNumberOf = (text: string | undefined): number => Number(numberOf(text, 32));
