// The console's commands about symbol files, in gdb's words: symbol-file, add-symbol-file, remove-symbol-file, info files. A kernel loads
// modules behind the debugger's back: the user says which file went where. Must not know how files are read.

import { type ElfFile, parseElf, SHF } from "../elf/elf.ts";
import { ElfError } from "../elf/error.ts";
import { placeSections, relocate } from "../elf/relocate.ts";
import { openSymbols } from "../symbols/open.ts";
import type { AddedSymbols, PlacedSection } from "../symbols/several.ts";
import type { Debugger } from "./debugger.ts";
import { evaluateAddress } from "./expressions/evaluator.ts";
import type { Frame } from "./frames.ts";
import { hex, hex64 } from "./numbers.ts";
import { EvaluationError } from "./values.ts";

/** What the command says; undefined where `name` is none of these. Throws EvaluationError. */
export function symbolCommand(
  name: string,
  rest: string,
  session: Debugger,
  frame: Frame | undefined,
): string | undefined {
  switch (name) {
    case "symbol-file":
      return symbolFile(rest, session);
    case "add-symbol-file":
      return addSymbolFile(rest, session, frame);
    case "remove-symbol-file":
      return removeSymbolFile(rest, session, frame);
    default:
      return undefined;
  }
}

function bytesOfFile(path: string, { readFile }: Debugger): Uint8Array {
  if (!readFile) throw new EvaluationError("Files cannot be read here.");
  try {
    return readFile(path);
  } catch (error) {
    throw new EvaluationError(error instanceof Error ? error.message : String(error));
  }
}

/** Runs a reader of ELF files; what is wrong with the file is told with its name. */
function reading<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ElfError) throw new EvaluationError(`${path}: ${error.message}`);
    throw error;
  }
}

/** `symbol-file FILE`: in place of the kernel's symbols. */
function symbolFile(rest: string, session: Debugger): string {
  const path = unquoted(rest.trim());
  if (path === "") throw new EvaluationError("Argument required (the file with the kernel's symbols).");
  const bytes = bytesOfFile(path, session);
  const symbols = reading(path, () => openSymbols(bytes));
  if (reading(path, () => parseElf(bytes)).type === "relocatable")
    throw new EvaluationError(`${path} is not linked: add-symbol-file ${path} ADDRESS says where it is.`);
  session.symbols.replaceMain(symbols);
  session.symbolsChanged();
  return [`Reading symbols from ${path}...`, ...symbols.info.warnings].join("\n");
}

interface AddArguments {
  path: string;
  /** Address of .text. */
  text: bigint | undefined;
  sections: Map<string, bigint>;
}

/** `FILE [ADDRESS] [-s SECTION ADDRESS]...`, in gdb's order or another. */
function addArguments(rest: string, session: Debugger, frame: Frame | undefined): AddArguments {
  const words = rest.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  const address = (word: string | undefined) => {
    if (word === undefined) throw new EvaluationError("Missing section address after -s.");
    return evaluateAddress(word, session.context(frame));
  };
  const sections = new Map<string, bigint>();
  const plain: string[] = [];
  for (let at = 0; at < words.length; at++) {
    if (words[at] !== "-s") plain.push(words[at]!);
    else sections.set(words[++at] ?? "", address(words[++at]));
  }
  const [path, text, ...more] = plain;
  if (path === undefined) throw new EvaluationError("add-symbol-file takes a file name and an address");
  if (more.length > 0) throw new EvaluationError(`Unrecognized argument "${more[0]}"`);
  return { path: unquoted(path), text: text === undefined ? undefined : address(text), sections };
}

const unquoted = (word: string): string => word.replace(/^(["'])(.*)\1$/, "$2");

function addSymbolFile(rest: string, session: Debugger, frame: Frame | undefined): string {
  const { path, text, sections } = addArguments(rest, session, frame);
  const bytes = bytesOfFile(path, session);
  const elf = reading(path, () => parseElf(bytes));
  const added = reading(path, () =>
    elf.type === "relocatable"
      ? placed(path, bytes, elf, text, sections)
      : linked(path, bytes, elf, text ?? sections.get(".text")),
  );
  session.symbols.remove((each) => overlaps(each, added));
  session.symbols.add(added);
  session.symbolsChanged();
  const places = added.sections
    .filter(({ name }) => name === ".text" || sections.has(name))
    .map(({ name, low }) => `\t${name}_addr = ${hex(low)}`);
  return [`add symbol table from file "${path}" at`, ...places, ...added.symbols.info.warnings].join("\n");
}

/** A file whose sections the kernel has put somewhere. */
function placed(
  path: string,
  bytes: Uint8Array,
  elf: ElfFile,
  text: bigint | undefined,
  sections: ReadonlyMap<string, bigint>,
): AddedSymbols {
  const named = new Map(sections);
  if (text !== undefined) named.set(".text", text);
  if (named.size === 0)
    throw new EvaluationError(`${path} is not linked: say where it is (add-symbol-file ${path} ADDRESS).`);
  const places = placeSections(elf, named);
  const symbols = openSymbols(relocate(bytes, elf, places));
  return {
    path,
    symbols,
    sections: places.map(({ section: { name, size }, address }) => ({
      name,
      low: address,
      high: address + size,
    })),
  };
}

/** A linked file has its addresses in it, and its debug information too. */
function linked(path: string, bytes: Uint8Array, elf: ElfFile, text: bigint | undefined): AddedSymbols {
  const sections = loadedSections(elf);
  const own = sections.find(({ name }) => name === ".text")?.low;
  if (text !== undefined && text !== own)
    throw new EvaluationError(
      `${path} is linked for ${own === undefined ? "no .text" : hex(own)}: it cannot be moved to ${hex(text)}.`,
    );
  return { path, symbols: openSymbols(bytes), sections };
}

const loadedSections = (elf: ElfFile): PlacedSection[] =>
  elf.sections
    .filter(({ flags, size }) => flags & SHF.ALLOC && size > 0n)
    .map(({ name, address, size }) => ({ name, low: address, high: address + size }));

/** A module that was loaded anew replaces what was there. */
const overlaps = (file: AddedSymbols, other: AddedSymbols): boolean =>
  file.sections.some(({ low, high }) => other.sections.some((each) => each.low < high && low < each.high));

/** `remove-symbol-file FILE`, `remove-symbol-file -a ADDRESS`. */
function removeSymbolFile(rest: string, session: Debugger, frame: Frame | undefined): string {
  const [, source] = /^-a\s+([\s\S]+)$/.exec(rest.trim()) ?? [];
  const address = source === undefined ? undefined : evaluateAddress(source, session.context(frame));
  const path = unquoted(rest.trim());
  const wanted = ({ path: known, sections }: AddedSymbols): boolean =>
    address === undefined
      ? known === path
      : sections.some(({ low, high }) => low <= address && address < high);
  if (!session.symbols.added.some(wanted)) throw new EvaluationError("No symbol file found");
  session.symbols.remove(wanted);
  session.symbolsChanged();
  return "";
}

/** `info files`, and `info sharedlibrary`: what has been added. */
export function addedFilesText({ symbols }: Debugger): string {
  if (symbols.added.length === 0) return "No shared libraries loaded at this time.";
  const rows = symbols.added.map(({ path, sections, symbols: file }) => {
    const text = sections.find(({ name }) => name === ".text") ?? sections[0];
    const range = text ? `${hex64(text.low)}  ${hex64(text.high)}` : "".padEnd(38);
    return `${range}  ${file.info.hasDebugInfo ? "Yes    " : "Yes (*)"}     ${path}`;
  });
  const note = symbols.added.some(({ symbols: file }) => !file.info.hasDebugInfo)
    ? ["(*): Shared library is missing debugging information."]
    : [];
  return ["From                To                  Syms Read   Shared Object Library", ...rows, ...note].join(
    "\n",
  );
}
