// The Multiboot protocol, version 0.6.96 (what "Multiboot 1" means): 32-bit protected mode, paging off, EAX = magic, EBX =
// information. ELF32, ELF64 and the header's own load addresses. Must not know the machine.

import { parseElf } from "../elf/elf.ts";
import { isElf32, parseElf32 } from "../elf/elf32.ts";
import { ElfError } from "../elf/error.ts";
import { biosHandlers } from "./bios.ts";
import { latin1 } from "./command-line.ts";
import { checkPlace, loadEnd, loadSegments } from "./elf-load.ts";
import { firmwareTables } from "./firmware.ts";
import {
  Block,
  type BootPlan,
  CMDLINE_ADDRESS,
  CMDLINE_LIMIT,
  MEMORY_MAP_ADDRESS,
  type MemoryWrite,
  START_INFO_ADDRESS,
} from "./layout.ts";
import { memoryMap } from "./memory-map.ts";
import { type PlacedModule, placeUpwards } from "./modules.ts";
import { protectedMode } from "./protected-mode.ts";
import { allModules, type BootRequest } from "./request.ts";

const HEADER_MAGIC = 0x1badb002;
const LOADER_MAGIC = 0x2badb002n;
/** The header lies, 4-byte aligned, within this many bytes of the file's start. */
const SEARCH = 8192;
const FLAG_ADDRESSES = 0x10000;

/** Multiboot information: which of its fields are there. */
const INFO = { memory: 1, cmdline: 4, modules: 8, memoryMap: 0x40, loaderName: 0x200 } as const;
const INFO_SIZE = 120;
/** Information and memory map are all that this protocol puts low: real-mode kernels may lie behind them. */
const LOW_DATA_END = MEMORY_MAP_ADDRESS + 0x1000;
const MODULE_SIZE = 16;
/** Boot loaders give the kernel's name as the command line's first word. */
const KERNEL_NAME = "kernel";
const LOADER_NAME = "clockpath";

interface Header {
  offset: number;
  flags: number;
}

/** True when the file has a Multiboot header. */
export function hasMultibootHeader(kernel: Uint8Array): boolean {
  return findHeader(kernel) !== undefined;
}

/** Throws ElfError for a kernel that cannot start so, RangeError for a command line that does not fit. */
export function planMultibootBoot(request: BootRequest): BootPlan {
  const { kernel, memory } = request;
  const header = findHeader(kernel);
  if (!header) {
    throw new ElfError(
      "The kernel has no Multiboot header (0x1badb002, flags and checksum in its first 8 KiB): it cannot start by Multiboot.",
    );
  }
  const image = loadImage(kernel, header, memory);
  const modules = placeUpwards(allModules(request), Math.max(image.end, 0x100000), memory);
  const texts = new Texts();
  const info = information(request, modules, texts);
  return {
    writes: [
      ...image.writes,
      ...modules,
      { address: START_INFO_ADDRESS, bytes: info, what: "Multiboot information" },
      memoryMapBlock(memory),
      texts.write(),
      ...firmwareTables(request),
      ...biosHandlers(),
    ],
    bios: true,
    ...protectedMode(image.entry, { rax: LOADER_MAGIC, rbx: BigInt(START_INFO_ADDRESS) }),
  };
}

function findHeader(kernel: Uint8Array): Header | undefined {
  const view = new DataView(kernel.buffer, kernel.byteOffset, kernel.byteLength);
  for (let offset = 0; offset + 12 <= Math.min(kernel.length, SEARCH); offset += 4) {
    if (view.getUint32(offset, true) !== HEADER_MAGIC) continue;
    const flags = view.getUint32(offset + 4, true);
    if (((HEADER_MAGIC + flags + view.getUint32(offset + 8, true)) & 0xffffffff) === 0)
      return { offset, flags };
  }
  return undefined;
}

interface Image {
  writes: MemoryWrite[];
  entry: number;
  end: number;
}

/** Flag bit 16: the header says where the file goes. Else its ELF headers do. */
function loadImage(kernel: Uint8Array, header: Header, memory: number): Image {
  if (header.flags & FLAG_ADDRESSES) return loadByHeader(kernel, header, memory);
  const elf = isElf32(kernel) ? parseElf32(kernel) : parseElf(kernel);
  return { writes: loadSegments(elf, memory, LOW_DATA_END), entry: Number(elf.entry), end: loadEnd(elf) };
}

function loadByHeader(kernel: Uint8Array, header: Header, memory: number): Image {
  if (header.offset + 32 > kernel.length) throw new ElfError("The Multiboot header is cut short.");
  const view = new DataView(kernel.buffer, kernel.byteOffset, kernel.byteLength);
  const [headerAddress, load, loadLimit, bssEnd, entry] = [12, 16, 20, 24, 28].map((at) =>
    view.getUint32(header.offset + at, true),
  ) as [number, number, number, number, number];
  const first = header.offset - (headerAddress - load);
  if (first < 0 || headerAddress < load)
    throw new ElfError("The Multiboot header's load address lies before the file's first byte.");
  const bytes = kernel.subarray(
    first,
    loadLimit === 0 ? kernel.length : first + Math.max(0, loadLimit - load),
  );
  const end = Math.max(load + bytes.length, bssEnd);
  checkPlace("The kernel", BigInt(load), BigInt(end - load), memory, LOW_DATA_END);
  return { writes: [{ address: load, bytes, what: "kernel" }], entry, end };
}

/** Strings and the module table, in the command line's room. */
class Texts {
  readonly #parts: { offset: number; bytes: Uint8Array }[] = [];
  #used = 0;

  /** Gives the address. Throws RangeError when the room is used up. */
  add(bytes: Uint8Array): number {
    const offset = this.#used;
    this.#parts.push({ offset, bytes });
    this.#used = (offset + bytes.length + 3) & ~3;
    if (this.#used > CMDLINE_LIMIT)
      throw new RangeError(`The command lines of kernel and modules are longer than ${CMDLINE_LIMIT} bytes.`);
    return CMDLINE_ADDRESS + offset;
  }

  write(): MemoryWrite {
    const bytes = new Uint8Array(this.#used);
    for (const part of this.#parts) bytes.set(part.bytes, part.offset);
    return { address: CMDLINE_ADDRESS, bytes, what: "command lines" };
  }
}

/** The Multiboot information structure; its strings and tables go to `texts`. */
function information(request: BootRequest, modules: readonly PlacedModule[], texts: Texts): Uint8Array {
  const cmdline = request.cmdline === "" ? KERNEL_NAME : `${KERNEL_NAME} ${request.cmdline}`;
  const info = new Block(INFO_SIZE);
  info.u32(0, INFO.memory | INFO.cmdline | INFO.modules | INFO.memoryMap | INFO.loaderName);
  info.u32(4, 639).u32(8, (request.memory - 0x100000) / 1024); // KB below and above 1 MB
  info.u32(16, texts.add(latin1(cmdline, "The kernel command line")));
  info.u32(20, modules.length).u32(24, moduleTable(modules, texts));
  info.u32(44, memoryMap(request.memory).length * 24).u32(48, MEMORY_MAP_ADDRESS);
  info.u32(64, texts.add(latin1(LOADER_NAME, "The loader's name")));
  return info.bytes;
}

/** Start, end, string, reserved. */
function moduleTable(modules: readonly PlacedModule[], texts: Texts): number {
  const table = new Block(modules.length * MODULE_SIZE);
  modules.forEach(({ name, address, bytes }, i) => {
    const at = i * MODULE_SIZE;
    table
      .u32(at, address)
      .u32(at + 4, address + bytes.length)
      .u32(at + 8, texts.add(latin1(name, `The module name "${name}"`)));
  });
  return texts.add(table.bytes);
}

/** Entries {size of the rest, base, length, type}: 24 bytes each. */
function memoryMapBlock(memory: number): MemoryWrite {
  const ranges = memoryMap(memory);
  const block = new Block(ranges.length * 24);
  ranges.forEach((range, i) => {
    const at = i * 24;
    block
      .u32(at, 20)
      .u64(at + 4, range.address)
      .u64(at + 12, range.size)
      .u32(at + 20, range.type);
  });
  return { address: MEMORY_MAP_ADDRESS, bytes: block.bytes, what: "memory map" };
}
