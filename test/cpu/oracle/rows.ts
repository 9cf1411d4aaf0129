// What the oracle needs to know of opcode rows beyond the table: which can run as user code on a host at all, names for reports, flags to
// leave out of comparisons. Every exclusion says why.
import { OPCODES } from "../../../emulator/cpu/opcodes/index.ts";
import type { OpcodeRow } from "../../../emulator/cpu/opcodes/table.ts";

/** A row as recorded in one mode: 64-bit code, or 32-bit code of compatibility mode. */
export type Row = OpcodeRow & { key: string; bits: 64 | 32 };

/**
 * Rows that say nothing on a host, by mnemonic, and why: tables of test/cpu cover them by the manual's paragraphs. A privileged row is recorded as
 * what user code gets for it, #GP(0) or #UD.
 */
const ELSEWHERE: readonly [mnemonics: RegExp, why: string][] = [
  [
    /^(monitor|mwait|vm.*|svm|encls|pkru|rdpru|rstorssp)$/,
    "what the host's hypervisor and kernel have switched on",
  ],
  [/^(rdtsc|rdtscp|rdpmc|cpuid|xgetbv|rdpid|rdrand|rdseed)$/, "values of the host's own"],
  [/^(rd|wr)[fg]sbase$/, "the host program's thread pointer"],
  [/^(sldt|str|sgdt|sidt|smsw)$/, "with UMIP on, the host's kernel makes up an answer"],
  [/^(int3|int1)$/, "ends a case"],
  [/^(syscall|sysenter|sysexit)$/, "enters the host's kernel, or is another maker's"],
  [/^(callf|jmpf|retf|iret)$/, "leads to segments of the host's kernel"],
  [/^(popss|popfs|popgs|lss|lfs|lgs)$/, "takes the host program's stack or thread pointer away"],
];

/** Why a row is not recorded, or undefined when it is. */
export function whyExcluded(row: OpcodeRow): string | undefined {
  return ELSEWHERE.find(([mnemonics]) => mnemonics.test(row.mnemonic))?.[1];
}

/** "66 0f ef pxor Vx,Wx": unique in the table. */
export function keyOf(row: OpcodeRow): string {
  const maps = ["", "0f ", "0f 38 ", "0f 3a ", "0f 38 ", "0f 3a "];
  const opcode = `${row.map > 3 ? "VEX " : ""}${row.prefix ? `${row.prefix} ` : ""}${maps[row.map]}${row.opcode.toString(16).padStart(2, "0")}`;
  const digit = row.digit === undefined ? "" : ` /${row.digit}`;
  const mod = row.mod === undefined ? "" : ` mod=${row.mod}`;
  const rest = `${row.rm === undefined ? "" : ` rm=${row.rm}`}${row.w === undefined ? "" : ` w=${row.w}`}`;
  return `${opcode}${digit}${mod}${rest} ${row.mnemonic} ${row.operands.join(",")}`.trimEnd();
}

/** Files whose handlers are the same in both modes, up to the address: 64-bit cases are enough. */
const ONE_MODE = /^(sse|x87|fxsave)/;

/** All rows that a host can execute for us: 64-bit mode first, then compatibility mode with keys that begin with "32:". */
export function recordedRows(): Row[] {
  const rows = OPCODES.filter((row) => whyExcluded(row) === undefined);
  const long = rows.filter((row) => row.mode !== "no64");
  const compatible = rows.filter((row) => row.mode !== "64" && row.w !== 1 && !ONE_MODE.test(row.file));
  return [
    ...long.map((row): Row => ({ ...row, key: keyOf(row), bits: 64 })),
    ...compatible.map((row): Row => ({ ...row, key: `32: ${keyOf(row)}`, bits: 32 })),
  ];
}

/**
 * Why a row's live comparison says nothing on this host, or undefined: x87 corner cases, and what an exception leaves of MMX state, follow AMD
 * processors here where the manuals of both makers leave room.
 */
export function whyNotLive(row: OpcodeRow, cpuModel: string): string | undefined {
  if (/AMD/.test(cpuModel)) return undefined;
  return /^(x87|fxsave|sse-mmx|sse-float)$/.test(row.file)
    ? "corner cases of this processor's maker"
    : undefined;
}

const FLAG_BITS: Record<string, number> = { o: 0x800, s: 0x80, z: 0x40, a: 0x10, p: 4, c: 1 };

/** Flags the manual leaves undefined after this row, for this shift or rotate count where that matters. */
export function undefinedFlags(row: OpcodeRow, count: number): number {
  let letters = row.undefinedFlags;
  if (/^(rol|ror|rcl|rcr|sh|sa)/.test(row.mnemonic)) letters = undefinedAfterShift(row, letters, count);
  return [...letters].reduce((bits, letter) => bits | FLAG_BITS[letter]!, 0);
}

/** A count of 0 leaves all flags alone; OF is defined for a count of 1; CF is not past the operand's width for shifts (SDM 2 SAL, SHLD). */
function undefinedAfterShift(row: OpcodeRow, letters: string, count: number): string {
  if (count === 0) return "";
  const defined = count === 1 ? letters.replace("o", "") : letters;
  const wide = /^(shl|shr|sal|shld|shrd)$/.test(row.mnemonic) && count >= 8;
  return wide ? `${defined}c` : defined;
}
