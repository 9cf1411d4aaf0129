// What comes before an x87, MMX or SSE instruction (availability, alignment, pending and unmasked exceptions) and the images of their state.
// What they compute is checked against a processor in oracle.test.ts.

import { describe, expect, it } from "vitest";
import { CODE, DATA, exitText, longMode, read64, write64 } from "./fixture.ts";

const NE = 0x20n;
const TS = 8n;
const EM = 4n;
const MP = 2n;
const OSFXSR = 0x200n;
const OSXMMEXCPT = 0x400n;
const CR0 = 0x80010011n; // PG WP ET PE
const CR4 = 0xa0n; // PGE PAE

/** Runs code under CR0 and CR4 bits; RDI points to data. */
function run(code: string, cr0: bigint, cr4: bigint) {
  const setup = longMode(`${code} f4`);
  setup.cpu.setRegister("cr0", CR0 | cr0);
  setup.cpu.setRegister("cr4", CR4 | cr4);
  setup.cpu.setRegister("rdi", BigInt(DATA));
  return { ...setup, text: exitText(setup.cpu, setup.cpu.run(100)) };
}

const PXOR = "66 0f ef c1";
const EMMS = "0f 77";
const FLD1 = "d9 e8";
const FWAIT = "9b";
const FXSAVE = "0f ae 07";
const LDMXCSR = "0f ae 17";

describe("availability (SDM 3A 2.5, table 13-1; SDM 2 exceptions of each instruction)", () => {
  it.each([
    ["SSE", PXOR, NE, OSFXSR, "halt"],
    ["SSE without CR4.OSFXSR", PXOR, NE, 0n, "#6 at +0"],
    ["SSE with CR0.EM", PXOR, NE | EM, OSFXSR, "#6 at +0"],
    ["SSE with CR0.TS", PXOR, NE | TS, OSFXSR, "#7 at +0"],
    ["SSE with EM and TS: #UD goes first", PXOR, NE | EM | TS, OSFXSR, "#6 at +0"],
    ["LDMXCSR with CR0.TS", LDMXCSR, NE | TS, OSFXSR, "#7 at +0"],
    ["MMX with CR0.EM", EMMS, NE | EM, OSFXSR, "#6 at +0"],
    ["MMX with CR0.TS", EMMS, NE | TS, OSFXSR, "#7 at +0"],
    ["x87 with CR0.EM", FLD1, NE | EM, 0n, "#7 at +0"],
    ["x87 with CR0.TS", FLD1, NE | TS, 0n, "#7 at +0"],
    ["x87 needs no CR4.OSFXSR", FLD1, NE, 0n, "halt"],
    ["FWAIT with TS alone", FWAIT, NE | TS, 0n, "halt"],
    ["FWAIT with TS and MP", FWAIT, NE | TS | MP, 0n, "#7 at +0"],
    ["FXSAVE with CR0.EM", FXSAVE, NE | EM, OSFXSR, "#7 at +0"],
    ["FXSAVE with CR0.TS", FXSAVE, NE | TS, OSFXSR, "#7 at +0"],
    ["FNINIT with CR0.TS", "db e3", NE | TS, 0n, "#7 at +0"],
  ])("%s", (_name, code, cr0, cr4, expected) => {
    expect(run(code, cr0, cr4).text).toBe(expected);
  });
});

describe("alignment of 128-bit operands (SDM 2 table 2-21)", () => {
  it.each([
    ["movaps xmm0,[rdi+8]", "0f 28 47 08", "#13 error 0 at +0"],
    ["movdqa [rdi+1],xmm0", "66 0f 7f 47 01", "#13 error 0 at +0"],
    ["pxor xmm0,[rdi+4]", "66 0f ef 47 04", "#13 error 0 at +0"],
    ["fxsave [rdi+8]", "0f ae 47 08", "#13 error 0 at +0"],
    ["movups xmm0,[rdi+8]", "0f 10 47 08", "halt"],
    ["movdqu [rdi+1],xmm0", "f3 0f 7f 47 01", "halt"],
    ["addsd xmm0,[rdi+1]", "f2 0f 58 47 01", "halt"],
  ])("%s", (_name, code, expected) => {
    expect(run(code, NE, OSFXSR).text).toBe(expected);
  });
});

describe("numeric exceptions", () => {
  /** mxcsr = value; divss xmm0,xmm1 with xmm0 = xmm1 = 0: invalid. */
  const divide = (mxcsr: string) => `c7 07 ${mxcsr} 0f ae 17 0f 57 c0 0f 57 c9 f3 0f 5e c1`;

  it("a masked SSE exception sets its flag and gives the default NaN", () => {
    const { cpu, text } = run(`${divide("80 1f 00 00")} 0f ae 1f`, NE, OSFXSR | OSXMMEXCPT);
    expect(text).toBe("halt");
    expect([...cpu.xmm(0).subarray(0, 4)]).toEqual([0, 0, 0xc0, 0xff]);
    expect(read64(cpu, DATA) & 0xffffffffn).toBe(0x1f81n);
  });

  it("an unmasked one is #XM, or #UD without CR4.OSXMMEXCPT; the destination stays (SDM 1 11.5)", () => {
    const { cpu, text } = run(divide("00 1f 00 00"), NE, OSFXSR | OSXMMEXCPT);
    expect(text).toBe("#19 at +f");
    expect([...cpu.xmm(0).subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    expect(run(divide("00 1f 00 00"), NE, OSFXSR).text).toBe("#6 at +f");
  });

  it("LDMXCSR of a reserved bit is #GP(0)", () => {
    expect(run("c7 07 80 1f 01 00 0f ae 17", NE, OSFXSR).text).toBe("#13 error 0 at +6");
  });

  /** fninit; fldcw with #Z unmasked; fld1; fldz; fdivp: pending. */
  const pending = "db e3 66 c7 07 7b 03 d9 2f d9 e8 d9 ee de f9";

  it("an x87 exception waits for the next waiting instruction (SDM 1 8.7)", () => {
    expect(run(`${pending} d9 e8`, NE, 0n).text).toBe("#16 at +f");
    expect(run(`${pending} 9b`, NE, 0n).text).toBe("#16 at +f");
    expect(run(`${pending} db e2 d9 e8`, NE, 0n).text).toBe("halt"); // FNCLEX does not wait
  });
});

describe("FXSAVE and FXRSTOR (SDM 1 table 10-2)", () => {
  it("one restores what the other saved, in both formats", () => {
    for (const [save, restore] of [
      ["0f ae 07", "0f ae 0f"],
      ["48 0f ae 07", "48 0f ae 0f"],
    ]) {
      // fninit; fld1; fldpi; movq xmm9,rdi; SAVE; fninit; pxor xmm9,xmm9; RESTORE; fstp [rdi+0x400]; fstp [rdi+0x410]
      const { cpu, text } = run(
        `db e3 d9 e8 d9 eb 66 4c 0f 6e cf ${save} db e3 66 45 0f ef c9 ${restore} dd 9f 00 04 00 00 dd 9f 10 04 00 00`,
        NE,
        OSFXSR,
      );
      expect(text).toBe("halt");
      expect(read64(cpu, DATA + 0x400)).toBe(0x400921fb54442d18n);
      expect(read64(cpu, DATA + 0x410)).toBe(0x3ff0000000000000n);
      expect(read64(cpu, DATA) & 0xffff_ffff_ffffn).toBe(0x00c0_3000_037fn); // FTW abridged, TOP 6, FCW
      expect(cpu.xmm(9)[0]).toBe(DATA & 0xff);
      expect(read64(cpu, DATA + 160 + 9 * 16)).toBe(BigInt(DATA));
    }
  });

  it("a reserved MXCSR bit in the image is #GP(0) and changes nothing", () => {
    const setup = longMode("d9 e8 0f ae 0f f4");
    setup.cpu.setRegister("rdi", BigInt(DATA));
    write64(setup.cpu, DATA + 24, 0x10000n);
    expect(exitText(setup.cpu, setup.cpu.run(100))).toBe("#13 error 0 at +2");
  });

  it("an image that runs into an absent page faults before any byte is written", () => {
    const setup = longMode("0f ae 07 f4");
    const end = 8 << 21; // RAM and mappings of large pages end here
    setup.cpu.setRegister("rdi", BigInt(end - 0x100));
    expect(exitText(setup.cpu, setup.cpu.run(100))).toBe(`#14 error 2 cr2 ${end.toString(16)} at +0`);
    expect(read64(setup.cpu, end - 0x100)).toBe(0n);
    expect(setup.cpu.getRegister("rip")).not.toBe(BigInt(CODE));
  });
});
