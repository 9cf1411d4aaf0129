// Our decoded tables in the shape of readelf's, and readelf's text parsed into the same shape: the comparison's two sides.

import { parseElf, sectionNamed } from "../../emulator/elf/elf.ts";
import { DebugInfo } from "../../emulator/symbols/debug-info.ts";
import { fromAddress, toAddress } from "../../emulator/symbols/dwarf/cursor.ts";
import type { RegisterRule, UnwindRow } from "../../emulator/symbols/dwarf/frame.ts";
import { ROW } from "../../emulator/symbols/dwarf/line.ts";
import { ElfSymbols } from "../../emulator/symbols/elf-symbols.ts";
import { Unwinder } from "../../emulator/symbols/unwind.ts";

/** "kern_tc.c 713 ffffffff80365f20 x": base name, line, address, `x` for a statement; line `-` for an end of sequence. */
export const ourLines = (bytes: Uint8Array): string[] => [...lineRows(bytes)];

/** The rows of ourLines one by one: a large kernel has millions. */
export function* lineRows(bytes: Uint8Array): Generator<string> {
  const info = new DebugInfo(parseElf(bytes), () => {});
  // Type units share the line tables of the units with code.
  for (const unit of info.units.withCode) {
    const table = info.lineTable(unit);
    if (!table) continue;
    const { rows } = table;
    for (let i = 0; i < rows.count; i++) {
      const flags = rows.flags[i]!;
      const end = (flags & ROW.END_SEQUENCE) !== 0;
      const file = (table.files[rows.file[i]!] ?? "").split("/").at(-1);
      // readelf prints `-` for the line of an end of sequence.
      if (end) yield `${file} - ${hex(rows.address[i]!)}`;
      else yield `${file} ${rows.line[i]} ${hex(rows.address[i]!)}${flags & ROW.STATEMENT ? " x" : ""}`;
    }
  }
}

/** readelf -W --debug-dump=decodedline, in the shape of ourLines. */
export const readelfLines = (text: string): string[] =>
  text.split("\n").flatMap((line) => lineRow(line) ?? []);

/** One line of readelf's in the shape of ourLines; undefined for headings. */
export function lineRow(line: string): string | undefined {
  const match = /^(\S.*?)\s+(\d+|-)\s+(?:0x)?([0-9a-f]+)(?:\[\d+\])?((?:\s+(?:x|END|\d+))*)\s*$/.exec(line);
  if (!match) return undefined;
  const [, file, number, address, rest = ""] = match;
  const statement = number !== "-" && rest.includes("x");
  return `${file!.split("/").at(-1)} ${number} ${BigInt(`0x${address}`).toString(16)}${statement ? " x" : ""}`;
}

/** For each address that readelf gives a row for: the CFA and register rules that hold there, as readelf writes them. */
export interface FrameRow {
  readonly address: string;
  readonly rules: string;
}

/** readelf -W --debug-dump=frames-interp: the rows of all FDEs. */
export function readelfFrames(text: string): FrameRow[] {
  const reader = new FrameReader();
  return text.split("\n").flatMap((line) => reader.row(line) ?? []);
}

/** Reads that text line by line. */
export class FrameReader {
  private names: string[] = [];
  private inFde = false;

  row(line: string): FrameRow | undefined {
    if (/ (FDE|CIE) /.test(line)) {
      this.inFde = line.includes(" FDE ");
      this.names = [];
      // An FDE without a table of its own has its CIE's rules, which its pc= range does not show here.
    } else if (/^\s+LOC\s+CFA/.test(line)) this.names = line.trim().split(/\s+/).slice(1);
    else if (this.inFde && this.names.length > 0 && /^[0-9a-f]{16} /.test(line))
      return frameRow(line, this.names);
    return undefined;
  }
}

function frameRow(line: string, names: readonly string[]): FrameRow {
  const [address, cfa, ...values] = line.trim().split(/\s+/);
  const rules = names
    .slice(1)
    .map((name, i) => `${name}=${values[i]}`)
    .filter((rule) => !rule.endsWith("=u"));
  return { address: BigInt(`0x${address}`).toString(16), rules: [`cfa=${cfa}`, ...rules.sort()].join(" ") };
}

const REGISTERS = [
  "rax",
  "rdx",
  "rcx",
  "rbx",
  "rsi",
  "rdi",
  "rbp",
  "rsp",
  "r8",
  "r9",
  "r10",
  "r11",
  "r12",
  "r13",
  "r14",
  "r15",
  "ra",
];

export function unwinderOf(bytes: Uint8Array): Unwinder {
  const elf = parseElf(bytes);
  return new Unwinder(elf, new ElfSymbols(elf));
}

/** Our rules at an address, in the shape of FrameRow.rules. */
export function ourRules(unwinder: Unwinder, address: string): string {
  const row = unwinder.rowAt(toAddress(BigInt(`0x${address}`)));
  return row ? describeRow(row) : "none";
}

function describeRow(row: UnwindRow): string {
  const cfa =
    row.cfa.kind === "expression" ? "exp" : `${REGISTERS[row.cfa.register]}${signed(row.cfa.offset)}`;
  const rules = [...row.registers].map(([number, rule]) => `${REGISTERS[number]}=${describeRule(rule)}`);
  return [`cfa=${cfa}`, ...rules.filter((rule) => !rule.endsWith("=u")).sort()].join(" ");
}

function describeRule(rule: RegisterRule): string {
  switch (rule.kind) {
    case "offset":
      return `c${signed(rule.offset)}`;
    case "value-offset":
      return `v${signed(rule.offset)}`;
    case "register":
      return REGISTERS[rule.register] ?? `r${rule.register}`;
    case "expression":
      return "exp";
    case "value-expression":
      return "vexp";
    case "same":
      return "s";
    case "undefined":
      return "u";
  }
}

function signed(value: number): string {
  return value < 0 ? `${value}` : `+${value}`;
}

function hex(address: number): string {
  return fromAddress(address).toString(16);
}

/** Every FDE's range as "low..high", as readelf writes it. */
export function ourEntries(bytes: Uint8Array): string[] {
  return unwinderOf(bytes)
    .entries()
    .map(({ low, high }) => `${pad(low)}..${pad(high)}`);
}

export const readelfEntries = (text: string): string[] =>
  text.split("\n").flatMap((line) => frameEntry(line) ?? []);

/** The range of an FDE's heading. */
export const frameEntry = (line: string): string | undefined =>
  / FDE .* pc=([0-9a-f]+\.\.[0-9a-f]+)/.exec(line)?.[1];

function pad(address: number): string {
  return hex(address).padStart(16, "0");
}

export function hasSection(bytes: Uint8Array, name: string): boolean {
  return sectionNamed(parseElf(bytes), name) !== undefined;
}
