// What a PC's BIOS leaves behind for boot protocols that start from it: an interrupt vector table whose entries lead to handlers
// in the ROM area that do nothing but acknowledge. Interrupt controllers and timer are the board's (chipset.ts). Must not know the machine.

import { Block, type MemoryWrite } from "./layout.ts";

const ROM_SEGMENT = 0xf000;
/** Addresses that IBM's BIOS used for its dummy handler and its timer tick. */
const IGNORE_OFFSET = 0xff53;
const MASTER_OFFSET = 0xfea5;
const SLAVE_OFFSET = 0xff00;

/** Vectors of the two i8259s as the BIOS programs them. */
export const BIOS_MASTER_VECTOR = 0x08;
export const BIOS_SLAVE_VECTOR = 0x70;

const IRET = [0xcf];
/** push ax; mov al, 0x20; out 0x20, al; pop ax; iret: end of interrupt at the master. */
const MASTER = [0x50, 0xb0, 0x20, 0xe6, 0x20, 0x58, 0xcf];
/** The same at the slave, then at the master. */
const SLAVE = [0x50, 0xb0, 0x20, 0xe6, 0xa0, 0xe6, 0x20, 0x58, 0xcf];

export function biosHandlers(): MemoryWrite[] {
  const table = new Block(256 * 4);
  for (let vector = 0; vector < 256; vector++) {
    table.u16(vector * 4, handlerOf(vector)).u16(vector * 4 + 2, ROM_SEGMENT);
  }
  return [
    { address: 0, bytes: table.bytes, what: "interrupt vector table" },
    code(IGNORE_OFFSET, IRET),
    code(MASTER_OFFSET, MASTER),
    code(SLAVE_OFFSET, SLAVE),
  ];
}

function handlerOf(vector: number): number {
  if (vector >= BIOS_MASTER_VECTOR && vector < BIOS_MASTER_VECTOR + 8) return MASTER_OFFSET;
  return vector >= BIOS_SLAVE_VECTOR && vector < BIOS_SLAVE_VECTOR + 8 ? SLAVE_OFFSET : IGNORE_OFFSET;
}

function code(offset: number, bytes: readonly number[]): MemoryWrite {
  return {
    address: ROM_SEGMENT * 16 + offset,
    bytes: Uint8Array.from(bytes),
    what: "BIOS interrupt handler",
  };
}
