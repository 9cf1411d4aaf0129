// The PVH boot protocol: Xen's x86/HVM direct boot ABI (xen/include/public/arch-x86/hvm/start_info.h), which QEMU, Firecracker
// and cloud-hypervisor share. 32-bit protected mode, paging off, EBX = hvm_start_info. Must not know the machine.

import { type ElfFile, parseElf } from "../elf/elf.ts";
import { ElfError } from "../elf/error.ts";
import { readNotes } from "../elf/notes.ts";
import { commandLine, latin1 } from "./command-line.ts";
import { loadEnd, loadSegments } from "./elf-load.ts";
import { firmwareTables } from "./firmware.ts";
import {
  Block,
  type BootPlan,
  CMDLINE_ADDRESS,
  MEMORY_MAP_ADDRESS,
  type MemoryWrite,
  START_INFO_ADDRESS,
} from "./layout.ts";
import { memoryMap } from "./memory-map.ts";
import { type PlacedModule, pageUp, placeAtTop } from "./modules.ts";
import { protectedMode } from "./protected-mode.ts";
import { allModules, type BootRequest } from "./request.ts";

const XEN_ELFNOTE_PHYS32_ENTRY = 18;
const START_MAGIC = 0x336ec578; // "xEn3" with the top bit of the E set
const START_INFO_SIZE = 56;
const MEMORY_MAP_ENTRY_SIZE = 24;
const MODULE_ENTRY_SIZE = 32;

/** What has to be in memory and in the registers for a PVH start. Throws ElfError with a message for the user. */
export function planPvhBoot(request: BootRequest): BootPlan {
  const elf = parseElf(request.kernel);
  const entry = pvhEntry(elf);
  const end = pageUp(loadEnd(elf));
  const modules = placeAtTop(allModules(request), end, request.memory);
  const list = moduleList(modules, Math.max(end, 0x100000));
  const map = memoryMapBlock(request.memory);
  return {
    writes: [
      ...loadSegments(elf, request.memory),
      commandLine(request.cmdline),
      { address: MEMORY_MAP_ADDRESS, bytes: map, what: "memory map" },
      startInfo(map.length / MEMORY_MAP_ENTRY_SIZE, modules.length, list?.address ?? 0),
      ...(list ? [list, ...modules] : []),
      ...firmwareTables(request),
    ],
    ...protectedMode(entry, { rbx: BigInt(START_INFO_ADDRESS) }),
  };
}

/** True when the file carries the PVH note: any loader that knows PVH can start it. */
export function hasPvhEntry(elf: ElfFile): boolean {
  return pvhNote(elf) !== undefined;
}

/** The physical entry point of the PVH note. A 64-bit kernel's note may be 4 or 8 bytes. */
export function pvhEntry(elf: ElfFile): number {
  const note = pvhNote(elf);
  if (!note) {
    throw new ElfError(
      "The kernel has no PVH entry point (ELF note Xen, type 18: XEN_ELFNOTE_PHYS32_ENTRY), so this machine cannot start " +
        "it. For NetBSD build the MICROVM configuration (options XEN and XENPVHVM); for Linux set CONFIG_PVH.",
    );
  }
  const d = note.descriptor;
  return (d[0]! | (d[1]! << 8) | (d[2]! << 16) | (d[3]! << 24)) >>> 0;
}

function pvhNote(elf: ElfFile) {
  return readNotes(elf).find(
    (n) => n.owner === "Xen" && n.type === XEN_ELFNOTE_PHYS32_ENTRY && n.descriptor.length >= 4,
  );
}

/** struct hvm_start_info, version 1. */
function startInfo(mapEntries: number, modules: number, moduleList: number): MemoryWrite {
  const info = new Block(START_INFO_SIZE);
  info.u32(0, START_MAGIC).u32(4, 1).u32(8, 0).u32(12, modules);
  info.u64(16, moduleList).u64(24, CMDLINE_ADDRESS).u64(32, 0); // no RSDP: acpi=off
  info.u64(40, MEMORY_MAP_ADDRESS).u32(48, mapEntries);
  return { address: START_INFO_ADDRESS, bytes: info.bytes, what: "hvm_start_info" };
}

/** struct hvm_modlist_entry (address, size, address of the name, reserved) for each module, then the names; below them. */
function moduleList(modules: readonly PlacedModule[], floor: number): MemoryWrite | undefined {
  if (modules.length === 0) return undefined;
  const names = modules.map(({ name }) => latin1(name, `The module name "${name}"`));
  const size = names.reduce((sum, name) => sum + name.length, modules.length * MODULE_ENTRY_SIZE);
  const [placed] = placeAtTop([{ name: "list", bytes: new Uint8Array(size) }], floor, modules[0]!.address);
  const block = new Block(size);
  let nameAt = modules.length * MODULE_ENTRY_SIZE;
  modules.forEach(({ address, bytes }, i) => {
    const at = i * MODULE_ENTRY_SIZE;
    block
      .u64(at, address)
      .u64(at + 8, bytes.length)
      .u64(at + 16, placed!.address + nameAt);
    block.bytes.set(names[i]!, nameAt);
    nameAt += names[i]!.length;
  });
  return { address: placed!.address, bytes: block.bytes, what: "module list" };
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
