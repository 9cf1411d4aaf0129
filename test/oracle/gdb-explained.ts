// Differences from gdb that are gdb's: each class has a reason and a check that must hold for the very answer. What passes no check is a difference.

import { parseElf, SHF } from "../../emulator/elf/elf.ts";
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
    {
      reason:
        "gdb unwinds on from an address in no code of the kernel (a word of the stack taken for a return address, in assembly without call frame information); we stop there",
      holds: beyondCode(kernel),
    },
  ];
}

/** gdb's stack is ours, and behind it only a pc outside of all executable sections and what follows that. */
function beyondCode(kernel: Uint8Array): Explanation["holds"] {
  const code = parseElf(kernel).sections.filter(({ flags }) => flags & SHF.EXECINSTR);
  const isCode = (pc: bigint) => code.some((s) => s.address <= pc && pc < s.address + s.size);
  return ({ gdb, ours }) => {
    const [theirs, own] = [gdb.split("\n"), ours.split("\n")];
    const isBeyond = (line = "") => {
      const pc = /^#\d+\s+(0x[0-9a-f]+) in \?\? \(\)$/.exec(line)?.[1];
      return pc !== undefined && !isCode(BigInt(pc));
    };
    if (theirs.length <= own.length || !(isBeyond(own.at(-1)) || isBeyond(theirs[own.length]))) return false;
    return own.every((line, i) => line === theirs[i]);
  };
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
    const sites = complaints.flatMap((text) => {
      const [, name, pc] = /^(\S+): DW_AT_call_target is not specified at (0x[0-9a-f]+) in /.exec(text) ?? [];
      return name && isAbstract(BigInt(pc!)) ? [{ name, pc: pc! }] : [];
    });
    const names = sites.flatMap(({ name }) => (name.endsWith("@entry") ? [name.slice(0, -6)] : []));
    const lines = gdb.split("\n");
    const shown = withoutFrames(
      ours.split("\n"),
      lines.length,
      sites.map(({ pc }) => pc),
    );
    const rewritten = shown.map((line, i) => withoutEntries(line, lines[i] ?? "", names));
    return sites.length > 0 && rewritten.join("\n") === gdb;
  };
}

/** Our backtrace without the frames that tail calls left out before a call from one of the sites, as many as gdb lacks. */
function withoutFrames(ours: readonly string[], wanted: number, sites: readonly string[]): string[] {
  const lines = [...ours];
  for (let i = lines.length - 1; i > 0 && lines.length > wanted; i--)
    if (sites.some((pc) => lines[i]!.includes(` ${pc} in `))) lines.splice(--i, 1);
  if (lines.length === ours.length) return lines;
  return lines.map((line, level) => line.replace(/^#\d+\s+/, `#${level}`.padEnd(4)));
}

/** Our line with the named arguments as gdb has them: no value at the entry, and optimized out where gdb says so. */
function withoutEntries(ours: string, gdb: string, names: readonly string[]): string {
  let line = ours;
  for (const name of new Set(names)) {
    if (!gdb.includes(`${name}@entry=`)) line = line.replace(new RegExp(`, ${name}@entry=[^,)]*`), "");
    if (!gdb.includes(`${name}=${name}@entry=`)) line = line.replaceAll(`${name}=${name}@entry=`, `${name}=`);
    if (gdb.includes(`${name}=<optimized out>`))
      line = line.replace(new RegExp(`\\b${name}=[^,)]*`), `${name}=<optimized out>`);
    if (gdb === `${name} = <optimized out>` && line.startsWith(`${name} = `)) line = gdb;
  }
  return line;
}

/** An answer to a random expression that is not gdb's for a reason that can be checked. */
export interface ExpressionExplanation {
  readonly reason: string;
  holds(answers: { readonly command: string; readonly gdb: string; readonly ours: string }): boolean;
}

export const expressionExplanations: readonly ExpressionExplanation[] = [
  {
    reason: "gdb looks at no value larger than its max-value-size (65,536 bytes), we do",
    holds: ({ gdb }) => /^error: value requires \d+ bytes, which is more than max-value-size$/.test(gdb),
  },
  {
    reason:
      'gdb checks the type of what `&&` or `||` does not evaluate ("Can\'t do that binary op on that type"); C asks for a scalar only where it is evaluated',
    holds: ({ command, gdb }) =>
      gdb === "error: Can't do that binary op on that type" && /&&|\|\|/.test(command),
  },
  {
    reason:
      "gdb shows an array that the frame's unit only declares without its size, we look for the definition",
    holds: ({ gdb, ours }) => gdb.includes("[]") && gdb === ours.replace(/\[\d+\]$/, "[]"),
  },
  {
    reason: "gdb calculates with vectors (__m128i), we refuse",
    holds: ({ gdb, ours }) => /^\{.*\}$/.test(gdb) && /^error: .*not a number or boolean\.$/.test(ours),
  },
  {
    reason: "gdb has not read the debug info of the function's unit yet and takes it for one without",
    holds: ({ gdb, ours }) => {
      const address = (text: string) => /^\{.*\} (0x[0-9a-f]+ <\w+>)$/.exec(text)?.[1];
      return gdb.startsWith("{<text variable, no debug info>}") && address(gdb) === address(ours);
    },
  },
];
