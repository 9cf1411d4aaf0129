// Our decoded tables in the shape of readelf's, and readelf's text parsed into the same shape: the comparison's two sides.

import { parseElf, sectionNamed } from "../../emulator/elf/elf.ts";
import { DebugInfo } from "../../emulator/symbols/debug-info.ts";
import { fromAddress, toAddress } from "../../emulator/symbols/dwarf/cursor.ts";
import type { RegisterRule, UnwindRow } from "../../emulator/symbols/dwarf/frame.ts";
import { ROW } from "../../emulator/symbols/dwarf/line.ts";
import { ElfSymbols } from "../../emulator/symbols/elf-symbols.ts";
import { Unwinder } from "../../emulator/symbols/unwind.ts";

/** "kern_tc.c 713 ffffffff80365f20 x": base name, line, address, `x` for a statement; line `-` for an end of sequence. */
export function ourLines(bytes: Uint8Array): string[] {
  const info = new DebugInfo(parseElf(bytes), () => {});
  const lines: string[] = [];
  for (const unit of info.units.withCode) {
    const table = info.lineTable(unit);
    if (!table) continue;
    const { rows } = table;
    for (let i = 0; i < rows.count; i++) {
      const flags = rows.flags[i]!;
      const end = (flags & ROW.END_SEQUENCE) !== 0;
      const file = (table.files[rows.file[i]!] ?? "").split("/").at(-1);
      // readelf prints `-` for the line of an end of sequence.
      if (end) lines.push(`${file} - ${hex(rows.address[i]!)}`);
      else lines.push(`${file} ${rows.line[i]} ${hex(rows.address[i]!)}${flags & ROW.STATEMENT ? " x" : ""}`);
    }
  }
  return lines;
}

/** readelf -W --debug-dump=decodedline, in the shape of ourLines. */
export function readelfLines(text: string): string[] {
  const lines: string[] = [];
  for (const line of text.split("\n")) {
    const match = /^(\S.*?)\s+(\d+|-)\s+(?:0x)?([0-9a-f]+)(?:\[\d+\])?((?:\s+(?:x|END|\d+))*)\s*$/.exec(line);
    if (!match) continue;
    const [, file, number, address, rest = ""] = match;
    const statement = number !== "-" && rest.includes("x");
    lines.push(
      `${file!.split("/").at(-1)} ${number} ${BigInt(`0x${address}`).toString(16)}${statement ? " x" : ""}`,
    );
  }
  return lines;
}

/** For each address that readelf gives a row for: the CFA and register rules that hold there, as readelf writes them. */
export interface FrameRow {
  readonly address: string;
  readonly rules: string;
}

/** readelf -W --debug-dump=frames-interp: the rows of all FDEs. */
export function readelfFrames(text: string): FrameRow[] {
  const rows: FrameRow[] = [];
  let names: string[] = [];
  let inFde = false;
  for (const line of text.split("\n")) {
    if (/ (FDE|CIE) /.test(line)) {
      inFde = line.includes(" FDE ");
      names = [];
      // An FDE without a table of its own has its CIE's rules, which its pc= range does not show here.
    } else if (/^\s+LOC\s+CFA/.test(line)) names = line.trim().split(/\s+/).slice(1);
    else if (inFde && names.length > 0 && /^[0-9a-f]{16} /.test(line)) rows.push(frameRow(line, names));
  }
  return rows;
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

export function readelfEntries(text: string): string[] {
  return Array.from(text.matchAll(/ FDE .* pc=([0-9a-f]+\.\.[0-9a-f]+)/g), (match) => match[1]!);
}

function pad(address: number): string {
  return hex(address).padStart(16, "0");
}

export function hasSection(bytes: Uint8Array, name: string): boolean {
  return sectionNamed(parseElf(bytes), name) !== undefined;
}
