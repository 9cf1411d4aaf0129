// The files that a machine is made from: kernel, symbols, initial RAM disk, modules. An edge: reads files.
// Every failure is a UserError that says what, where and what to do.

import { readFileSync } from "node:fs";
import path from "node:path";
import { BOOT_PROTOCOLS, type BootProtocol } from "./boot/protocols.ts";
import type { BootModule } from "./boot/request.ts";
import { isElf32 } from "./elf/elf32.ts";
import type { ByteSource } from "./elf/source.ts";
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
    throw new UserError(`${file}: ${fileError(error)}`);
  }
}

/** Why a file cannot be read, in users' words. */
export function fileError(error: unknown): string {
  return REASONS[(error as NodeJS.ErrnoException).code ?? ""] ?? (error as Error).message;
}

/** The file of "FILE TEXT". */
export const moduleFile = (text: string): string => text.split(" ", 1)[0]!;

/** The file of "ro:FILE". */
export const diskFile = (text: string): string => text.replace(/^ro:/, "");

/** "FILE" or "FILE what the kernel is told": without a text, the kernel is told the file's name. */
export function readModule(text: string): BootModule {
  const space = text.indexOf(" ");
  const file = moduleFile(text);
  return { name: space < 0 ? path.basename(file) : text.slice(space + 1), bytes: readInput(file) };
}

/** "FILE", or "ro:FILE" for a disk that the guest may not write. */
export function readDisk(text: string): DiskOptions {
  return { image: readInput(diskFile(text)), readOnly: text.startsWith("ro:") };
}

/** Throws UserError for a name that is no protocol's; "" and "auto" leave it to the kernel's file. */
export function bootProtocol(name: string | undefined): BootProtocol | undefined {
  if (name === undefined || name === "" || name === "auto") return undefined;
  const known = BOOT_PROTOCOLS.find((protocol) => protocol === name);
  if (known) return known;
  throw new UserError(`Unknown boot protocol "${name}"; known: auto, ${BOOT_PROTOCOLS.join(", ")}.`);
}

/** Only a 64-bit ELF file can hold symbols; a bzImage or a Multiboot kernel wrapped as ELF32 has none that we read. */
export function mayHaveSymbols(kernel: ByteSource): boolean {
  const start = kernel.read(0, Math.min(kernel.size, 16));
  const magic = [0x7f, 0x45, 0x4c, 0x46].every((byte, i) => start[i] === byte);
  return magic && !isElf32(start);
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
