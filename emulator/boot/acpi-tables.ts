// The ACPI tables of the board, for kernels that read no MP table: root pointer, XSDT, FADT of the hardware-reduced kind (as QEMU's microvm
// with acpi=on), MADT with the processors and the I/O APIC, and a DSDT that names COM1 (ACPI specification 6.4, chapters 5, 6 and 20).
// Must not know the devices themselves: facts come in as arguments.

import { Block, type MemoryWrite } from "./layout.ts";

export interface AcpiFacts {
  /** How many processors; their local APICs have the IDs from 0. */
  cpus: number;
  lapicAddress: number;
  ioApicId: number;
  ioApicAddress: number;
  /** The i8259 pair is there. */
  pic: boolean;
  rtc: boolean;
}

/** In the part of low memory that the memory map reserves, where kernels look for the root pointer. */
const ACPI_ADDRESS = 0xf0000;
const ROOT_POINTER_SIZE = 36;
const HEADER_SIZE = 36;
const FADT_SIZE = 276;
const REVISION = { xsdt: 1, fadt: 6, madt: 5, dsdt: 2 } as const;

/** FADT flags: WBINVD works, C1 works, buttons are control methods, no fixed hardware. */
const FADT_FLAGS = 1 | (1 << 2) | (1 << 4) | (1 << 5) | (1 << 20);
const NO_VGA = 1 << 2;
const NO_RTC = 1 << 5;
const MADT = { localApic: 0, ioApic: 1, override: 2, localNmi: 4 } as const;
const ALL_PROCESSORS = 0xff;

/** Everything in one piece of memory. */
export function acpiTables(facts: AcpiFacts): MemoryWrite {
  let end = ACPI_ADDRESS + align(ROOT_POINTER_SIZE);
  const place = (size: number): number => {
    const at = end;
    end += align(size);
    return at;
  };
  const dsdtBytes = dsdt();
  const dsdtAt = place(dsdtBytes.length);
  const fadtBytes = fadt(facts, dsdtAt);
  const fadtAt = place(fadtBytes.length);
  const madtBytes = madt(facts);
  const madtAt = place(madtBytes.length);
  const xsdtBytes = xsdt([fadtAt, madtAt]);
  const xsdtAt = place(xsdtBytes.length);
  const bytes = new Uint8Array(end - ACPI_ADDRESS);
  bytes.set(rootPointer(xsdtAt));
  for (const [
    address,
    table,
  ] of [[dsdtAt, dsdtBytes], [fadtAt, fadtBytes], [madtAt, madtBytes], [xsdtAt, xsdtBytes]] as const) // biome-ignore format: a list
    bytes.set(table, address - ACPI_ADDRESS);
  return { address: ACPI_ADDRESS, bytes, what: "ACPI tables" };
}

const align = (size: number): number => (size + 15) & ~15;

/** Revision 2: the first 20 bytes have a checksum, and the whole. */
function rootPointer(xsdtAt: number): Uint8Array {
  const block = new Block(ROOT_POINTER_SIZE);
  block.text(0, "RSD PTR ", 8).text(9, "CLKPTH", 6).u8(15, 2);
  block.u32(20, ROOT_POINTER_SIZE).u64(24, xsdtAt);
  return block.checksum(8, 0, 20).checksum(32, 0, ROOT_POINTER_SIZE).bytes;
}

/** The header of every table, over its body. */
function table(signature: string, revision: number, block: Block): Uint8Array {
  const size = block.bytes.length;
  block.text(0, signature, 4).u32(4, size).u8(8, revision);
  block.text(10, "CLKPTH", 6).text(16, "CLOCKPTH", 8).u32(24, 1).text(28, "CLKP", 4).u32(32, 1);
  return block.checksum(9, 0, size).bytes;
}

function xsdt(tables: readonly number[]): Uint8Array {
  const block = new Block(HEADER_SIZE + 8 * tables.length);
  tables.forEach((address, i) => {
    block.u64(HEADER_SIZE + 8 * i, address);
  });
  return table("XSDT", REVISION.xsdt, block);
}

function fadt({ rtc }: AcpiFacts, dsdtAt: number): Uint8Array {
  const block = new Block(FADT_SIZE);
  block.u32(40, dsdtAt).u16(109, rtc ? NO_VGA : NO_VGA | NO_RTC);
  block.u32(112, FADT_FLAGS).u64(140, dsdtAt);
  return table("FACP", REVISION.fadt, block);
}

/** ISA interrupts reach the I/O APIC's pin of their number, the timer's pin 2. */
function madt(facts: AcpiFacts): Uint8Array {
  const entries: number[][] = [];
  for (let id = 0; id < facts.cpus; id++) entries.push([MADT.localApic, 8, id, id, 1, 0, 0, 0]);
  entries.push([MADT.ioApic, 12, facts.ioApicId, 0, ...dword(facts.ioApicAddress), ...dword(0)]);
  entries.push([MADT.override, 10, 0, 0, ...dword(2), 0, 0]);
  entries.push([MADT.localNmi, 6, ALL_PROCESSORS, 0, 0, 1]);
  const body = entries.flat();
  const block = new Block(HEADER_SIZE + 8 + body.length);
  block.u32(HEADER_SIZE, facts.lapicAddress).u32(HEADER_SIZE + 4, facts.pic ? 1 : 0);
  block.bytes.set(body, HEADER_SIZE + 8);
  return table("APIC", REVISION.madt, block);
}

const dword = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);

// ---- AML (chapter 20) ----

/** PNP0501 as a compressed EISA ID. */
const UART_ID = [0x41, 0xd0, 0x05, 0x01];
/** Ports 0x3f8 to 0x3ff; interrupt 4, edge, active high; end. */
const UART_RESOURCES = [
  ...[0x47, 0x01, 0xf8, 0x03, 0xf8, 0x03, 0x00, 0x08],
  ...[0x89, 0x06, 0x00, 0x03, 0x01, 0x04, 0x00, 0x00, 0x00],
  ...[0x79, 0x00],
];

/** A package's length counts its own bytes; up to 63 one byte, else two (20.2.4). */
function packaged(content: readonly number[]): number[] {
  const short = content.length + 1;
  if (short < 64) return [short, ...content];
  const long = content.length + 2;
  return [0x40 | (long & 15), long >> 4, ...content];
}

const text = (name: string): number[] => [...name].map((letter) => letter.charCodeAt(0));
const name = (segment: string, value: readonly number[]): number[] => [0x08, ...text(segment), ...value];

function dsdt(): Uint8Array {
  const resources = [0x11, ...packaged([0x0a, UART_RESOURCES.length, ...UART_RESOURCES])];
  const uart = [...name("_HID", [0x0c, ...UART_ID]), ...name("_UID", [0x01]), ...name("_CRS", resources)];
  const device = [0x5b, 0x82, ...packaged([...text("COM1"), ...uart])];
  const scope = [0x10, ...packaged([...text("\\_SB_"), ...device])];
  const block = new Block(HEADER_SIZE + scope.length);
  block.bytes.set(scope, HEADER_SIZE);
  return table("DSDT", REVISION.dsdt, block);
}
