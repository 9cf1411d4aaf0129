// The symbols of a kernel's file, with those of its separate debug file where it has one: what launch and attach share.
// An edge: reads files. Failures are UserErrors; what is only worth knowing is a warning of the symbols.

import { findCodeFile, findDebugFile } from "./debug-file.ts";
import { isDebugOnly } from "./elf/debug-link.ts";
import { parseElf } from "./elf/elf.ts";
import type { ByteSource } from "./elf/source.ts";
import { inUserWords } from "./errors.ts";
import { openSource } from "./file-source.ts";
import { emptyElf, mayHaveSymbols } from "./input-files.ts";
import { cachedIndex } from "./symbol-cache.ts";
import type { SymbolFile } from "./symbols/api.ts";
import { openSymbols } from "./symbols/open.ts";

export interface KernelFile {
  path: string;
  source: ByteSource;
}

const NO_SYMBOLS =
  "A kernel file of this kind holds no symbols: functions have no names. Name an ELF file that has them (symbols).";

/** Of a kernel that nobody named, or whose file holds none. */
export function noSymbols(why: string): SymbolFile {
  const none = openSymbols(emptyElf());
  return { ...none, info: { ...none.info, warnings: [why] } };
}

/** The kernel's own symbols, or those of its debug file, or of both. Throws UserError. */
export function openKernelSymbols(file: KernelFile): SymbolFile {
  if (!mayHaveSymbols(file.source)) return noSymbols(NO_SYMBOLS);
  return inUserWords(() => openWhole(file), file.path);
}

/** Those of the file that the user names for a kernel. Throws UserError. */
export function openNamedSymbols(path: string, kernel: KernelFile): SymbolFile {
  const source = openSource(path);
  return inUserWords(() => {
    // A file with debug information only (kernel.debug) says nothing of the code: that is the kernel's.
    if (mayHaveSymbols(kernel.source) && mayHaveSymbols(source) && isDebugOnly(parseElf(source)))
      return from(openWithIndex(kernel, { path, source }), path);
    return openWhole({ path, source });
  }, path);
}

/** What one of two files lacks, the other has: code and tables in the kernel, DWARF in its debug file. */
function openWhole({ path, source }: KernelFile): SymbolFile {
  const elf = parseElf(source);
  if (isDebugOnly(elf)) {
    const { found, rejected } = findCodeFile(path, elf);
    if (found) return warned(from(openWithIndex(found, { path, source }), path), rejected);
    return warned(openSymbols(source), [...rejected, `${path} holds debug information only, no code: name the kernel itself.`]); // biome-ignore format: one thought
  }
  const own = openWithIndex({ path, source });
  if (own.info.hasDebugInfo) return own;
  const { found, rejected } = findDebugFile(path, elf);
  return warned(found ? from(openWithIndex({ path, source }, found), found.path) : own, rejected);
}

/** With the index of the debug information that an earlier session has left. */
function openWithIndex(file: KernelFile, debug?: KernelFile): SymbolFile {
  const told = debug ?? file;
  return openSymbols(file.source, debug?.source, cachedIndex(parseElf(told.source), told.path));
}

const from = (symbols: SymbolFile, debugFile: string): SymbolFile => ({
  ...symbols,
  info: { ...symbols.info, debugFile },
});

function warned(symbols: SymbolFile, warnings: readonly string[]): SymbolFile {
  symbols.info.warnings.push(...warnings);
  return symbols;
}
