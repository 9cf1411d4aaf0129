// Differences from gdb that are gdb's: each class has a reason and a check that must hold for the very answer. What passes no check is a difference.

import { parseElf } from "../../emulator/elf/elf.ts";
import { calledFunction } from "../../emulator/symbols/call-sites.ts";
import { DebugInfo } from "../../emulator/symbols/debug-info.ts";
import { AT } from "../../emulator/symbols/dwarf/constants.ts";
import { toAddress } from "../../emulator/symbols/dwarf/cursor.ts";
import { ElfSymbols } from "../../emulator/symbols/elf-symbols.ts";

export interface Answers {
  readonly gdb: string;
  readonly ours: string;
  /** What gdb said when it was asked for the arguments' values at the entries of the stop's frames. */
  readonly complaints: readonly string[];
}

export interface Explanation {
  readonly reason: string;
  holds(answers: Answers): boolean;
}

/** The explanations that hold in a kernel. */
export function explanations(kernel: Uint8Array): Explanation[] {
  return [
    {
      reason:
        'gdb does not look for the out-of-line body of a function that a call site names by its abstract instance (DW_AT_call_origin of a DIE with DW_AT_inline; DWARF 5 section 3.4.1 allows either): it says "DW_AT_call_target is not specified" and knows no value at entry',
      holds: abstractCallOrigin(kernel),
    },
  ];
}

/** Our answer without what follows from call sites that name an abstract instance is gdb's answer. */
function abstractCallOrigin(kernel: Uint8Array): Explanation["holds"] {
  const elf = parseElf(kernel);
  const info = new DebugInfo(elf, () => {});
  const symbols = new ElfSymbols(elf);
  /** The site does say whom it calls: an inlined function, which has an out-of-line body too. */
  const isAbstract = (pc: bigint): boolean => {
    const body = info.scopesAt(toAddress(pc) - 1)[0]?.die;
    const site = body && info.callSites.returningTo(body, toAddress(pc));
    const origin = site?.reference(AT.call_origin);
    return origin?.has(AT.inline) === true && calledFunction(site!, symbols) !== undefined;
  };
  return ({ gdb, ours, complaints }) => {
    const names = complaints.flatMap((text) => {
      const [, name, pc] =
        /^(\w+)@entry: DW_AT_call_target is not specified at (0x[0-9a-f]+) in /.exec(text) ?? [];
      return name && isAbstract(BigInt(pc!)) ? [name] : [];
    });
    const lines = gdb.split("\n");
    const rewritten = ours.split("\n").map((line, i) => withoutEntries(line, lines[i] ?? "", names));
    return names.length > 0 && rewritten.join("\n") === gdb;
  };
}

/** Our line with the named arguments as gdb has them: no value at the entry, and optimized out where gdb says so. */
function withoutEntries(ours: string, gdb: string, names: readonly string[]): string {
  let line = ours;
  for (const name of new Set(names)) {
    if (!gdb.includes(`${name}=${name}@entry=`)) line = line.replaceAll(`${name}=${name}@entry=`, `${name}=`);
    if (gdb.includes(`${name}=<optimized out>`))
      line = line.replace(new RegExp(`\\b${name}=[^,)]*`), `${name}=<optimized out>`);
    if (gdb === `${name} = <optimized out>` && line.startsWith(`${name} = `)) line = gdb;
  }
  return line;
}
