// Exceptions, interrupts and privilege: SDM 3A chapter 6. A halt in handler v shows as "#v"; the address is the one pushed.

import { describe, expect, it } from "vitest";
import {
  bytes,
  CODE,
  exitText,
  GDT,
  HANDLERS,
  IDT,
  IST1,
  longMode,
  outcome,
  PAGE_TABLES,
  protectedMode,
  RSP0,
  read64,
  registers,
  runText,
  STACK,
  setGate,
  write64,
} from "./fixture.ts";

/** Code at CODE in user mode. */
const user = (code: string): ReturnType<typeof longMode> => longMode(code, true);

describe("faults", () => {
  it.each([
    ["ud2", "0f 0b", "#6 at +0"],
    ["an opcode of another mode: pusha", "60", "#6 at +0"],
    ["lock before an instruction that has no lock", "f0 89 c0", "#6 at +0"],
    [
      "mov rbx,[0x800000000000]: not canonical",
      "48 b8 00 00 00 00 00 80 00 00 48 8b 18",
      "#13 error 0 at +a",
    ],
    ["mov ss of a TSS selector", "b8 30 00 00 00 8e d0", "#13 error 30 at +5"],
    ["mov ds of a segment not present", "b8 40 00 00 00 8e d8", "#11 error 40 at +5"],
    ["rdmsr of a register that is not there", "b9 99 09 00 00 0f 32", "#13 error 0 at +5"],
    ["int 0x80 returns behind itself", "cd 80", "#128 at +2"],
    ["int3", "cc", "#3 at +1"],
  ])("%s", (_name, code, expected) => {
    expect(runText(code).split("\n")[1]).toBe(expected);
  });

  it.each([
    ["hlt", "f4", "#13 error 0 at +0"],
    ["cli with IOPL 0", "fa", "#13 error 0 at +0"],
    ["mov rax,cr3", "0f 20 d8", "#13 error 0 at +0"],
    ["in al,dx with IOPL 0 and no bitmap", "ec", "#13 error 0 at +0"],
    ["int 0x80 through a gate of DPL 0", "cd 80", "#13 error 402 at +0"],
  ])("user mode: %s", (_name, code, expected) => {
    expect(runText(code, user).split("\n")[1]).toBe(expected);
  });

  it("an inner handler runs on RSP0, with SS null", () => {
    const { cpu } = longMode("0f 0b", true);
    expect(exitText(cpu, cpu.run(10))).toBe("#6 at +0");
    expect(cpu.getRegister("rsp")).toBe(BigInt(RSP0 - 40));
    expect(cpu.getRegister("ss")).toBe(0n);
    expect(cpu.getRegister("cs")).toBe(8n);
    expect([read64(cpu, RSP0 - 8), read64(cpu, RSP0 - 16), read64(cpu, RSP0 - 32)]).toEqual([
      0x23n,
      BigInt(STACK),
      0x2bn,
    ]);
    expect(read64(cpu, RSP0 - 24) & 0x10000n).toBe(0x10000n); // RF of a fault
  });

  it("an IST gate changes the stack at the same level", () => {
    const { cpu } = longMode("0f 0b");
    setGate(cpu, 6, HANDLERS + 96, 1);
    cpu.run(10);
    expect(cpu.getRegister("rsp")).toBe(BigInt(IST1 - 40));
  });

  it("a fault while delivering #GP is a double fault; with no #DF gate either the machine shuts down", () => {
    const { cpu } = longMode("0f 0b");
    cpu.writeRam(IDT + 6 * 16, new Uint8Array(16));
    cpu.writeRam(IDT + 13 * 16, new Uint8Array(16));
    expect(exitText(cpu, cpu.run(10))).toBe("#8 error 0 at +0");
    const second = longMode("0f 0b").cpu;
    second.setDescriptorTable("idtr", 0n, 0);
    expect(exitText(second, second.run(10))).toMatchInlineSnapshot(
      `"shutdown: triple fault: exception 13 while delivering a double fault; the first fault was at RIP 0x100000, CR2 0x0"`,
    );
  });

  it.each([
    ["SHA1NEXTE, which CPUID does not offer", "0f 38 c8 c1", "0f38c8"],
    ["with prefixes", "66 f2 48 0f 38 c8 c1", "66f2480f38c8"],
    ["an opcode that no processor has", "0f 04", "0f04"],
    ["EVEX", "62 f1 7c 48 58 c1", "62"],
  ])("an undefined opcode raises #UD, and the host hears of it (SDM 3A 6.15): %s", (_name, code, heard) => {
    const { cpu, host } = longMode(`90 ${code}`);
    expect(exitText(cpu, cpu.run(10))).toBe("#6 at +1");
    expect(host.log).toEqual([`undefined opcode ${heard}`]);
    expect(cpu.instructions).toBe(2); // NOP, and the handler's HLT
  });
});

describe("page faults (SDM 3A 4.7): P W U RSVD I", () => {
  const PD = PAGE_TABLES + 0x2000;
  // mov rax,[0x600000] / mov [0x600000],rax / jmp to 0x600000
  const read = "48 8b 04 25 00 00 60 00";
  const write = "48 89 04 25 00 00 60 00";
  const jump = "b8 00 00 60 00 ff e0";
  const P = 1n, W = 2n, U = 4n, PS = 0x80n, NX = 1n << 63n; // biome-ignore format: a list
  it.each([
    ["read, not present", read, false, 0n, 0],
    ["write, not present", write, false, 0n, 2],
    ["user read of a supervisor page", read, true, P | W | PS, 5],
    ["user write of a read-only page", write, true, P | U | PS, 7],
    ["supervisor write of a read-only page with CR0.WP", write, false, P | U | PS, 3],
    ["fetch from a page with NX", jump, false, P | W | PS | NX, 0x11],
    ["reserved bits of a large page", read, false, P | W | PS | 0x2000n, 9],
  ])("%s", (_name, code, isUser, entry, error) => {
    const { cpu } = longMode(code, isUser);
    cpu.setRegister("cr0", cpu.getRegister("cr0") | 0x10000n);
    write64(cpu, PD + 3 * 8, entry === 0n ? 0n : entry | 0x600000n);
    expect(exitText(cpu, cpu.run(100))).toContain(`#14 error ${error.toString(16)} cr2 600000`);
  });

  it("sets accessed at a read, dirty at a write, and neither when the debugger looks", () => {
    const { cpu } = longMode(`${read} ${write} f4`);
    write64(cpu, PD + 3 * 8, 0x600087n);
    expect(cpu.translate(0x600123n)).toBe(0x600123);
    expect(read64(cpu, PD + 24)).toBe(0x600087n);
    cpu.run(1);
    expect(read64(cpu, PD + 24)).toBe(0x6000a7n);
    cpu.run(2);
    expect(read64(cpu, PD + 24)).toBe(0x6000e7n);
  });

  it("keeps a translation until invlpg", () => {
    // mov rax,[0x600000]; out 0x80,al; mov rbx,[0x600000]; invlpg [0x600000]; mov rcx,[0x600000]; hlt
    const { cpu, host } = longMode(
      `${read} e6 80 48 8b 1c 25 00 00 60 00 0f 01 3c 25 00 00 60 00 48 8b 0c 25 00 00 60 00 f4`,
    );
    write64(cpu, 0x600000, 6n);
    write64(cpu, 0x800000, 8n);
    host.onPortOut = () => write64(cpu, PD + 3 * 8, 0x800087n);
    cpu.run(100);
    expect([cpu.getRegister("rax"), cpu.getRegister("rbx"), cpu.getRegister("rcx")]).toEqual([6n, 6n, 8n]);
  });

  it("an access over a page boundary faults with nothing written", () => {
    const { cpu } = longMode("48 c7 04 25 fc ff 5f 00 ff ff ff ff"); // mov qword [0x5ffffc],-1
    write64(cpu, PD + 3 * 8, 0n);
    expect(exitText(cpu, cpu.run(10))).toBe("#14 error 2 cr2 600000 at +0");
    expect(read64(cpu, 0x5ffff8)).toBe(0n);
  });

  it("rep movsq stops at the faulting element and goes on after the page is there", () => {
    const { cpu } = longMode("f3 48 a5 f4"); // rep movsq; hlt
    write64(cpu, PD + 3 * 8, 0n);
    cpu.setRegister("rsi", 0x200000n);
    cpu.setRegister("rdi", 0x5ffff0n);
    cpu.setRegister("rcx", 4n);
    expect(exitText(cpu, cpu.run(10))).toBe("#14 error 2 cr2 600000 at +0");
    expect([cpu.getRegister("rcx"), cpu.getRegister("rdi")]).toEqual([2n, 0x600000n]);
  });
});

describe("interrupts", () => {
  const INC = "ff c0 "; // inc eax

  it("waits for IF and for the instruction behind sti", () => {
    const { cpu, host } = longMode(`${INC}fb ${INC}${INC}${INC}`); // inc; sti; inc; inc; inc
    host.vectors = [0x40];
    cpu.setInterruptLine(true);
    expect(exitText(cpu, cpu.run(100))).toBe("#64 at +5");
    expect(cpu.getRegister("rax")).toBe(2n);
  });

  it("comes at the same instruction however the run is sliced", () => {
    const results = [1, 3, 1000].map((slice) => {
      const { cpu, host } = longMode(`fb ${INC.repeat(40)}`);
      host.vectors = [0x41];
      for (let n = slice; cpu.instructions < 20; n += slice) cpu.run(Math.min(n, 20));
      cpu.setInterruptLine(true);
      const exit = cpu.run(100);
      return `${exitText(cpu, exit)} ${cpu.instructions} ${cpu.stateHash()}`;
    });
    expect(new Set(results).size).toBe(1);
    expect(results[0]).toMatch(/^#65 at \+27 21 /);
  });

  it("asserted by a device in the middle of a block is taken right behind that instruction", () => {
    // sti; nop; mov dword [0xfee00000],0; inc eax
    const { cpu, host } = longMode(`fb 90 48 b9 00 00 e0 fe 00 00 00 00 c7 01 00 00 00 00 ${INC}${INC}`);
    host.mmioWrite = () => {
      host.vectors = [0x42];
      cpu.setInterruptLine(true);
    };
    expect(exitText(cpu, cpu.run(100))).toBe("#66 at +12");
  });

  it("hlt waits; the interrupt returns behind it", () => {
    const { cpu, host } = longMode("fb f4 90");
    expect(cpu.run(100)).toEqual({ kind: "halt", interruptible: true });
    expect(cpu.run(100).kind).toBe("halt");
    expect(cpu.instructions).toBe(2);
    host.vectors = [0x43];
    cpu.setInterruptLine(true);
    expect(exitText(cpu, cpu.run(100))).toBe("#67 at +2");
  });

  it("NMI is delivered with IF = 0 and blocked until iret", () => {
    const { cpu } = longMode(INC.repeat(4));
    cpu.raiseNmi();
    expect(exitText(cpu, cpu.run(10))).toBe("#2 at +0");
    cpu.raiseNmi();
    expect(cpu.run(100).kind).toBe("halt");
    expect(Number(cpu.getRegister("rip"))).toBe(HANDLERS + 33);
  });

  it("TF traps after each instruction, with DR6.BS", () => {
    // pushfq; or dword [rsp],0x100; popfq; nop; nop
    expect(runText("9c 81 0c 24 00 01 00 00 9d 90 90").split("\n")[1]).toBe("#1 at +a");
  });
});

describe("privilege and modes", () => {
  it("iretq to user mode, syscall back", () => {
    // wrmsr LSTAR = CODE+0x40, STAR = 0x1b0008:0, SFMASK = 0x200; iretq to CODE+0x60: mov eax,7; syscall
    const setup = longMode(
      "b9 82 00 00 c0 b8 40 00 10 00 31 d2 0f 30 b9 81 00 00 c0 31 c0 ba 08 00 1b 00 0f 30 b9 84 00 00 c0 b8 00 02 00 00 31 d2 0f 30 6a 23 68 00 00 30 00 68 02 02 00 00 6a 2b 68 60 00 10 00 48 cf",
    );
    setup.cpu.writeRam(CODE + 0x60, bytes("b8 07 00 00 00 0f 05"));
    setup.cpu.writeRam(CODE + 0x40, bytes("f4"));
    const before = registers(setup.cpu);
    expect(outcome(setup, setup.cpu.run(1000), before)).toMatchInlineSnapshot(`
      "rax=7 rcx=100067 r11=202 ds=0 es=0 fs=0 gs=0 flags=-
      halt"
    `);
  });

  it("the way of a PVH kernel from 32-bit protected mode to 64-bit code", () => {
    // cr4 |= PAE; cr3 = 0x1000; EFER |= LME|SCE; cr0 |= PG; ljmp 8:CODE+0x40 -> mov rax,-1 (64-bit)
    const setup = protectedMode(
      "0f 20 e0 83 c8 20 0f 22 e0 b8 00 10 00 00 0f 22 d8 b9 80 00 00 c0 0f 32 0d 01 01 00 00 0f 30 0f 20 c0 0d 00 00 00 80 0f 22 c0 ea 40 00 10 00 08 00",
    );
    setup.cpu.writeRam(CODE + 0x40, bytes("48 c7 c0 ff ff ff ff f4"));
    expect(setup.cpu.run(1000).kind).toBe("halt");
    expect(setup.cpu.getRegister("rax")).toBe(0xffffffffffffffffn);
    expect(setup.cpu.getRegister("efer")).toBe(0x501n);
  });

  it("32-bit code: stack of 4 bytes, 16-bit addresses, absolute offsets", () => {
    // mov eax,[0x200000]; push 5; pop ecx; call 1f; 1: pop edx; mov bx,0x10; mov esi,0xffff0; mov ax,[bx+si+4]
    expect(
      runText(
        "a1 00 00 20 00 6a 05 59 e8 00 00 00 00 5a 66 bb 10 00 be f0 ff 0f 00 67 66 8b 40 04",
        protectedMode,
      ),
    ).toMatchInlineSnapshot(`
      "rbx=10 rcx=5 rdx=10000d rsi=ffff0 flags=-
      halt"
    `);
  });

  it("a segment limit holds in protected mode", () => {
    const { cpu } = protectedMode("b8 38 00 00 00 8e d8 a1 00 10 00 00"); // mov ds,0x38; mov eax,[0x1000]
    write64(cpu, GDT + 0x38, 0x00409300_00000fffn);
    const exit = cpu.run(10);
    expect(exit.kind).toBe("shutdown"); // #GP with no IDT
    expect("message" in exit && exit.message).toContain("the first fault was at RIP 0x100007");
  });
});
