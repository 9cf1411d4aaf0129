// What a boot protocol is given, whichever it is: the kernel's file, its command line, what is loaded beside it, and RAM.
// Must not know any protocol or the machine.

import type { AcpiFacts } from "./acpi-tables.ts";
import type { MpTableFacts } from "./mp-table.ts";

/** A file that the loader puts into memory beside the kernel. */
export interface BootModule {
  /** What the kernel is told it is called: a path, a name, or a name and arguments, as the protocol has it. */
  name: string;
  bytes: Uint8Array;
}

export interface BootRequest {
  kernel: Uint8Array;
  /** Kernel command line, without the kernel's name. */
  cmdline: string;
  /** Initial RAM disk. Protocols that know only modules take it as the first. */
  initrd?: Uint8Array | undefined;
  modules?: readonly BootModule[] | undefined;
  /** Words that tell a kernel where devices are that it cannot find by itself: "virtio_mmio.device=512@0xfeb00e00:12". */
  deviceWords?: readonly string[] | undefined;
  /** Bytes of RAM. */
  memory: number;
  /** Absent: no MP table. */
  mpTable: MpTableFacts | undefined;
  /** Absent: no ACPI tables. */
  acpi?: AcpiFacts | undefined;
}

/** The initial RAM disk, where there is one, and then the modules. */
export function allModules(request: BootRequest): BootModule[] {
  return [...(request.initrd ? [{ name: "initrd", bytes: request.initrd }] : []), ...(request.modules ?? [])];
}
