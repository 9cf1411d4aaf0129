// The Linux/x86 boot protocol (Documentation/arch/x86/boot.rst), 64-bit entry: a bzImage, or vmlinux as ELF. RSI = zero page.
// Must not know the machine.

import { parseElf } from "../elf/elf.ts";
import { ElfError } from "../elf/error.ts";
import { commandLine } from "./command-line.ts";
import { checkPlace, loadEnd, loadSegments } from "./elf-load.ts";
import { firmwareTables } from "./firmware.ts";
import { Block, type BootPlan, CMDLINE_ADDRESS, type MemoryWrite, ZERO_PAGE_ADDRESS } from "./layout.ts";
import {
  CODE64_DESCRIPTOR,
  DATA_DESCRIPTOR,
  descriptorTable,
  identityPageTables,
  longMode,
} from "./long-mode.ts";
import { memoryMap } from "./memory-map.ts";
import { type PlacedModule, placeAtTop } from "./modules.ts";
import type { BootRequest } from "./request.ts";

/** Offsets of the setup header's fields, the same in the file and in the zero page. */
const FIELD = {
  setupSectors: 0x1f1,
  bootFlag: 0x1fe,
  jump: 0x200,
  magic: 0x202,
  version: 0x206,
  loaderType: 0x210,
  loadFlags: 0x211,
  ramdiskAddress: 0x218,
  ramdiskSize: 0x21c,
  commandLine: 0x228,
  ramdiskMax: 0x22c,
  alignment: 0x230,
  relocatable: 0x234,
  extendedLoadFlags: 0x236,
  preferredAddress: 0x258,
  initSize: 0x260,
} as const;
const MAGIC = 0x53726448; // "HdrS"
const OLDEST_VERSION = 0x20c;
const LOADED_HIGH = 1;
/** xloadflags: there is a 64-bit entry, 0x200 bytes behind the 32-bit one. */
const XLF_KERNEL_64 = 1;
const ENTRY_64 = 0x200;
const UNDEFINED_LOADER = 0xff;
const E820_COUNT = 0x1e8;
const E820_TABLE = 0x2d0;
const ZERO_PAGE_SIZE = 0x1000;

/** True for a file with a Linux setup header. */
export function isBzImage(kernel: Uint8Array): boolean {
  if (kernel.length < 0x268) return false;
  const view = new DataView(kernel.buffer, kernel.byteOffset, kernel.byteLength);
  return view.getUint16(FIELD.bootFlag, true) === 0xaa55 && view.getUint32(FIELD.magic, true) === MAGIC;
}

/** Throws ElfError for a kernel that cannot start so, RangeError for a command line that does not fit. */
export function planLinuxBoot(request: BootRequest): BootPlan {
  const image = isBzImage(request.kernel) ? bzImage(request) : vmlinux(request);
  const ramdisk = placeRamdisk(request, image);
  const pages = identityPageTables();
  // __BOOT_CS is 0x10, __BOOT_DS 0x18.
  const { write: gdtWrite, gdt } = descriptorTable([0n, 0n, CODE64_DESCRIPTOR, DATA_DESCRIPTOR]);
  return {
    writes: [
      ...image.writes,
      ...ramdisk,
      zeroPage(request.memory, image.header, ramdisk[0]),
      commandLine(request.cmdline),
      pages.write,
      gdtWrite,
      ...firmwareTables(request),
    ],
    ...longMode(image.entry, pages.root, { code: 0x10, data: 0x18 }, { rsi: BigInt(ZERO_PAGE_ADDRESS) }),
    gdt,
  };
}

interface Image {
  writes: MemoryWrite[];
  entry: bigint;
  /** First physical address that the kernel leaves alone while it starts. */
  end: number;
  /** Highest address that a byte of the initial RAM disk may have. */
  ramdiskMax: number;
  /** The setup header, at its place in a zero page. */
  header: Block;
}

function bzImage({ kernel, memory }: BootRequest): Image {
  const view = new DataView(kernel.buffer, kernel.byteOffset, kernel.byteLength);
  const version = view.getUint16(FIELD.version, true);
  if (version < OLDEST_VERSION || !(view.getUint16(FIELD.extendedLoadFlags, true) & XLF_KERNEL_64)) {
    throw new ElfError(
      `The bzImage (boot protocol ${version >> 8}.${version & 255}) has no 64-bit entry; Clockpath starts 64-bit kernels (protocol 2.12, XLF_KERNEL_64).`,
    );
  }
  const setupSize = ((kernel[FIELD.setupSectors] || 4) + 1) * 512;
  const code = kernel.subarray(setupSize);
  if (code.length === 0) throw new ElfError("The bzImage is cut short: nothing follows its setup sectors.");
  const load = view.getBigUint64(FIELD.preferredAddress, true);
  const size = BigInt(Math.max(code.length, view.getUint32(FIELD.initSize, true)));
  checkPlace("The kernel", load, size, memory);
  const header = new Block(ZERO_PAGE_SIZE);
  const headerEnd = Math.min(FIELD.magic + kernel[FIELD.jump + 1]!, 0x290, kernel.length);
  header.bytes.set(kernel.subarray(FIELD.setupSectors, headerEnd), FIELD.setupSectors);
  return {
    writes: [{ address: Number(load), bytes: code, what: "kernel" }],
    entry: load + BigInt(ENTRY_64),
    end: Number(load + size),
    ramdiskMax: view.getUint32(FIELD.ramdiskMax, true),
    header,
  };
}

/** An uncompressed kernel: its ELF entry is startup_64 at its physical address. The header says what a boot loader would. */
function vmlinux({ kernel, memory }: BootRequest): Image {
  const elf = parseElf(kernel);
  const header = new Block(ZERO_PAGE_SIZE);
  header.u16(FIELD.bootFlag, 0xaa55).u32(FIELD.magic, MAGIC).u16(FIELD.version, OLDEST_VERSION);
  header.u8(FIELD.loadFlags, LOADED_HIGH).u32(FIELD.alignment, 0x1000000);
  return {
    writes: loadSegments(elf, memory),
    entry: elf.entry,
    end: loadEnd(elf),
    ramdiskMax: 0x7fffffff,
    header,
  };
}

function placeRamdisk({ initrd, modules, memory }: BootRequest, { end, ramdiskMax }: Image): PlacedModule[] {
  if (modules?.length)
    throw new ElfError("Linux takes one initial RAM disk and no modules; put them into the initrd.");
  if (!initrd) return [];
  return placeAtTop([{ name: "initrd", bytes: initrd }], end, Math.min(memory, ramdiskMax + 1));
}

/** struct boot_params: all zero, but for the setup header and the memory map. */
function zeroPage(memory: number, page: Block, ramdisk: PlacedModule | undefined): MemoryWrite {
  page.u8(FIELD.loaderType, UNDEFINED_LOADER).u32(FIELD.commandLine, CMDLINE_ADDRESS);
  if (ramdisk) page.u32(FIELD.ramdiskAddress, ramdisk.address).u32(FIELD.ramdiskSize, ramdisk.bytes.length);
  const ranges = memoryMap(memory);
  page.u8(E820_COUNT, ranges.length);
  ranges.forEach((range, i) => {
    const at = E820_TABLE + i * 20;
    page
      .u64(at, range.address)
      .u64(at + 8, range.size)
      .u32(at + 16, range.type);
  });
  return { address: ZERO_PAGE_ADDRESS, bytes: page.bytes, what: "zero page" };
}
