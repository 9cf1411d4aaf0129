// Guests that would hold the thread or read outside guest memory, one defect each.

import { expect, test } from "vitest";
import { loadCpuModule } from "../../../emulator/assets.ts";
import { createMachine } from "../../../emulator/machine/machine.ts";
import { Random } from "../../cpu/oracle/random.ts";
import { dword, hostileImage, type Mode } from "./image.ts";

const machineOf = (mode: Mode, code: number[]) =>
  createMachine(loadCpuModule(), {
    kernel: hostileImage(mode, Uint8Array.from(code), new Random(1), 0),
    memory: 16 << 20,
  });

test("REP that goes on for ever: run() comes back early, and goes on where it was", () => {
  // mov rcx, -1; xor esi, esi; rep lodsb; jmp back
  const machine = machineOf("long", [0x48, 0x83, 0xc9, 0xff, 0x31, 0xf6, 0xf3, 0xac, 0xeb, 0xf6]);
  expect(machine.run(1_000_000)).toEqual({ kind: "limit" });
  expect(machine.instructions).toBeLessThan(1_000);
  const before = machine.instructions;
  expect(machine.run(1_000_000)).toEqual({ kind: "limit" });
  expect(machine.instructions).toBeGreaterThan(before);
});

test("work of ordinary strings ends no run early", () => {
  // mov ecx, 64; mov edi, 0x400000; rep stosb; jmp back
  const machine = machineOf("long", [0xb9, ...dword(64), 0xbf, ...dword(0x400000), 0xf3, 0xaa, 0xeb, 0xf2]);
  machine.run(500_000);
  expect(machine.instructions).toBe(500_000);
});

test("a handler that faults at its first instruction, on a stack that never ends", () => {
  // The IDT is made here: vector 6 goes to UD2 with interrupt stack 1, so that every delivery starts at the same stack address.
  const at = 0x110000;
  const gate = [0xb8, ...dword(0x00180000 | ((at + 38) & 0xffff)), 0xa3]; // mov eax, low half; mov [moffs], eax
  const idt6 = 0x101000 + 6 * 16;
  const code = [
    ...gate,
    ...[...dword(idt6), 0, 0, 0, 0],
    ...[0xb8, ...dword(((at + 38) & 0xffff0000) | 0x8e01), 0xa3, ...dword(idt6 + 4), 0, 0, 0, 0],
    ...Array(38 - 28).fill(0x90),
    ...[0x0f, 0x0b],
  ];
  const machine = machineOf("long", code);
  const stop = machine.run(1_000_000);
  expect(stop).toMatchObject({ kind: "shutdown", message: expect.stringContaining("no progress: 100000") });
});

test("page tables outside RAM: entries that read as ones are followed without reading outside guest memory", () => {
  // mov eax, 0xfd000000; mov cr3, eax: the next fetch walks a table where nothing is
  const machine = machineOf("long", [0xb8, ...dword(0xfd000000), 0x0f, 0x22, 0xd8, 0xeb, 0xfe]);
  expect(["shutdown", "unsupported"]).toContain(machine.run(1_000_000).kind);
});
