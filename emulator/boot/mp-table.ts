// The MultiProcessor tables of the board: floating pointer and configuration table (Intel MP specification 1.4, chapter 4).
// The processors, an ISA bus, one I/O APIC. Must not know the devices themselves: facts come in as arguments.

import { Block, EBDA_ADDRESS, type MemoryWrite } from "./layout.ts";

export interface MpTableFacts {
  /** How many processors; their local APICs have the IDs from 0, and the first one boots. */
  cpus: number;
  /** The header tells the number of entries. */
  counted: boolean;
  lapicAddress: number;
  /** Low byte of the local APIC version register. */
  lapicVersion: number;
  /** CPUID leaf 1: EAX and EDX. */
  cpuSignature: number;
  cpuFeatures: number;
  ioApicId: number;
  ioApicVersion: number;
  ioApicAddress: number;
}

const ENTRY = { processor: 0, bus: 1, ioApic: 2, ioInterrupt: 3, localInterrupt: 4 } as const;
const INTERRUPT = { vectored: 0, nmi: 1, external: 3 } as const;
const HEADER_SIZE = 44;
const PROCESSOR_SIZE = 20;
const SMALL_ENTRY = 8;
const ISA_BUS = 0;
const ALL_LOCAL_APICS = 0xff;

/** ISA interrupts and the I/O APIC pins they reach: one to one, but the timer (0) is on pin 2, and 2 is the cascade. */
export function isaInterruptPins(): { irq: number; pin: number }[] {
  return Array.from({ length: 16 }, (_, irq) => ({ irq, pin: irq === 0 ? 2 : irq })).filter(
    ({ irq }) => irq !== 2,
  );
}

/** Floating pointer and configuration table at 0x9fc00. */
export function mpTable(facts: MpTableFacts): MemoryWrite {
  const pins = isaInterruptPins();
  const small = 2 + pins.length + 2;
  const size = HEADER_SIZE + facts.cpus * PROCESSOR_SIZE + small * SMALL_ENTRY;
  const block = new Block(16 + size);
  floatingPointer(block, EBDA_ADDRESS + 16);
  const table = new Block(size);
  header(table, size, facts.counted ? facts.cpus + small : 0, facts.lapicAddress);
  for (let id = 0; id < facts.cpus; id++) processor(table, HEADER_SIZE + id * PROCESSOR_SIZE, id, facts);
  let at = HEADER_SIZE + facts.cpus * PROCESSOR_SIZE;
  table
    .u8(at, ENTRY.bus)
    .u8(at + 1, ISA_BUS)
    .text(at + 2, "ISA", 6);
  at += SMALL_ENTRY;
  table
    .u8(at, ENTRY.ioApic)
    .u8(at + 1, facts.ioApicId)
    .u8(at + 2, facts.ioApicVersion)
    .u8(at + 3, 1);
  table.u32(at + 4, facts.ioApicAddress);
  at += SMALL_ENTRY;
  for (const { irq, pin } of pins) {
    interrupt(table, at, ENTRY.ioInterrupt, INTERRUPT.vectored, irq, facts.ioApicId, pin);
    at += SMALL_ENTRY;
  }
  interrupt(table, at, ENTRY.localInterrupt, INTERRUPT.external, 0, ALL_LOCAL_APICS, 0);
  at += SMALL_ENTRY;
  interrupt(table, at, ENTRY.localInterrupt, INTERRUPT.nmi, 0, ALL_LOCAL_APICS, 1);
  table.checksum(7, 0, size);
  block.bytes.set(table.bytes, 16);
  return { address: EBDA_ADDRESS, bytes: block.bytes, what: "MP table" };
}

function floatingPointer(block: Block, table: number): void {
  block.text(0, "_MP_", 4).u32(4, table).u8(8, 1).u8(9, 4); // length in 16 bytes, specification 1.4
  block.checksum(10, 0, 16);
}

function header(table: Block, size: number, count: number, lapicAddress: number): void {
  table.text(0, "PCMP", 4).u16(4, size).u8(6, 4);
  table.text(8, "CLOCKPTH", 8).text(16, "MICROVM", 12);
  table.u16(34, count).u32(36, lapicAddress);
}

function processor(table: Block, at: number, id: number, facts: MpTableFacts): void {
  const enabled = 1;
  const bootProcessor = 2;
  table
    .u8(at, ENTRY.processor)
    .u8(at + 1, id)
    .u8(at + 2, facts.lapicVersion)
    .u8(at + 3, id === 0 ? enabled | bootProcessor : enabled);
  table.u32(at + 4, facts.cpuSignature).u32(at + 8, facts.cpuFeatures);
}

/** An interrupt assignment entry; polarity and trigger mode "conform to the bus" (flags 0). */
function interrupt(
  table: Block,
  at: number,
  entry: number,
  type: number,
  irq: number,
  apic: number,
  pin: number,
): void {
  table
    .u8(at, entry)
    .u8(at + 1, type)
    .u16(at + 2, 0);
  table
    .u8(at + 4, ISA_BUS)
    .u8(at + 5, irq)
    .u8(at + 6, apic)
    .u8(at + 7, pin);
}
