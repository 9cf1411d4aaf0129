// The rows of the opcode table that no recorded case covers (ELSEWHERE in oracle/rows.ts), each once by its own page of SDM 2: bytes, then what
// changed and where it ended. A row that is neither recorded nor here fails the first test. What else these rows must do is in system.test.ts,
// far.test.ts, segments.test.ts, features.test.ts and exceptions.test.ts.

import { expect, it } from "vitest";
import { OPCODES } from "../../emulator/cpu/opcodes/index.ts";
import { longMode, protectedMode, runText, type Setup } from "./fixture.ts";
import { keyOf, whyExcluded } from "./oracle/rows.ts";

const UD = "flags=- | #6 at +0";
/** -ENOSYS, as under KVM, where hypercalls are offered. */
const NO_HYPERCALL = "rax=fffffffffffffc18 flags=- | halt";
/** MOV CR4 with OSXSAVE, with FSGSBASE. */
const OSXSAVE_ON = "b8 a0 06 04 00 0f 22 e0";
const FSGSBASE_ON = "b8 a0 06 01 00 0f 22 e0";
/** IA32_TSC_AUX = 7. */
const TSC_AUX_7 = "b9 03 01 00 c0 b8 07 00 00 00 31 d2 0f 30";
/** Offset 0x2f0000 at DATA, selector 0x10 behind it. */
const POINTER = "c7 04 25 00 00 20 00 00 00 2f 00 c7 04 25 04 00 20 00 10 00 00 00";
/** A far pointer at DATA: selector 8, an offset in this code. */
const target = (offset: string): string =>
  `c7 04 25 00 00 20 00 ${offset} 00 10 00 c7 04 25 04 00 20 00 08 00 00 00`;
/** SYSENTER_CS = 8. */
const SYSENTER_CS = "b9 74 01 00 00 b8 08 00 00 00 31 d2 0f 30";

const ROWS: readonly (readonly [key: string, code: string, expected: string, make?: (code: string) => Setup])[] = [
  ["0f 01 /1 mod=3 rm=0 monitor", "0f 01 c8", UD],
  ["0f 01 /1 mod=3 rm=1 mwait", "0f 01 c9", UD],
  ["0f 01 /0 mod=3 rm=1 vmcall", "0f 01 c1", NO_HYPERCALL],
  ["0f 01 /3 mod=3 rm=1 vmmcall", "0f 01 d9", NO_HYPERCALL],
  ["0f 01 /0 mod=3 rm=2 vmlaunch", "0f 01 c2", UD],
  ["0f 01 /0 mod=3 rm=3 vmresume", "0f 01 c3", UD],
  ["0f 01 /0 mod=3 rm=4 vmxoff", "0f 01 c4", UD],
  ["0f 01 /3 mod=3 svm", "0f 01 d8", UD],
  ["0f 01 /0 mod=3 vmx", "0f 01 c0", UD],
  ["0f 01 /1 mod=3 encls", "0f 01 cf", UD],
  ["0f 01 /2 mod=3 vmfunc", "0f 01 d4", UD],
  ["0f 01 /5 mod=3 pkru", "0f 01 ee", UD],
  ["0f 01 /5 mod=m rstorssp", "0f 01 28", UD],
  ["0f 01 /7 mod=3 rdpru", "0f 01 fd", UD],
  ["0f 78 vmread", "0f 78 c1", UD],
  ["0f 79 vmwrite", "0f 79 c1", UD],
  ["0f c7 /6 mod=m vmptrld", "0f c7 30", UD],
  ["0f c7 /7 mod=m vmptrst", "0f c7 38", UD],
  ["0f 01 /2 mod=3 rm=0 xgetbv", `${OSXSAVE_ON} 31 c9 0f 01 d0`, "rax=1 cr4=406a0 flags=PZ | halt"],
  ["0f 31 rdtsc", "90 90 0f 31", "rax=2 flags=- | halt"],
  ["0f 33 rdpmc", "0f 33", "flags=- | #13 error 0 at +0"],
  ["0f 01 /7 mod=3 rm=1 rdtscp", `${TSC_AUX_7} 0f 01 f9`, "rax=4 rcx=7 flags=PZ | halt"],
  ["0f a2 cpuid", "b8 05 00 00 00 b9 06 00 00 00 0f a2", "rax=5 rbx=6 rcx=ffffffff rdx=1 flags=- | halt"],
  ["F3 0f ae /0 mod=3 rdfsbase Ey", `${FSGSBASE_ON} f3 48 0f ae d0 f3 48 0f ae c3`, "rax=106a0 rbx=106a0 fs_base=106a0 cr4=106a0 flags=- | halt"],
  ["F3 0f ae /2 mod=3 wrfsbase Ey", `${FSGSBASE_ON} f3 0f ae d0`, "rax=106a0 fs_base=106a0 cr4=106a0 flags=- | halt"],
  ["F3 0f ae /1 mod=3 rdgsbase Ey", `${FSGSBASE_ON} f3 48 0f ae d8 f3 0f ae cb`, "rax=106a0 rbx=106a0 gs_base=106a0 cr4=106a0 flags=- | halt"],
  ["F3 0f ae /3 mod=3 wrgsbase Ey", `${FSGSBASE_ON} f3 48 0f ae d8`, "rax=106a0 gs_base=106a0 cr4=106a0 flags=- | halt"],
  ["0f 01 /4 mod=3 smsw Ev", "0f 01 e0", "rax=80010033 flags=- | halt"],
  ["0f 01 /4 mod=m smsw Mv", "0f 01 24 25 00 00 20 00 8b 04 25 00 00 20 00", "rax=33 flags=- | halt"],
  // The first numbers of seed 0.
  ["0f c7 /6 mod=3 rdrand Ev", "0f c7 f0", "rax=7b1dcdaf flags=C | halt"],
  ["0f c7 /7 mod=3 rdseed Ev", "66 0f c7 f8", "rax=cdaf flags=C | halt"],
  ["F3 0f c7 /7 mod=3 rdpid Ed", `${TSC_AUX_7} f3 0f c7 fb`, "rax=7 rbx=7 rcx=c0000103 flags=PZ | halt"],
  ["9a callf Ap", "9a 08 00 10 00 48 00 0f", "rsp=2ffff8 flags=- | halt", protectedMode],
  ["ea jmpf Ap", "ea 08 00 10 00 48 00 0f", "flags=- | halt", protectedMode],
  ["ff /3 mod=m callf Mv", `${target("1e")} ff 1c 25 00 00 20 00 0f`, "rsp=2ffff8 flags=- | halt"],
  ["ff /5 mod=m jmpf Mv", `${target("1e")} ff 2c 25 00 00 20 00 0f`, "flags=- | halt"],
  ["cb retf", "6a 08 68 0a 00 10 00 48 cb 0f", "flags=- | halt"],
  ["ca retf Iw", "6a 00 6a 08 68 0e 00 10 00 48 ca 08 00 0f", "flags=- | halt"],
  ["cf iret", "6a 10 68 00 00 2f 00 6a 03 6a 08 68 13 00 10 00 48 cf 0f", "rsp=2f0000 flags=C | halt"],
  ["0f 05 syscall", "b9 81 00 00 c0 31 c0 ba 08 00 00 00 0f 30 b9 82 00 00 c0 b8 1f 00 10 00 31 d2 0f 30 0f 05 0f", "rax=10001f rcx=10001e r11=46 flags=PZ | halt"],
  ["0f 34 sysenter", `${SYSENTER_CS} b9 75 01 00 00 b8 00 00 2f 00 0f 30 b9 76 01 00 00 b8 29 00 10 00 0f 30 0f 34 0f`, "rax=100029 rcx=176 rsp=2f0000 flags=PZ | halt"],
  ["0f 35 sysexit", `${SYSENTER_CS} b9 00 00 2f 00 ba 1c 00 10 00 48 0f 35 0f`, "#13 error 0 at +1c"], // HLT at level 3
  ["cc int3", "cc", "#3 at +1"],
  ["f1 int1", "f1", "#1 at +1"],
  ["17 popss", "6a 10 17 8c d0", "rax=10 flags=- | halt", protectedMode],
  ["0f a1 popfs", "6a 10 0f a1 8c e0", "rax=10 flags=- | halt"],
  ["0f a9 popgs", "6a 10 0f a9 8c e8", "rax=10 flags=- | halt"],
  ["0f b2 mod=m lss Gv,M", `${POINTER} 0f b2 24 25 00 00 20 00`, "rsp=2f0000 flags=- | halt"],
  ["0f b4 mod=m lfs Gv,M", `${POINTER} 0f b4 04 25 00 00 20 00 8c e3`, "rax=2f0000 rbx=10 flags=- | halt"],
  ["0f b5 mod=m lgs Gv,M", `${POINTER} 0f b5 04 25 00 00 20 00 8c eb`, "rax=2f0000 rbx=10 flags=- | halt"],
  ["0f 00 /0 sldt Ev", "b8 07 00 00 00 0f 00 c0", "flags=- | halt"], // 0, as before
  ["0f 00 /1 str Ev", "0f 00 c8", "rax=30 flags=- | halt"],
  ["0f 01 /0 mod=m sgdt M", "0f 01 04 25 00 00 20 00 48 8b 04 25 02 00 20 00", "rax=6000 flags=- | halt"],
  ["0f 01 /1 mod=m sidt M", "0f 01 0c 25 00 00 20 00 48 8b 04 25 02 00 20 00", "rax=7000 flags=- | halt"],
]; // biome-ignore format: a table

it("every row of the opcode table is recorded or here", () => {
  const missing = OPCODES.filter((row) => whyExcluded(row) !== undefined).map(keyOf);
  expect(ROWS.map(([key]) => key).sort()).toEqual(missing.sort());
});

it.each(ROWS.map(([key, code, expected, make = longMode]) => ({ key, code, expected, make })))(
  "$key: $code",
  ({ code, expected, make }) => {
    expect(runText(code, make).split("\n").slice(0, 2).join(" | ")).toContain(expected);
  },
);
