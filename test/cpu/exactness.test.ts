// Counts and states do not depend on how a run is cut: slices, breakpoints, blocks, self-modifying code.

import { describe, expect, it } from "vitest";
import { bytes, CODE, DATA, exitText, longMode, PAGE_TABLES, type Setup, write64 } from "./fixture.ts";

/** A loop with memory, flags, calls and a string instruction, 900 turns of it. */
function busy(): Setup {
  // 1: inc rax; mov [rdi],rax; imul rbx,rax,7; add rbx,[rdi]; rol rbx,3; push rbx; pop rcx; call 2f; dec edx; jnz 1b; hlt; 2: xor r8,rcx; ret
  const setup = longMode(
    "48 ff c0 48 89 07 48 6b d8 07 48 03 1f 48 c1 c3 03 53 59 e8 05 00 00 00 ff ca 75 e4 f4 49 31 c8 c3",
  );
  setup.cpu.setRegister("rdi", BigInt(DATA));
  setup.cpu.setRegister("rdx", 900n);
  return setup;
}
const TOTAL = 900 * 12 + 1;

describe("slices", () => {
  it("of 1, 7, 1000 and one go give equal states", () => {
    const hashes = [1, 7, 1000, 1_000_000].map((slice) => {
      const { cpu } = busy();
      let exit = cpu.run(slice);
      for (let n = 2 * slice; exit.kind === "limit"; n += slice) {
        expect(cpu.instructions).toBe(n - slice);
        exit = cpu.run(n);
      }
      expect(exit.kind).toBe("halt");
      expect(cpu.instructions).toBe(TOTAL);
      return cpu.stateHash();
    });
    expect(new Set(hashes).size).toBe(1);
  });

  it("equal at every instruction of the first 40", () => {
    const one = busy().cpu;
    for (let n = 1; n <= 40; n++) {
      one.run(n);
      const other = busy().cpu;
      other.run(n);
      expect(other.stateHash(), `after ${n}`).toBe(one.stateHash());
    }
  });

  it("a saved state goes on as the original does", () => {
    const { cpu } = busy();
    cpu.run(5000);
    const saved = cpu.save();
    cpu.run(1_000_000);
    const other = busy().cpu;
    other.run(17);
    other.load(saved);
    expect(other.instructions).toBe(5000);
    other.run(1_000_000);
    expect(other.stateHash()).toBe(cpu.stateHash());
  });
});

describe("the state hash", () => {
  it("sees one changed bit of memory and takes it back", () => {
    const { cpu } = busy();
    const before = cpu.stateHash();
    cpu.writeRam(0x700123, bytes("01"));
    expect(cpu.stateHash()).not.toBe(before);
    cpu.writeRam(0x700123, bytes("00"));
    expect(cpu.stateHash()).toBe(before);
  });
  it("does not depend on how flags are kept", () => {
    const a = longMode("31 c0 f4").cpu; // xor eax,eax
    const b = longMode("31 c0 f4").cpu;
    a.run(1);
    b.run(1);
    b.setRegister("eflags", b.getRegister("eflags"));
    expect(a.stateHash()).toBe(b.stateHash());
  });
});

describe("breakpoints", () => {
  it("stop before the instruction, once per arrival, and change no count", () => {
    const { cpu } = busy();
    cpu.setBreakpoints([BigInt(CODE + 10), BigInt(CODE + 29)]); // add rbx,[rdi]; xor r8,rcx
    const stops: string[] = [];
    let exit = cpu.run(1_000_000);
    for (let i = 0; exit.kind === "breakpoint" && i < 10_000; i++) {
      if (i < 4) stops.push(`+${(exit.address - BigInt(CODE)).toString(16)} after ${cpu.instructions}`);
      exit = cpu.run(1_000_000);
    }
    expect(stops).toEqual(["+a after 3", "+1d after 8", "+a after 15", "+1d after 20"]);
    expect(exit.kind).toBe("halt");
    const plain = busy().cpu;
    plain.run(1_000_000);
    expect(cpu.instructions).toBe(plain.instructions);
    expect(cpu.stateHash()).toBe(plain.stateHash());
  });

  it("at the limit: the limit first, then the breakpoint", () => {
    const { cpu } = busy();
    cpu.setBreakpoints([BigInt(CODE + 10)]);
    expect(cpu.run(3)).toEqual({ kind: "limit" });
    expect(cpu.run(100)).toEqual({ kind: "breakpoint", address: BigInt(CODE + 10) });
    expect(cpu.run(4)).toEqual({ kind: "limit" });
    expect(cpu.run(100)).toEqual({ kind: "breakpoint", address: BigInt(CODE + 10) });
    expect(cpu.instructions).toBe(15);
  });

  it("at the current address, set while stopped there: passBreakpoint() goes over it", () => {
    const { cpu } = busy();
    cpu.run(3);
    cpu.setBreakpoints([BigInt(CODE + 10)]);
    cpu.passBreakpoint();
    expect(cpu.run(1000)).toEqual({ kind: "breakpoint", address: BigInt(CODE + 10) });
    expect(cpu.instructions).toBe(15);
  });
});

describe("self-modifying code", () => {
  it("sees its next instruction changed (SDM 3A 8.1.3 needs a jump; processors since the Pentium do not)", () => {
    // mov word [rip+1],0xc889... : the nop nop behind becomes mov eax,ecx
    const { cpu } = longMode("b9 05 00 00 00 66 c7 05 00 00 00 00 89 c8 90 90 f4");
    cpu.run(100);
    expect(cpu.getRegister("rax")).toBe(5n);
  });

  it("sees code changed in a loop that runs from decoded blocks", () => {
    // 1: inc eax; inc eax; mov byte [CODE+3],0xc8 (inc -> dec); dec ecx; jnz 1b; hlt
    const { cpu } = longMode("ff c0 ff c0 c6 04 25 03 00 10 00 c8 ff c9 75 f0 f4");
    cpu.setRegister("rcx", 5n);
    cpu.run(100);
    expect(cpu.getRegister("rax")).toBe(2n); // first turn +2, then +1-1
  });

  it("sees code that the host wrote", () => {
    const { cpu } = busy();
    cpu.run(1000);
    cpu.writeRam(CODE, bytes("f4"));
    expect(cpu.run(1_000_000).kind).toBe("halt");
    expect(cpu.getRegister("rip")).toBe(BigInt(CODE + 1));
  });

  it("sees code written through another mapping of its page", () => {
    // mov byte [0x600000+off],0xf4 where 0x600000 maps CODE's 2 MB page
    const { cpu } = longMode("90 90 c6 04 25 0b 00 70 00 f4 90 90 90");
    const pd = new Uint8Array(8);
    new DataView(pd.buffer).setBigUint64(0, 0x87n, true);
    cpu.writeRam(0x3000 + 3 * 8, pd);
    cpu.flushTlb();
    cpu.run(2);
    expect(cpu.run(100).kind).toBe("halt");
    expect(cpu.getRegister("rip")).toBe(BigInt(CODE + 12));
  });
});

describe("instructions in two pages", () => {
  it("run, and are seen changed", () => {
    const { cpu } = longMode("e9 f7 0f 00 00"); // jmp CODE+0xffc
    cpu.writeRam(CODE + 0xffc, bytes("b8 01 02 03 04 e9 fa ef ff ff")); // mov eax,0x04030201; jmp CODE
    cpu.run(300);
    expect(cpu.getRegister("rax")).toBe(0x04030201n);
    cpu.writeRam(CODE + 0x1000, bytes("ff"));
    cpu.run(303);
    expect(cpu.getRegister("rax")).toBe(0xff030201n);
  });

  it("fault only when the second page is needed", () => {
    const { cpu } = longMode("e9 f9 ff 0f 00"); // jmp CODE+0xffffe = 0x1ffffe
    cpu.writeRam(0x1ffffe, bytes("ff c0")); // inc eax: the last two bytes of the page
    cpu.setRegister("rsp", 0x500000n);
    write64(cpu, PAGE_TABLES + 0x2000 + 8, 0n); // 0x200000 is not mapped
    expect(exitText(cpu, cpu.run(100))).toBe("#14 error 10 cr2 200000 at +100000");
    expect(cpu.getRegister("rax")).toBe(1n);
  });
});
