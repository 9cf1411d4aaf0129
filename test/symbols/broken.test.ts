// Debug info of which one part is broken: the rest still gives symbols, lines, variables and stacks, and a message says what is wrong.

import { describe, expect, it } from "vitest";
import { parseElf } from "../../emulator/elf/elf.ts";
import type { FrameState, SymbolFile } from "../../emulator/symbols/api.ts";
import { openSymbols } from "../../emulator/symbols/open.ts";
import { fixture } from "./oracle.ts";

/** Two units: clock.c comes first in every section, main.c behind it. */
const BYTES = fixture("dwarf5");
const STACK = 0xffffc00000001000n;

type Damage = (section: Uint8Array) => void;
const number =
  (at: number, value: number, size = 4): Damage =>
  (section) => {
    for (let i = 0; i < size; i++) section[at + i] = (value >>> (8 * i)) & 0xff;
  };
const garbage =
  (from: number, to?: number): Damage =>
  (section) =>
    void section.fill(0xff, from, to);
const zeros =
  (from: number, to?: number): Damage =>
  (section) =>
    void section.fill(0, from, to);

/** Where the second unit's part of a section begins. */
const SECOND = { info: 0x950, abbrev: 0x3f8 };

function broken(name: string, damage: Damage): SymbolFile {
  const bytes = BYTES.slice();
  const section = parseElf(bytes).sections.find((each) => each.name === name)!;
  damage(bytes.subarray(section.offset, section.offset + section.fileSize));
  return openSymbols(bytes);
}

/** A frame at a function's first instruction, called from main. */
function calledFromMain(
  symbols: SymbolFile,
  name: string,
): { state: FrameState; memory: (a: bigint, n: number) => Uint8Array } {
  const back = symbols.symbolNamed("main")!.address + 20n;
  const state = { pc: symbols.symbolNamed(name)!.address, isCaller: false, get: () => STACK };
  const memory = (_address: bigint, length: number) => {
    const bytes = new Uint8Array(Math.max(length, 8));
    new DataView(bytes.buffer).setBigUint64(0, back, true);
    return bytes.subarray(0, length);
  };
  return { state, memory };
}

/** What is known of a function, in a line each; "-" for what is not. */
function told(symbols: SymbolFile, name: string): string {
  const { state, memory } = calledFromMain(symbols, name);
  const caller = symbols.unwind(state, memory);
  const callerName = caller && symbols.symbolAt(caller.pc - 1n)?.symbol.name;
  const line = symbols.lineAt(state.pc);
  const [instance] = symbols.functionsAt(state.pc);
  const parameters = instance?.parameters().map((each) => each.name) ?? [];
  const places = instance?.parameters().map((each) => symbols.locate(each, state, memory).kind) ?? [];
  return [
    `${symbols.symbolAt(state.pc)?.symbol.name} from ${callerName ?? "-"}`,
    `  line ${line ? `${line.file.split("/").at(-1)}:${line.line}` : "-"}`,
    `  function ${instance ? `${instance.name}(${parameters.join(", ")}): ${places.join(", ")}` : "-"}`,
  ].join("\n");
}

/** Both units' functions, a type, and what the user is told. */
function everything(symbols: SymbolFile): string {
  const functions = ["clock_read", "main"].map((name) => told(symbols, name));
  const type = symbols.typeNamed("struct clock");
  const members = type?.kind === "struct" ? type.members().length : "-";
  return [
    ...functions,
    `struct clock: ${members} members`,
    ...symbols.info.warnings.map((each) => `! ${each}`),
  ].join("\n");
}

const CASES: [string, string, Damage][] = [
  ["nothing", ".debug_line", () => {}],
  ["the first line program is cut short", ".debug_line", number(0, 0x20)],
  ["all line programs are garbage", ".debug_line", garbage(0)],
  ["the first unit's abbreviations are garbage", ".debug_abbrev", garbage(0, SECOND.abbrev)],
  ["the second unit's abbreviations are garbage", ".debug_abbrev", garbage(SECOND.abbrev)],
  ["the first unit is of an unknown version", ".debug_info", number(4, 99, 2)],
  ["the second unit is longer than the section", ".debug_info", number(SECOND.info, 0x7fffffff)],
  ["the strings are gone", ".debug_str", zeros(0)],
  ["the location lists are garbage", ".debug_loclists", garbage(0)],
  ["the range lists are garbage", ".debug_rnglists", garbage(0)],
  ["the call frame information is garbage", ".eh_frame", garbage(0)],
];

describe("debug info with one part broken", () => {
  it.each(CASES)("%s (%s)", (_what, section, damage) => {
    expect(everything(broken(section, damage))).toMatchSnapshot();
  });

  it("names outside of the strings", () => {
    const bytes = BYTES.slice();
    const sections = parseElf(bytes).sections;
    const index = sections.findIndex((each) => each.name === ".debug_str");
    // sh_size of the section's header (System V ABI, "Sections").
    const table = bytes.length - sections.length * 64;
    new DataView(bytes.buffer).setBigUint64(table + index * 64 + 32, 16n, true);
    expect(everything(openSymbols(bytes))).toMatchSnapshot();
  });
});
