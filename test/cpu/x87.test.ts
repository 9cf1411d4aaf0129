// x87 beyond what recorded cases can show: transcendental functions correctly rounded (values computed with mpmath to 400 bits; FSIN, FCOS
// and FPTAN with the 66-bit pi of SDM 1 8.3.8), their special operands (SDM 2), and the pointers that instructions leave (SDM 1 8.1.8).

import { describe, expect, it } from "vitest";
import { bytes, CODE, DATA, exitText, longMode, protectedMode, read64, type Setup } from "./fixture.ts";

const OPCODES: Record<string, string> = {
  f2xm1: "d9 f0", fyl2x: "d9 f1", fptan: "d9 f2", fpatan: "d9 f3", fyl2xp1: "d9 f9", fsincos: "d9 fb", fsin: "d9 fe", fcos: "d9 ff",
}; // biome-ignore format: a table
const ONE = "3fff8000000000000000";
const ZERO = "0".repeat(20);
const INFINITY = "7fff8000000000000000";
const NAN = "ffffc000000000000000";
/** Of a number whose exponent begins with a digit below 8. */
const minus = (number: string): string =>
  (Number.parseInt(number[0]!, 16) + 8).toString(16) + number.slice(1);

/** Twenty digits, sign and exponent first, as ten bytes of memory. */
const memory = (number: string): Uint8Array => bytes(number).reverse();

/** ST(0) = x, ST(1) = y, the instruction; then ST(0), ST(1), and exceptions and C2 of the status word. */
function compute(name: string, x: string, y = "0".repeat(20), control = 0x37f) {
  const load = "d9 6f 30 db 6f 10 db 2f"; // fldcw [rdi+48]; fldt [rdi+16]; fldt [rdi]
  const store = "dd 7f 40 db 7f 20 db 7f 50"; // fnstsw [rdi+64]; fstpt [rdi+32]; fstpt [rdi+80]
  const { cpu } = longMode(`db e3 ${load} ${OPCODES[name]} ${store} f4`);
  cpu.setRegister("rdi", BigInt(DATA));
  cpu.writeRam(DATA, memory(x));
  cpu.writeRam(DATA + 16, memory(y));
  cpu.writeRam(DATA + 48, Uint8Array.of(control & 255, control >> 8));
  expect(exitText(cpu, cpu.run(100))).toBe("halt");
  const stored = (at: number) =>
    Buffer.from(cpu.ram.slice(DATA + at, DATA + at + 10).reverse()).toString("hex");
  const status = Number(read64(cpu, DATA + 64) & 0x43fn);
  return { top: stored(32), second: stored(80), status: status.toString(16) };
}

describe("transcendental functions", () => {
  it.each([
    ["fsin", "4032c100f15e73ab4876", "00000000000000000000", "3ffefeb5d0ad0d8fca7e"],
    ["fsin", "c00fe6e634942f45e678", "00000000000000000000", "bffec2676171e0b2e072"],
    ["fsin", "c033ce9633f6a13ffe79", "00000000000000000000", "3ffea55035484b71af4e"],
    ["fsin", "c00eb929f6e318187993", "00000000000000000000", "bffeffc19445ab11cfb0"],
    ["fsin", "4009c4f3e8af17362f25", "00000000000000000000", "bffefe5ac989e2dfe44d"],
    ["fsin", "4000c90fdaa22168c235", "00000000000000000000", "bfbf8000000000000000"],
    ["fsin", "3c018000000000000000", "00000000000000000000", "3c018000000000000000"],
    ["fcos", "bffcfdb8839a986e86cb", "00000000000000000000", "3ffef82e938a1c8c1d4b"],
    ["fcos", "4030de94cba9a7677796", "00000000000000000000", "3ffe89bbc35d0a4e7c2f"],
    ["fcos", "c00b81eb8b429f8558a6", "00000000000000000000", "bffde0f2f0f1b0453604"],
    ["fcos", "c03a879f5ee9102b938b", "00000000000000000000", "bffef9b5ed4b99458bb9"],
    ["fcos", "400f9ef7fd1ce12b2b8f", "00000000000000000000", "3ffeeb49a3baab1a2d3d"],
    ["fcos", "3fffc90fdaa22168c235", "00000000000000000000", "bfbe8000000000000000"],
    ["fptan", "bffabb623457c7321cc0", "00000000000000000000", "bffabb83b29db90445a9"],
    ["fptan", "402febd4a6f697491e23", "00000000000000000000", "bffdf6a9d3d0f59be39f"],
    ["fptan", "4039d1f514263bd03346", "00000000000000000000", "3fffee602791eb3ea5e9"],
    ["fptan", "4036d4cb2577012d0ea6", "00000000000000000000", "bffda6e72abb371a7e0f"],
    ["fptan", "4031a39ad78ea7a11490", "00000000000000000000", "3ffe8a68320164517cf6"],
    ["f2xm1", "3ff2f741761ffee5a5b2", "00000000000000000000", "3ff2ab660aeb34784e27"],
    ["f2xm1", "bfe3a082e653b53302fc", "00000000000000000000", "bfe2de84151d20e88da4"],
    ["f2xm1", "3ff9c1a6343d3acb6266", "00000000000000000000", "3ff98755477f512eb53d"],
    ["f2xm1", "3fe1c8150ba711fa2ac0", "00000000000000000000", "3fe18aafb92a74b14164"],
    ["f2xm1", "bfe48dcc7df266809a11", "00000000000000000000", "bfe3c4932acd36309204"],
    ["fpatan", "bffd888dc55562f28d1a", "bff9d7aab877d8e94b15", "c000c2c3d1232f57b906"],
    ["fpatan", "3ffcf6a9512035b00a54", "bff9b00f2da278511608", "bffbb63e0a676332fc13"],
    ["fpatan", "c004b5bbb98765bd9acb", "400299681feea123f501", "4000bbc04a7592fce382"],
    ["fpatan", "c003ab1f4df645100358", "3ffd81f06b40552454f1", "4000c84d7930ca82a389"],
    ["fpatan", "bffff61fdfa6c20ef164", "3ffbda7f80573f1347de", "4000c583b994e03521c7"],
    ["fpatan", "3ff9bb8326160f552c94", "c000d74e50452d7c5048", "bfffc830e77ca9c7bf49"],
    ["fpatan", "bfdbc12280b2728a6fcf", "402090c38785c4ff64de", "3fffc90fdaa22168c235"],
    ["fpatan", "40158ee9bbdf623d8eb7", "3ff89b3f2eb6fd741069", "3fe28b0bf7befadc9fa7"],
    ["fyl2x", "3c7beea27e9b45114889", "c005a6ee3a6497bdd982", "400f9291e06ef123023e"],
    ["fyl2x", "3ca397f9b00335f11af2", "4002c9d9d1eca44f576a", "c00ca9796f7ca7377e02"],
    ["fyl2x", "3d48fea170220ac793f5", "3ffca10f3d307108e022", "c005da5047763c029ec2"],
    ["fyl2x", "3c8ece1f65aac5cefdd8", "3ffd89651fb862dc08d6", "c006ec3b48cbc52e0655"],
    ["fyl2x", "3d139ab7c5e81711eb57", "c00381fc33863e361858", "400cbdd4acd20a0f1f0c"],
    ["fyl2x", "3fff80000000267b6f39", "3ffeba02b9209f452c07", "3fdda15bc6c6e59382c1"],
    ["fyl2x", "3fff80000000082463e9", "c002ea8abf4e7bd55ee6", "bfdfac31475c422f3103"],
    ["fyl2x", "3fff8000000024c5c67f", "3fffd0498f6a2ecdcc0a", "3fdeaca7e635e69fc5f7"],
    ["fyl2xp1", "3fe09d3baa82e88e752f", "c002dcd99c753fdf2348", "bfe4c3b17c289d41cacf"],
    ["fyl2xp1", "3fcdd08253cabd4aeab0", "c001d7eec3993253b562", "bfd0fdbbcb28dcac1ab1"],
    ["fyl2xp1", "bfeabdc31756e1d7300f", "bffa861141336be49ee7", "3fe68f5f7c2ec273bf8e"],
    ["fyl2xp1", "3fc6c194e02d09e80319", "bffddeb2b49d3d0840fb", "bfc5f2f2ec93bca97bbb"],
    ["fyl2xp1", "bfebb5dd469041c9886e", "c002a58f4a1f7db224cb", "3fefa9aebaf66f3aad30"],
  ])("%s of %s, %s is %s", (name, x, y, result) => {
    const { top, second } = compute(name, x, y);
    expect(name === "fptan" ? [top, second] : [top]).toEqual(name === "fptan" ? [ONE, result] : [result]);
  });

  it("FSINCOS gives both results, cosine on top", () => {
    const x = "3fffc90fdaa22168c235";
    const { top, second } = compute("fsincos", x);
    expect([top, second]).toEqual([compute("fcos", x).top, compute("fsin", x).top]);
  });

  it.each([
    ["fsin", "403e8000000000000000", "403e8000000000000000", "400"],
    ["fptan", "403e8000000000000000", "403e8000000000000000", "400"],
    ["fsin", "403dffffffffffffffff", "3ffee0ab9300da6d2684", "20"],
  ])("%s of %s: C2 from 2^63 on, and the operand stays (SDM 2)", (name, x, top, status) => {
    expect(compute(name, x)).toMatchObject({ top, status });
  });

  it.each([
    ["fsin", INFINITY, ZERO, NAN, "1"],
    ["fcos", ZERO, ZERO, ONE, "0"],
    ["fsin", minus(ZERO), ZERO, minus(ZERO), "0"],
    ["fpatan", INFINITY, INFINITY, "3ffec90fdaa22168c235", "20"],
    ["fpatan", minus(INFINITY), INFINITY, "400096cbe3f9990e91a8", "20"],
    ["fpatan", ZERO, ZERO, ZERO, "0"],
    ["fpatan", minus(ZERO), ZERO, "4000c90fdaa22168c235", "20"],
    ["fyl2x", ZERO, ONE, minus(INFINITY), "4"],
    ["fyl2x", ZERO, ZERO, NAN, "1"],
    ["fyl2x", ONE, INFINITY, NAN, "1"],
    ["fyl2x", "bfff8000000000000000", ONE, NAN, "1"],
    ["fyl2x", INFINITY, ZERO, NAN, "1"],
    ["fyl2xp1", ZERO, INFINITY, NAN, "1"],
    ["f2xm1", "bfff8000000000000000", ZERO, "bffe8000000000000000", "20"],
  ])("special operands (SDM 2): %s of %s, %s is %s, exceptions %s", (name, x, y, top, status) => {
    expect(compute(name, x, y)).toMatchObject({ top, status });
  });

  it.each([
    ["fsin", "3c018000000000000000", 0xf7f, "3c00ffffffffffffffff"],
    ["fcos", "3c018000000000000000", 0xf7f, "3ffeffffffffffffffff"],
    ["fcos", "3c018000000000000000", 0xb7f, ONE],
    ["fyl2x", "40018000000000000000", 0xb7f, "40008000000000000000"],
  ])("a directed rounding sees what lies beyond the digits: %s of %s under %i", (name, x, control, top) => {
    expect(compute(name, x, ONE, control)).toMatchObject({ top, status: "20" });
  });
});

describe("instruction and data pointers (SDM 1 8.1.8)", () => {
  /** FNSTENV [DATA+64] behind the code: FIP, FCS and FOP, FDP, FDS. */
  function environment(code: string, make: (code: string) => Setup = longMode) {
    const { cpu } = make(`db e3 ${code} d9 77 40 f4`);
    cpu.setRegister("rdi", BigInt(DATA));
    cpu.run(100);
    const word = (at: number) =>
      new DataView(cpu.ram.buffer, cpu.ram.byteOffset + DATA + at).getUint32(0, true);
    return [word(76) - CODE, word(80), word(84), word(88)].map((value) => value.toString(16)).join(" ");
  }
  it.each([
    ["a load from memory", "dd 47 08", "2 5470008 200008 ffff0010"],
    ["prefixes belong to the instruction", "2e dd 47 08", "2 5470008 200008 ffff0010"],
    ["a register form keeps the data pointer", "dd 47 08 d9 e8", "5 1e80008 200008 ffff0010"],
    ["control instructions leave nothing", "dd 47 08 d9 7f 10 db e2 d9 6f 10", "2 5470008 200008 ffff0010"],
    ["FNINIT clears all", "dd 47 08 db e3", "-100000 0 0 ffff0000"],
  ])("%s", (_name, code, expected) => {
    expect(environment(code)).toBe(expected);
  });

  it("the stack segment for a base of ESP; 32-bit code", () => {
    expect(environment("d9 04 24", protectedMode)).toBe("2 1040048 300000 ffff0010");
  });
});

it("without CR0.NE a pending exception stops the processor before the next waiting instruction until an interrupt (SDM 3A 9.2.2)", () => {
  const { cpu, host } = longMode("fb db e3 d9 6f 30 d9 e8 d9 ee de f9 90 9b f4"); // sti; fninit; fldcw; 1 / 0; nop; fwait
  cpu.setRegister("rdi", BigInt(DATA));
  cpu.writeRam(DATA + 48, bytes("7b 03"));
  cpu.setRegister("cr0", cpu.getRegister("cr0") & ~0x20n);
  expect([cpu.run(100).kind, cpu.getRegister("rip"), cpu.instructions]).toEqual([
    "halt",
    BigInt(CODE + 13),
    7,
  ]);
  expect([cpu.run(100).kind, cpu.getRegister("rip")]).toEqual(["halt", BigInt(CODE + 13)]);
  host.vectors = [0x40];
  cpu.setInterruptLine(true);
  expect(exitText(cpu, cpu.run(100))).toBe("#64 at +d");
});
