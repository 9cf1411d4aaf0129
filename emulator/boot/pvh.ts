// The PVH boot protocol: Xen's x86/HVM direct boot ABI (xen/include/public/arch-x86/hvm/start_info.h), which QEMU, Firecracker
// and cloud-hypervisor share. 32-bit protected mode, paging off, EBX = hvm_start_info. Must not know the machine.

import { type ElfFile, parseElf } from "../elf/elf.ts";
import { ElfError } from "../elf/error.ts";
import { readNotes } from "../elf/notes.ts";
import { loadSegments } from "./elf-load.ts";
import {
  BIOS_DATA_AREA,
  Block,
  type BootPlan,
  CMDLINE_ADDRESS,
  CMDLINE_LIMIT,
  EBDA_ADDRESS,
  MEMORY_MAP_ADDRESS,
  type MemoryWrite,
  START_INFO_ADDRESS,
} from "./layout.ts";
import { memoryMap } from "./memory-map.ts";
import { type MpTableFacts, mpTable } from "./mp-table.ts";

const XEN_ELFNOTE_PHYS32_ENTRY = 18;
const START_MAGIC = 0x336ec578; // "xEn3" with the top bit of the E set
const START_INFO_SIZE = 56;
const MEMORY_MAP_ENTRY_SIZE = 24;

export interface PvhOptions {
  kernel: Uint8Array;
  cmdline: string;
  /** Bytes of RAM. */
  memory: number;
  /** Absent: no MP table. */
  mpTable: MpTableFacts | undefined;
}

/** What has to be in memory and in the registers for a PVH start. Throws ElfError with a message for the user. */
export function planPvhBoot(options: PvhOptions): BootPlan {
  const elf = parseElf(options.kernel);
  const entry = pvhEntry(elf);
  const map = memoryMapBlock(options.memory);
  return {
    writes: [
      ...loadSegments(elf, options.memory),
      commandLine(options.cmdline),
      { address: MEMORY_MAP_ADDRESS, bytes: map, what: "memory map" },
      startInfo(map.length / MEMORY_MAP_ENTRY_SIZE),
      ...(options.mpTable ? [mpTable(options.mpTable), biosDataArea()] : []),
    ],
    ...entryState(entry),
  };
}

/** The physical entry point of the PVH note. A 64-bit kernel's note may be 4 or 8 bytes. */
export function pvhEntry(elf: ElfFile): number {
  const note = readNotes(elf).find((n) => n.owner === "Xen" && n.type === XEN_ELFNOTE_PHYS32_ENTRY);
  if (!note || note.descriptor.length < 4) {
    throw new ElfError(
      "The kernel has no PVH entry point (ELF note Xen, type 18: XEN_ELFNOTE_PHYS32_ENTRY), so this machine cannot start " +
        "it. For NetBSD build the MICROVM configuration (options XEN and XENPVHVM); for Linux set CONFIG_PVH.",
    );
  }
  const d = note.descriptor;
  return (d[0]! | (d[1]! << 8) | (d[2]! << 16) | (d[3]! << 24)) >>> 0;
}

/** "cs: base 0, limit 4 GB, code; ds, es, ss: data; tr: 32-bit TSS, limit 0x67; cr0: PE; eflags: IF and VM clear". */
function entryState(entry: number): Pick<BootPlan, "registers" | "segments"> {
  const data = { selector: 0x10, base: 0n, limit: 0xffffffff, attributes: 0xc093 };
  return {
    registers: {
      rip: BigInt(entry),
      rbx: BigInt(START_INFO_ADDRESS),
      cr0: 0x11n,
      cr4: 0n,
      efer: 0n,
      eflags: 2n,
    },
    segments: {
      cs: { ...data, selector: 0x8, attributes: 0xc09b },
      ds: data,
      es: data,
      ss: data,
      fs: data,
      gs: data,
      tr: { selector: 0x18, base: 0n, limit: 0x67, attributes: 0x8b },
    },
  };
}

/** struct hvm_start_info, version 1. */
function startInfo(mapEntries: number): MemoryWrite {
  const info = new Block(START_INFO_SIZE);
  info.u32(0, START_MAGIC).u32(4, 1).u32(8, 0).u32(12, 0); // no modules
  info.u64(16, 0).u64(24, CMDLINE_ADDRESS).u64(32, 0); // no RSDP: acpi=off
  info.u64(40, MEMORY_MAP_ADDRESS).u32(48, mapEntries);
  return { address: START_INFO_ADDRESS, bytes: info.bytes, what: "hvm_start_info" };
}

/** struct hvm_memmap_table_entry: address, size, type, reserved. */
function memoryMapBlock(memory: number): Uint8Array {
  const ranges = memoryMap(memory);
  const block = new Block(ranges.length * MEMORY_MAP_ENTRY_SIZE);
  ranges.forEach((range, i) => {
    const at = i * MEMORY_MAP_ENTRY_SIZE;
    block
      .u64(at, range.address)
      .u64(at + 8, range.size)
      .u32(at + 16, range.type);
  });
  return block.bytes;
}

function commandLine(text: string): MemoryWrite {
  const bytes = new Uint8Array(text.length + 1);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0 || code > 0xff) {
      throw new RangeError(
        `The kernel command line has a character that is not Latin-1, at position ${i + 1}.`,
      );
    }
    bytes[i] = code;
  }
  if (bytes.length > CMDLINE_LIMIT) {
    throw new RangeError(
      `The kernel command line is ${text.length} characters long; at most ${CMDLINE_LIMIT - 1} fit.`,
    );
  }
  return { address: CMDLINE_ADDRESS, bytes, what: "command line" };
}

/** The two words by which kernels find the MP table: EBDA segment (0x40e) and KB of conventional memory (0x413). */
function biosDataArea(): MemoryWrite {
  const block = new Block(0x20);
  block.u16(0x0e, EBDA_ADDRESS >> 4).u16(0x13, EBDA_ADDRESS >> 10);
  return { address: BIOS_DATA_AREA, bytes: block.bytes, what: "BIOS data area" };
}
