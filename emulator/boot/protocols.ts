// Which boot protocol starts a kernel: what the user says, or what the file shows. One file a protocol; this is their list.
// Must not know the machine.

import { type ElfFile, parseElf } from "../elf/elf.ts";
import { isElf32 } from "../elf/elf32.ts";
import { ElfError } from "../elf/error.ts";
import { isFreeBsd, planFreeBsdBoot } from "./freebsd.ts";
import type { BootPlan } from "./layout.ts";
import { isBzImage, planLinuxBoot } from "./linux.ts";
import { hasMultibootHeader, planMultibootBoot } from "./multiboot.ts";
import { hasPvhEntry, planPvhBoot } from "./pvh.ts";
import type { BootRequest } from "./request.ts";

const PLANS = {
  pvh: planPvhBoot,
  freebsd: planFreeBsdBoot,
  linux: planLinuxBoot,
  multiboot: planMultibootBoot,
} as const satisfies Record<string, (request: BootRequest) => BootPlan>;

export type BootProtocol = keyof typeof PLANS;

export const BOOT_PROTOCOLS = Object.keys(PLANS) as BootProtocol[];

/**
 * What has to be in memory and in the registers at the kernel's first instruction. Without `protocol` the file decides.
 * Throws ElfError or RangeError with a message for the user.
 */
export function planBoot(request: BootRequest, protocol?: BootProtocol): BootPlan {
  const chosen = protocol ?? chooseProtocol(request.kernel);
  return PLANS[chosen](READS_DEVICE_WORDS.includes(chosen) ? withDeviceWords(request) : request);
}

/** Protocols of kernels that read device words from their command line. */
const READS_DEVICE_WORDS: readonly BootProtocol[] = ["pvh", "freebsd", "linux"];

/** As QEMU's microvm does (auto-kernel-cmdline); a word that the user wrote is not repeated. */
function withDeviceWords(request: BootRequest): BootRequest {
  const given = request.cmdline.split(/\s+/);
  const words = (request.deviceWords ?? []).filter((word) => !given.includes(word));
  return { ...request, cmdline: [request.cmdline, ...words].filter((text) => text !== "").join(" ") };
}

/**
 * bzImage: Linux. An ELF file: FreeBSD's native entry (its PVH entry of 12.1 needs Xen), the PVH note, a Multiboot header.
 * Throws ElfError for a file that shows none of them.
 */
export function chooseProtocol(kernel: Uint8Array): BootProtocol {
  if (isBzImage(kernel)) return "linux";
  const multiboot = hasMultibootHeader(kernel);
  if (multiboot && (isElf32(kernel) || !isElf(kernel))) return "multiboot";
  const elf = parseElf(kernel);
  if (isFreeBsd(elf)) return "freebsd";
  if (hasPvhEntry(elf)) return "pvh";
  if (multiboot) return "multiboot";
  throw new ElfError(noProtocol(elf));
}

function isElf(kernel: Uint8Array): boolean {
  return [0x7f, 0x45, 0x4c, 0x46].every((byte, i) => kernel[i] === byte);
}

function noProtocol(elf: ElfFile): string {
  if (elf.type === "relocatable") return "The kernel is an object file (ET_REL): link it first.";
  return (
    "The kernel has no PVH entry point (ELF note Xen, type 18: XEN_ELFNOTE_PHYS32_ENTRY) and no Multiboot header, so this machine " +
    "cannot tell how to start it. For NetBSD build the MICROVM configuration (options XEN and XENPVHVM); for a Linux vmlinux " +
    "set CONFIG_PVH, or choose the boot protocol linux."
  );
}
