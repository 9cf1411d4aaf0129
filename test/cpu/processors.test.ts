// Several processors in one core: what is each one's own, and what they share. SDM volume 3, "Multiple-Processor Management".

import { expect, test } from "vitest";
import { bytes, CODE, DATA, longMode, PAGE_TABLES, write64 } from "./fixture.ts";

const pair = (code: string) => longMode(code, false, undefined, 2).cpu;

/** Runs a processor for so many instructions. */
function turn(cpu: ReturnType<typeof pair>, processor: number, instructions: number) {
  cpu.select(processor);
  return cpu.run(cpu.instructions + instructions);
}

test("registers, flags and pins are each one's own; the count is everyone's", () => {
  const cpu = pair("48 ff c0 48 ff c0 f9 90 90"); // inc rax; inc rax; stc
  turn(cpu, 0, 3);
  turn(cpu, 1, 1);
  const seen = [0, 1].map((n) => {
    cpu.select(n);
    return [cpu.getRegister("rax"), cpu.getRegister("rip"), cpu.getRegister("eflags") & 1n];
  });
  expect(seen).toEqual([[2n, BigInt(CODE + 7), 1n], [1n, BigInt(CODE + 3), 0n]]); // biome-ignore format: a row
  expect(cpu.instructions).toBe(4);
  cpu.select(0);
  cpu.setInterruptLine(true, 1);
  expect([cpu.interruptible(0), cpu.interruptible(1)]).toEqual([false, false]);
});

test("code that one writes is seen by the other, however hot it has run", () => {
  const cpu = pair("b8 01 00 00 00 ff c1 eb f7"); // mov eax, 1; inc ecx; jmp back
  cpu.writeRam(CODE + 0x1000, bytes("c7 04 25 01 00 10 00 02 00 00 00 f4")); // mov dword [CODE + 1], 2
  turn(cpu, 1, 30_000);
  expect(cpu.getRegister("rax")).toBe(1n);
  cpu.select(0);
  cpu.setRegister("rip", BigInt(CODE + 0x1000));
  turn(cpu, 0, 1);
  turn(cpu, 1, 4);
  expect(cpu.getRegister("rax")).toBe(2n);
});

test("each has its TLB: a changed mapping is seen after its own INVLPG", () => {
  // mov eax, [DATA]; invlpg [DATA]; mov ebx, [DATA]
  const cpu = pair("8b 04 25 00 00 20 00 0f 01 3c 25 00 00 20 00 8b 1c 25 00 00 20 00");
  cpu.writeRam(DATA, bytes("11 00 00 00"));
  cpu.writeRam(DATA + 0x200000, bytes("22 00 00 00"));
  for (const n of [0, 1]) turn(cpu, n, 1);
  // The 2 MiB page of DATA becomes the one behind it: an entry in memory only.
  write64(cpu, PAGE_TABLES + 0x2000 + 8, BigInt(DATA + 0x200000) | 0x87n);
  const values = () => [cpu.getRegister("rax"), cpu.getRegister("rbx")];
  turn(cpu, 0, 2);
  expect(values()).toEqual([0x11n, 0x22n]);
  cpu.select(1);
  cpu.setRegister("rip", BigInt(CODE));
  turn(cpu, 1, 1);
  expect(values()).toEqual([0x11n, 0n]);
  turn(cpu, 1, 2);
  expect(values()).toEqual([0x11n, 0x22n]);
});

test("a write by either is in the hash, whoever was hashed last", () => {
  const cpu = pair("ff 04 25 00 00 20 00 eb f7"); // inc dword [DATA]; jmp back
  const hashes = new Set([cpu.stateHash()]);
  for (const n of [0, 1, 0, 1]) {
    turn(cpu, n, 1);
    const rip = cpu.getRegister("rip");
    hashes.add(cpu.stateHash());
    turn(cpu, n, 1);
    expect(cpu.getRegister("rip")).not.toBe(rip);
  }
  expect(hashes.size).toBe(5);
  expect(cpu.ram[DATA]).toBe(4);
});

test("a breakpoint in the debug registers of one does not stop the other, whoever decoded the code first", () => {
  for (const first of [0, 1]) {
    const cpu = pair("90 90 48 ff c0 90 90");
    cpu.writeRam(CODE + 0x1000, bytes("48 b8 02 00 10 00 00 00 00 00 0f 23 c0 b8 01 00 00 00 0f 23 f8 f4")); // mov dr0, CODE + 2; mov dr7, 1
    cpu.select(1);
    cpu.setRegister("rip", BigInt(CODE + 0x1000));
    turn(cpu, 1, 4);
    cpu.setRegister("rip", BigInt(CODE));
    cpu.setRegister("rax", 0n);
    for (const n of [first, 1 - first]) turn(cpu, n, 3);
    const seen = [0, 1].map((n) => {
      cpu.select(n);
      return [cpu.getRegister("rax"), cpu.getRegister("rip")];
    });
    expect(seen[0]).toEqual([1n, BigInt(CODE + 5)]);
    expect(seen[1]![0]).toBe(0n); // in the handler of #DB
  }
});

test("a debugger's breakpoint stops each of them once", () => {
  const cpu = pair("90 90 eb fc"); // nop; nop; jmp back
  cpu.setBreakpoints([BigInt(CODE + 1)]);
  const kinds = [0, 1, 0, 1].map((n) => {
    cpu.select(n);
    return cpu.run(cpu.instructions + 3).kind;
  });
  expect(kinds).toEqual(["breakpoint", "breakpoint", "limit", "limit"]);
});

test("PAUSE gives the turn away where there are others", () => {
  expect(turn(pair("f3 90 90"), 0, 5).kind).toBe("pause");
  const { cpu } = longMode("f3 90 90 f4");
  expect(cpu.run(2).kind).toBe("limit");
});

test("INIT keeps SSE and x87, resets the rest; SIPI starts in real mode at its page", () => {
  const cpu = pair("90");
  cpu.select(1);
  cpu.setXmm(
    3,
    Uint8Array.from({ length: 16 }, (_, i) => i + 1),
  );
  cpu.setRegister("rbx", 5n);
  cpu.init();
  cpu.startUp(0x12);
  expect([...cpu.xmm(3)].slice(0, 3)).toEqual([1, 2, 3]);
  const names = ["rbx", "rdx", "cr0", "cr3", "efer", "eflags", "rip", "cs"] as const;
  expect(names.map((name) => `${name} ${cpu.getRegister(name).toString(16)}`).join(", ")).toBe(
    "rbx 0, rdx 600, cr0 10, cr3 0, efer 0, eflags 2, rip 0, cs 1200",
  );
  expect(cpu.getSegment("cs").base).toBe(0x12000n);
});

test("snapshots hold them all", () => {
  const cpu = pair("48 ff c0 eb fb"); // inc rax; jmp back
  turn(cpu, 0, 4);
  turn(cpu, 1, 2);
  const snapshot = cpu.save();
  const hash = cpu.stateHash();
  turn(cpu, 0, 100);
  cpu.load(snapshot);
  expect([cpu.stateHash(), cpu.instructions]).toEqual([hash, 6]);
  cpu.select(0);
  expect(cpu.getRegister("rax")).toBe(2n);
  expect(() => longMode("90").cpu.load(snapshot)).toThrow("a snapshot of another machine");
});
