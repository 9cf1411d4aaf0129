// What CPUID does not offer is not there; what it offers works: SDM 2 (instructions), SDM 3A 2.5, 4.6, 4.10 (control registers, paging).

import { describe, expect, it } from "vitest";
import * as FEATURES from "../../emulator/cpu/features.ts";
import {
  bytes,
  DATA,
  exitText,
  longMode,
  outcome,
  PAGE_TABLES,
  protectedMode,
  read64,
  registers,
  write64,
} from "./fixture.ts";

const ALL = 0xffffffff;
const PD = PAGE_TABLES + 0x2000;
/** The page at 0x600000. */
const ENTRY = PD + 3 * 8;
const le64 = (value: bigint): string =>
  Array.from({ length: 8 }, (_, i) =>
    Number((value >> BigInt(i * 8)) & 255n)
      .toString(16)
      .padStart(2, "0"),
  ).join("");
/** mov rax,value; then the instruction. */
const withRax = (value: bigint, code: string): string => `48b8${le64(value)} ${code}`;

function run(code: string, features = ALL, user = false): string {
  const { cpu } = longMode(`${code} f4`, user, features);
  return exitText(cpu, cpu.run(1000));
}

describe("instructions without their feature raise #UD", () => {
  it.each([
    ["popcnt", FEATURES.FEATURE_POPCNT, "f3 0f b8 c1"],
    ["movbe", FEATURES.FEATURE_MOVBE, "0f 38 f0 04 25 00 00 20 00"],
    ["rdtscp", FEATURES.FEATURE_RDTSCP, "0f 01 f9"],
    ["stac", FEATURES.FEATURE_SMAP, "0f 01 cb"],
    ["rdrand", FEATURES.FEATURE_RDRAND, "0f c7 f0"],
    ["rdpid", FEATURES.FEATURE_RDPID, "f3 0f c7 f8"],
    ["pshufb", FEATURES.FEATURE_SSSE3, "66 0f 38 00 c1"],
    ["movddup, which without its prefix would be movhlps", FEATURES.FEATURE_SSE3, "f2 0f 12 c1"],
    ["pcmpgtq", FEATURES.FEATURE_SSE42, "66 0f 38 37 c1"],
    ["andn", FEATURES.FEATURE_BMI1, "c4 e2 70 f2 c2"],
    ["blsr", FEATURES.FEATURE_BMI1, "c4 e2 78 f3 c9"],
    ["mulx", FEATURES.FEATURE_BMI2, "c4 e2 73 f6 c2"],
    ["rorx", FEATURES.FEATURE_BMI2, "c4 e3 7b f0 c1 03"],
    ["adcx", FEATURES.FEATURE_ADX, "66 0f 38 f6 c1"],
    ["aesenc", FEATURES.FEATURE_AES, "66 0f 38 dc c1"],
    ["pclmulqdq", FEATURES.FEATURE_PCLMUL, "66 0f 3a 44 c1 00"],
    ["clflushopt", FEATURES.FEATURE_CLFLUSHOPT, "66 0f ae 3c 25 00 00 20 00"],
    ["clwb", FEATURES.FEATURE_CLWB, "66 0f ae 34 25 00 00 20 00"],
  ])("%s", (_name, feature, code) => {
    expect([run(code, ALL), run(code, ALL & ~feature)]).toEqual(["halt", "#6 at +0"]);
  });

  it("TZCNT is BSF then, LZCNT is BSR (SDM 2)", () => {
    const value = (code: string, features: number) => {
      const setup = longMode(`b8 34 12 00 00 b9 10 00 00 00 ${code} f4`, false, features);
      const before = registers(setup.cpu);
      return outcome(setup, setup.cpu.run(100), before).split(" ")[0];
    };
    const [tzcnt, lzcnt] = ["f3 0f bc c1", "f3 0f bd c1"];
    expect([value(tzcnt, ALL), value(tzcnt, 0)]).toEqual(["rax=4", "rax=4"]);
    expect([value(lzcnt, ALL), value(lzcnt, 0)]).toEqual(["rax=1b", "rax=4"]);
  });

  it.each([
    ["L = 1", "c4 e2 74 f2 c2"],
    ["vvvv names a register where none belongs", "c4 e3 73 f0 c1 03"],
    ["a map without instructions", "c4 e4 70 f2 c2"],
    ["66 before it", "66 c4 e2 70 f2 c2"],
    ["F3 before it", "f3 c4 e2 70 f2 c2"],
    ["LOCK before it", "f0 c4 e2 70 f2 c2"],
    ["REX before it", "48 c4 e2 70 f2 c2"],
    ["AVX, which is not offered: vaddps ymm", "c5 f4 58 c2"],
  ])("VEX is #UD where %s (SDM 2 2.3, 2.4.13)", (_name, code) => {
    expect(run(code)).toBe("#6 at +0");
  });

  it("outside protected mode C4 and C5 never begin VEX (SDM 2 2.3)", () => {
    const { cpu } = protectedMode("c4 e2 70 f2 c2 f4"); // andn eax,ecx,edx
    cpu.setRegister("rcx", 0xf0n);
    cpu.setRegister("rdx", 0xffn);
    expect([exitText(cpu, cpu.run(10)), cpu.getRegister("rax")]).toEqual(["halt", 0xfn]);
    const real = protectedMode("c4 e2 70 f2 c2 f4").cpu;
    real.setRegister("cr0", 0x10n);
    real.setDescriptorTable("idtr", 0n, 0x3ff);
    real.writeRam(4 * 6, bytes("00 02 00 00")); // vector 6: 0000:0200
    real.writeRam(0x200, bytes("f4"));
    expect([real.run(10).kind, real.getRegister("rip")]).toEqual(["halt", 0x201n]);
  });

  it("TSC_AUX belongs to RDTSCP", () => {
    const code = "b9 03 01 00 c0 31 c0 31 d2 0f 30";
    expect([run(code), run(code, 0)]).toEqual(["halt", "#13 error 0 at +9"]);
  });

  it("RDRAND: CF = 1, equal seeds give equal numbers; RDPID reads TSC_AUX", () => {
    const numbers = () => {
      const { cpu } = longMode("48 0f c7 f0 0f c7 f3 66 0f c7 f9 f4"); // rdrand rax; rdrand ebx; rdseed cx
      cpu.setRegister("rcx", 0x1111_2222_3333_4444n);
      expect(exitText(cpu, cpu.run(10))).toBe("halt");
      expect(cpu.getRegister("eflags") & 0x8d5n).toBe(1n);
      return (["rax", "rbx", "rcx"] as const).map((name) => cpu.getRegister(name));
    };
    const [rax, rbx, rcx] = numbers();
    expect(numbers()).toEqual([rax, rbx, rcx]);
    expect([rax! >> 32n !== 0n, rbx! >> 32n, rcx! >> 16n]).toEqual([true, 0n, 0x1111_2222_3333n]);
    const { cpu } = longMode("b9 03 01 00 c0 b8 07 00 00 00 31 d2 0f 30 f3 0f c7 fb f4"); // rdpid rbx
    cpu.run(10);
    expect(cpu.getRegister("rbx")).toBe(7n);
  });

  it("SYSENTER in IA-32e mode is Intel's (AMD APM 3)", () => {
    expect([run("0f 34"), run("0f 34", ALL & ~FEATURES.FEATURE_SEP64)]).toEqual([
      "#13 error 0 at +0", // IA32_SYSENTER_CS is 0
      "#6 at +0",
    ]);
  });
});

describe("CR4: a bit of what is not offered is reserved", () => {
  it.each([
    ["UMIP", 11, FEATURES.FEATURE_UMIP],
    ["FSGSBASE", 16, FEATURES.FEATURE_FSGSBASE],
    ["PCIDE", 17, FEATURES.FEATURE_PCID],
    ["OSXSAVE", 18, FEATURES.FEATURE_XSAVE],
  ])("%s", (_name, bit, feature) => {
    const code = withRax(0x6a0n | (1n << BigInt(bit)), "0f 22 e0");
    expect([run(code, ALL), run(code, ALL & ~feature)]).toEqual(["halt", "#13 error 0 at +a"]);
  });

  it.each([
    ["LA57", 12],
    ["PKE", 22],
    ["CET", 23],
  ])("%s is never offered", (_name, bit) => {
    expect(run(withRax(0x6a0n | (1n << BigInt(bit)), "0f 22 e0"))).toBe("#13 error 0 at +a");
  });
});

describe("PCID (SDM 3A 4.10.1, 4.10.4.1)", () => {
  const on = withRax(0x206a0n, "0f 22 e0");
  it.each([
    ["PCIDE with a PCID already in CR3", `${withRax(0x1005n, "0f 22 d8")} ${on}`, "#13 error 0 at +17"],
    ["with PCIDE bit 63 of a new CR3 is no address bit", `${on} ${withRax(0x8000000000001005n, "0f 22 d8")}`, "halt"],
    ["without PCIDE it is", withRax(0x8000000000001000n, "0f 22 d8"), "#13 error 0 at +a"],
    ["physical addresses have 40 bits", withRax(0x10000001000n, "0f 22 d8"), "#13 error 0 at +a"],
  ])("%s", (_name, code, expected) => {
    expect(run(code)).toBe(expected);
  }); // biome-ignore format: a table

  it.each([
    [0, 0n, 0n, "halt"],
    [1, 0n, 0n, "halt"],
    [2, 0n, 0n, "halt"],
    [3, 0n, 0n, "halt"],
    [4, 0n, 0n, "#13 error 0 at +c"],
    [0, 1n, 0n, "#13 error 0 at +c"], // a PCID without CR4.PCIDE
    [2, 1n, 0n, "halt"],
    [2, 0x1000n, 0n, "#13 error 0 at +c"], // reserved bits of the descriptor
    [0, 0n, 1n << 62n, "#13 error 0 at +c"], // an address that is not canonical
  ])("INVPCID type %i, PCID %i, address %i", (type, pcid, address, expected) => {
    const { cpu } = longMode(
      `b9 ${type.toString(16).padStart(2, "0")} 00 00 00 bb 00 00 20 00 90 90 66 0f 38 82 0b f4`,
    );
    write64(cpu, DATA, pcid, address);
    expect(exitText(cpu, cpu.run(100))).toBe(expected);
  });
});

describe("paging", () => {
  const read = "48 8b 04 25 00 00 60 00";
  const write = "48 89 04 25 00 00 60 00";

  it("a 1 GiB page is a reserved bit where it is not offered", () => {
    const code = "48 8b 04 25 00 00 00 40"; // mov rax,[0x40000000]
    expect(run(code, ALL & ~FEATURES.FEATURE_PAGE1GB)).toBe("#14 error 9 cr2 40000000 at +0");
    expect(run(code, ALL)).toBe("halt");
  });

  it("bits 51:40 of an entry are reserved: physical addresses have 40 bits", () => {
    const { cpu } = longMode(`${read} f4`);
    write64(cpu, ENTRY, 0x600087n | (1n << 40n));
    expect(exitText(cpu, cpu.run(10))).toBe("#14 error 9 cr2 600000 at +0");
  });

  it("the entry that maps the page is marked accessed only where the access is allowed", () => {
    const { cpu } = longMode(`${write} f4`);
    cpu.setRegister("cr0", 0x80010033n);
    write64(cpu, ENTRY, 0x600085n); // read-only
    expect(exitText(cpu, cpu.run(10))).toBe("#14 error 3 cr2 600000 at +0");
    expect(read64(cpu, ENTRY)).toBe(0x600085n);
    expect(read64(cpu, PAGE_TABLES) & 0x20n).toBe(0x20n);
  });

  /** Supervisor pages but for 0x600000; CR4.SMAP on, or what is given. */
  function smap(code: string, cr4 = 0x2006a0n) {
    const setup = longMode(`${code} f4`);
    for (let page = 0n; page < 8n; page++) write64(setup.cpu, PD + Number(page) * 8, (page << 21n) | 0x83n);
    write64(setup.cpu, ENTRY, 0x600087n);
    setup.cpu.setRegister("cr4", cr4);
    return setup;
  }
  it.each([
    ["a supervisor read of a user page", read, "#14 error 1 cr2 600000 at +0"],
    ["with EFLAGS.AC it is allowed", `0f 01 cb ${read}`, "halt"],
    ["CLAC takes the leave away", `0f 01 cb ${read} 0f 01 ca ${read}`, "#14 error 1 cr2 600000 at +e"],
    ["string instructions too", "bf 00 00 60 00 b9 08 00 00 00 f3 48 ab", "#14 error 3 cr2 600000 at +a"],
  ])("SMAP (SDM 3A 4.6.1): %s", (_name, code, expected) => {
    const { cpu } = smap(code);
    expect(exitText(cpu, cpu.run(100))).toBe(expected);
  });

  it("SMEP (SDM 3A 4.6.1): a supervisor fetch from a user page", () => {
    const jump = "b8 00 00 60 00 ff e0";
    const { cpu } = smap(jump, 0x1006a0n);
    expect(exitText(cpu, cpu.run(100))).toBe("#14 error 11 cr2 600000 at +500000");
    const without = smap(jump, 0x6a0n).cpu;
    without.writeRam(0x600000, bytes("f4"));
    expect(exitText(without, without.run(100))).toBe("halt");
  });

  it("SMAP: AC gives no leave to implicit accesses, such as reading a descriptor", () => {
    const { cpu } = smap("0f 01 cb b8 0c 00 00 00 8e d8"); // stac; mov ds of LDT entry 1
    cpu.setSegment("ldtr", { selector: 0x40, base: 0x600000n, limit: 0xff, attributes: 0x82 });
    expect(exitText(cpu, cpu.run(100))).toBe("#14 error 1 cr2 600008 at +8");
  });
});

describe("canonical addresses", () => {
  it.each([
    ["jmp rax", withRax(1n << 62n, "ff e0"), "#13 error 0 at +a"],
    ["call rax", withRax(1n << 62n, "ff d0"), "#13 error 0 at +a"],
    ["ret", withRax(1n << 62n, "50 c3"), "#13 error 0 at +b"],
    ["lgdt", `${withRax(1n << 62n, "48 a3 02 00 20 00 00 00 00 00")} 0f 01 14 25 00 00 20 00`, "#13 error 0 at +14"],
  ])("%s faults itself (SDM 2)", (_name, code, expected) => {
    expect(run(code)).toBe(expected);
  }); // biome-ignore format: a table
});

describe("XSAVE (SDM 1 chapter 13)", () => {
  /** CR4.OSXSAVE on, XCR0 = 3. */
  const ON = `${withRax(0x406a0n, "0f 22 e0")} 31 c9 31 d2 b8 03 00 00 00 0f 01 d1`;
  const AREA = DATA;
  const mask = (value: number): string => `b8 0${value} 00 00 00 31 d2`;
  const save = "48 0f ae 24 25 00 00 20 00";
  const restore = "48 0f ae 2c 25 00 00 20 00";

  function make(code: string, area: Uint8Array = new Uint8Array(576)) {
    const { cpu } = longMode(`${ON} ${code} f4`);
    cpu.setXmm(3, bytes("00112233445566778899aabbccddeeff"));
    cpu.writeRam(AREA, area);
    return { cpu, text: exitText(cpu, cpu.run(1000)) };
  }

  it("saves what mask and XCR0 have in common; the header says what", () => {
    const { cpu, text } = make(`${mask(2)} ${save}`);
    expect(text).toBe("halt");
    expect(read64(cpu, AREA + 512)).toBe(2n);
    expect(read64(cpu, AREA + 160 + 48)).toBe(0x7766554433221100n);
    expect(read64(cpu, AREA)).toBe(0n); // x87 not asked for
  });

  it("restores a component that the image does not have to its initial state", () => {
    const { cpu, text } = make(`${mask(2)} ${save} 31 c0 48 89 04 25 00 02 20 00 ${mask(2)} ${restore}`);
    expect([text, Buffer.from(cpu.xmm(3)).toString("hex")]).toEqual(["halt", "0".repeat(32)]);
  });

  it.each([
    ["XSAVE", save],
    ["XSAVEOPT", "48 0f ae 34 25 00 00 20 00"],
  ])("restores what %s saved", (_name, store) => {
    const { cpu, text } = make(`${mask(3)} ${store} 66 0f ef db ${restore}`);
    expect([text, Buffer.from(cpu.xmm(3)).toString("hex")]).toEqual([
      "halt",
      "00112233445566778899aabbccddeeff",
    ]);
  });

  it.each([
    ["an area that is not aligned to 64 bytes", `${mask(3)} 48 0f ae 24 25 10 00 20 00`, "#13 error 0"],
    ["a component in the image that XCR0 has not", `${mask(3)} ${restore}`, "#13 error 0", 512, 4],
    ["the compacted format, which is not offered", `${mask(3)} ${restore}`, "#13 error 0", 527, 0x80],
    ["reserved bits of MXCSR", `${mask(2)} ${restore}`, "#13 error 0", 27, 0x80],
    ["XSETBV without x87", `31 c9 ${mask(2)} 0f 01 d1`, "#13 error 0"],
    ["XSETBV of a component that is not there", `31 c9 ${mask(7)} 0f 01 d1`, "#13 error 0"],
    ["XGETBV of a register that is not there", "b9 01 00 00 00 0f 01 d0", "#13 error 0"],
  ])("%s", (_name, code, expected, offset = 0, value = 0) => {
    const area = new Uint8Array(576);
    area[offset] = value;
    expect(make(code, area).text).toContain(expected);
  }); // biome-ignore format: a table

  it("is #UD while CR4.OSXSAVE is 0", () => {
    expect([run(save), run("31 c9 0f 01 d0")]).toEqual(["#6 at +0", "#6 at +2"]);
  });

  it("CPUID shows CR4.OSXSAVE in leaf 1 ECX bit 27", () => {
    const { cpu } = longMode(`${ON} b8 01 00 00 00 0f a2 f4`);
    cpu.run(1000);
    expect(cpu.getRegister("rcx") & (1n << 27n)).toBe(1n << 27n);
  });
});
