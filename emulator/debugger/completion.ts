// Completion in the console: commands and their words, registers, members, variables in scope, symbols. Text in, words out.

import type { SymbolFile, Type } from "../symbols/api.ts";
import type { Debugger } from "./debugger.ts";
import { parse, typeOf } from "./expressions/evaluator.ts";
import { type Frame, lookupAddress } from "./frames.ts";
import { COMMAND_NAMES } from "./help.ts";
import { GENERAL_REGISTERS, SYSTEM_REGISTERS } from "./registers.ts";
import { resolve } from "./types.ts";

export interface Completion {
  text: string;
  kind: "command" | "variable" | "function" | "member" | "register" | "file";
}

const MAX_SYMBOLS = 100;
const INFO = "registers locals args frame line symbol address scope source functions variables types files sharedlibrary breakpoints display threads timecounters clocks lapic tsc i8254 pit ioapic cpuid msr".split(" "); // biome-ignore format: a list
const WATCH = /^\s*(?:watch|rwatch|awatch)\s+(?:-l\s+)?(lapic|i8254|pit|tsc)\.(\w*)$/;

/** What may stand in place of the last word; `length` is that word's. */
export function complete(
  before: string,
  session: Debugger,
  frame: Frame | undefined,
): { length: number; items: Completion[] } {
  const word = /[\w$.]*$/.exec(before)![0];
  const items = (prefix: string, list: Completion[]) => ({
    length: prefix.length,
    items: list.filter(({ text }) => text.startsWith(prefix)),
  });
  const device = WATCH.exec(before);
  if (device) return items(device[2]!, deviceRegisters(device[1]!, session));
  const hyphenated = /^\s*([a-z]+-[a-z-]*)$/.exec(before);
  if (hyphenated) return items(hyphenated[1]!, commandNames());
  const member = /^(?:.*[\s(,=*&!+-])?([A-Za-z_$][\w$]*(?:(?:->|\.)\w+|\[\d+\])*)(?:->|\.)(\w*)$/.exec(
    before,
  );
  if (member) return items(member[2]!, membersOf(member[1]!, session, frame));
  const register = /\$(\w*)$/.exec(before);
  if (register) return items(register[1]!, registers());
  const name = /[A-Za-z_]\w*$/.exec(word)?.[0] ?? "";
  if (/^\s*(?:info|i)\s+\w*$/.test(before))
    return items(
      name,
      INFO.map((text) => ({ text, kind: "command" })),
    );
  if (name === "") return { length: 0, items: [] };
  const commands = before.trimStart() === name ? commandNames() : [];
  const files = /^\s*(?:b|br|break|tb|tbreak|until|u|advance|list|l|info\s+scope)\s+[\w.-]*$/.test(before)
    ? sourceNames(session.symbols)
    : [];
  return items(name, [...commands, ...inScope(frame), ...symbolNames(name, session.symbols), ...files]);
}

const commandNames = (): Completion[] => COMMAND_NAMES.map((text) => ({ text, kind: "command" }));

const registers = (): Completion[] =>
  [...GENERAL_REGISTERS, ...SYSTEM_REGISTERS, "pc", "sp", "fp"].map((text) => ({ text, kind: "register" }));

function deviceRegisters(id: string, { target }: Debugger): Completion[] {
  const device = target.clocks?.read().find((each) => each.id === (id === "pit" ? "i8254" : id));
  return (device?.registers ?? []).map((register) => ({ text: register.id, kind: "member" }));
}

function inScope(frame: Frame | undefined): Completion[] {
  const instance = frame?.instance;
  if (!instance || !frame) return [];
  const names = [...instance.parameters(), ...instance.locals(lookupAddress(frame.state))].map(
    ({ name }) => name,
  );
  return [...new Set(names)].map((text) => ({ text, kind: "variable" }));
}

const symbolNames = (prefix: string, symbols: SymbolFile): Completion[] =>
  symbols.symbolsWithPrefix(prefix, MAX_SYMBOLS).map(({ name, kind }) => ({
    text: name,
    kind: kind === "function" ? "function" : "variable",
  }));

const sourceNames = (symbols: SymbolFile): Completion[] =>
  [...new Set(symbols.sourceFiles().map((file) => file.split(/[\\/]/).at(-1)!))].map((text) => ({
    text,
    kind: "file",
  }));

/** Members of what stands before `.` or `->`; none where it is no struct, or cannot be evaluated. */
function membersOf(expression: string, session: Debugger, frame: Frame | undefined): Completion[] {
  try {
    const context = session.context(frame);
    return memberNames(typeOf(parse(expression, context), context)).map((text) => ({ text, kind: "member" }));
  } catch {
    return [];
  }
}

function memberNames(type: Type): string[] {
  const resolved = resolve(type);
  if (resolved.kind === "pointer") return memberNames(resolved.target());
  if (resolved.kind !== "struct" && resolved.kind !== "union") return [];
  return resolved.members().flatMap(({ name, type: inner }) => (name === "" ? memberNames(inner) : [name]));
}
