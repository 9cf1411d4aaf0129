// The files that a machine is made from: kernel, symbols, initial RAM disk, modules. An edge: reads files.
// Every failure is a UserError that says what, where and what to do.

import { readFileSync } from "node:fs";
import path from "node:path";
import { BOOT_PROTOCOLS, type BootProtocol } from "./boot/protocols.ts";
import type { BootModule } from "./boot/request.ts";
import { isElf32 } from "./elf/elf32.ts";
import { UserError } from "./errors.ts";
import type { DiskOptions } from "./machine/api.ts";

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EISDIR: "is a folder, not a file",
  EACCES: "may not be read (permission denied)",
  EPERM: "may not be read (permission denied)",
  ERR_FS_FILE_TOO_LARGE: "is larger than 2 GiB",
};

/** The whole file. Throws UserError. */
export function readInput(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    throw new UserError(`${file}: ${REASONS[code] ?? (error as Error).message}`);
  }
}

/** "FILE" or "FILE what the kernel is told": without a text, the kernel is told the file's name. */
export function readModule(text: string): BootModule {
  const space = text.indexOf(" ");
  const file = space < 0 ? text : text.slice(0, space);
  return { name: space < 0 ? path.basename(file) : text.slice(space + 1), bytes: readInput(file) };
}

/** "FILE", or "ro:FILE" for a disk that the guest may not write. */
export function readDisk(text: string): DiskOptions {
  const readOnly = text.startsWith("ro:");
  return { image: readInput(readOnly ? text.slice(3) : text), readOnly };
}

/** Throws UserError for a name that is no protocol's; "" and "auto" leave it to the kernel's file. */
export function bootProtocol(name: string | undefined): BootProtocol | undefined {
  if (name === undefined || name === "" || name === "auto") return undefined;
  const known = BOOT_PROTOCOLS.find((protocol) => protocol === name);
  if (known) return known;
  throw new UserError(`Unknown boot protocol "${name}"; known: auto, ${BOOT_PROTOCOLS.join(", ")}.`);
}

/** Only a 64-bit ELF file can hold symbols; a bzImage or a Multiboot kernel wrapped as ELF32 has none that we read. */
export function mayHaveSymbols(kernel: Uint8Array): boolean {
  const magic = [0x7f, 0x45, 0x4c, 0x46].every((byte, i) => kernel[i] === byte);
  return magic && !isElf32(kernel);
}

/** A 64-bit ELF file with nothing in it: what stands for the symbols of a kernel that has none. */
export function emptyElf(): Uint8Array {
  const bytes = new Uint8Array(64);
  const view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 62, true);
  view.setUint16(52, 64, true);
  return bytes;
}
