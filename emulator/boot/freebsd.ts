// FreeBSD/amd64's native entry, as the FreeBSD loader and bhyveload use it (stand/userboot, lib/libvmmapi/vmmapi_freebsd.c,
// sys/amd64/amd64/locore.S): long mode, RSP -> {0, modulep, kernend}. Must not know the machine.

import { type ElfFile, parseElf, SHT, sectionBytes } from "../elf/elf.ts";
import { ElfError } from "../elf/error.ts";
import { latin1 } from "./command-line.ts";
import { loadEnd, loadSegments, loadStart } from "./elf-load.ts";
import { firmwareTables } from "./firmware.ts";
import { loaderSettings } from "./freebsd-loader.ts";
import { Block, type BootPlan, type MemoryWrite, STACK_ADDRESS } from "./layout.ts";
import { CODE64_DESCRIPTOR, descriptorTable, longMode, repeatingPageTables } from "./long-mode.ts";
import { memoryMap } from "./memory-map.ts";
import { type PlacedModule, pageUp, placeUpwards } from "./modules.ts";
import type { BootRequest } from "./request.ts";

/** EI_OSABI of FreeBSD's kernels. */
const ELFOSABI_FREEBSD = 9;
/** bhyve's data descriptor: present, read-only. The hidden part of SS stays flat and writable. */
const READ_ONLY_DATA = 0x0000900000000000n;
/** The first page tables repeat the first GB. */
const REACHABLE = 0x40000000;

/** sys/sys/linker.h, sys/x86/include/metadata.h */
const MODINFO = { end: 0, name: 1, type: 2, address: 3, size: 4 } as const;
const METADATA = 0x8000;
const MODINFOMD = { ssym: 3, esym: 4, howto: 7, envp: 6, kernend: 8, smap: 0x1001 } as const;

export function isFreeBsd(elf: ElfFile): boolean {
  return elf.osAbi === ELFOSABI_FREEBSD && elf.type === "executable";
}

/** Throws ElfError for a kernel that cannot start so, RangeError for a command line that is not Latin-1. */
export function planFreeBsdBoot(request: BootRequest): BootPlan {
  const elf = parseElf(request.kernel);
  const limit = Math.min(request.memory, REACHABLE);
  const segments = loadSegments(elf, limit);
  const symbols = symbolTable(elf, pageUp(loadEnd(elf)));
  const modules = placeUpwards(preloaded(request), symbols?.end ?? loadEnd(elf), limit);
  const end = modules.reduce(
    (high, m) => Math.max(high, m.address + m.bytes.length),
    symbols?.end ?? loadEnd(elf),
  );
  const metadata = new Metadata(request, elf, modules, symbols, pageUp(end));
  if (metadata.end > limit)
    throw new ElfError("The kernel and its modules leave no room. Give the machine more memory.");
  const pages = repeatingPageTables();
  const { write: gdtWrite, gdt } = descriptorTable([0n, CODE64_DESCRIPTOR, READ_ONLY_DATA]);
  return {
    writes: [
      ...segments,
      ...(symbols ? [symbols.write] : []),
      ...modules,
      ...metadata.writes,
      pages.write,
      gdtWrite,
      stack(metadata.start, metadata.end),
      ...firmwareTables(request),
    ],
    ...longMode(elf.entry, pages.root, { code: 0x8, data: 0x10 }, { rsp: BigInt(STACK_ADDRESS) }),
    gdt,
  };
}

/** An initial RAM disk is a preloaded memory disk (md(4), option MD_ROOT); kernel modules are ELF objects. */
function preloaded({ initrd, modules = [] }: BootRequest) {
  return [
    ...(initrd ? [{ name: "initrd", bytes: initrd, type: "md_image" }] : []),
    ...modules.map((module) => ({ ...module, type: "elf obj module" })),
  ];
}

/** The kernel reads 32-bit words: 0 (a return address), modulep, kernend. */
function stack(modulep: number, kernend: number): MemoryWrite {
  const block = new Block(16).u32(4, modulep).u32(8, kernend);
  return { address: STACK_ADDRESS, bytes: block.bytes, what: "stack" };
}

interface PlacedSymbols {
  start: number;
  end: number;
  write: MemoryWrite;
}

/** .symtab and .strtab as DDB wants them: each with its size in front, padded to 8. Nothing where the file has none. */
function symbolTable(elf: ElfFile, start: number): PlacedSymbols | undefined {
  const symbols = elf.sections.find((s) => s.type === SHT.SYMTAB);
  const strings = symbols && elf.sections[symbols.link];
  if (!symbols || !strings || strings.type !== SHT.STRTAB) return undefined;
  const parts = [sectionBytes(elf, symbols), sectionBytes(elf, strings)];
  const block = new Block(parts.reduce((sum, part) => sum + 8 + pad8(part.length), 0));
  let at = 0;
  for (const part of parts) {
    block.u64(at, part.length).bytes.set(part, at + 8);
    at += 8 + pad8(part.length);
  }
  return { start, end: start + at, write: { address: start, bytes: block.bytes, what: "symbol table" } };
}

/** The chain of records {type, size, data padded to 8} at modulep, and the loader's variables behind it. */
class Metadata {
  readonly start: number;
  readonly end: number;
  readonly writes: MemoryWrite[];

  constructor(
    request: BootRequest,
    elf: ElfFile,
    modules: readonly (PlacedModule & { type?: string })[],
    symbols: PlacedSymbols | undefined,
    start: number,
  ) {
    const { environment, howto } = loaderSettings(request.cmdline);
    const types = preloaded(request).map((module) => module.type);
    const first = loadStart(elf);
    const records = (envp: number, kernend: number) => [
      record(MODINFO.name, latin1("/boot/kernel/kernel", "name")),
      record(MODINFO.type, latin1("elf kernel", "type")),
      record(MODINFO.address, u64(first)),
      record(MODINFO.size, u64(loadEnd(elf) - first)),
      ...(symbols
        ? [
            record(METADATA | MODINFOMD.ssym, u64(symbols.start)),
            record(METADATA | MODINFOMD.esym, u64(symbols.end)),
          ]
        : []),
      record(METADATA | MODINFOMD.howto, u32(howto)),
      record(METADATA | MODINFOMD.envp, u64(envp)),
      record(METADATA | MODINFOMD.kernend, u64(kernend)),
      record(METADATA | MODINFOMD.smap, smap(request.memory)),
      ...modules.flatMap((module, i) => [
        record(MODINFO.name, latin1(module.name, `The module name "${module.name}"`)),
        record(MODINFO.type, latin1(types[i]!, "type")),
        record(MODINFO.address, u64(module.address)),
        record(MODINFO.size, u64(module.bytes.length)),
      ]),
      new Uint8Array(8),
    ];
    const size = join(records(0, 0)).length;
    const envp = start + size;
    this.start = start;
    this.end = pageUp(envp + environment.length);
    this.writes = [
      { address: start, bytes: join(records(envp, this.end)), what: "metadata" },
      { address: envp, bytes: environment, what: "loader variables" },
    ];
  }
}

function record(type: number, data: Uint8Array): Uint8Array {
  const block = new Block(8 + pad8(data.length)).u32(0, type).u32(4, data.length);
  block.bytes.set(data, 8);
  return block.bytes;
}

/** struct bios_smap: packed {base, length, type}. */
function smap(memory: number): Uint8Array {
  const ranges = memoryMap(memory);
  const block = new Block(ranges.length * 20);
  ranges.forEach((range, i) => {
    block
      .u64(i * 20, range.address)
      .u64(i * 20 + 8, range.size)
      .u32(i * 20 + 16, range.type);
  });
  return block.bytes;
}

const u64 = (value: number) => new Block(8).u64(0, value).bytes;
const u32 = (value: number) => new Block(4).u32(0, value).bytes;
const pad8 = (size: number) => (size + 7) & ~7;

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
