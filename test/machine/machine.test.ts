// The whole machine: small hand-assembled PVH guests (32-bit protected mode), then the bundled guest; determinism above all.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { bundledGuestPath, loadCpuModule } from "../../emulator/assets.ts";
import type { Machine, MachineOptions, MachineStop } from "../../emulator/machine/api.ts";
import { createMachine } from "../../emulator/machine/machine.ts";
import { pvhElf } from "../boot/pvh-elf.ts";
import { random } from "../devices/virtual-time.ts";

const LIMIT = 1_000_000;

/** A machine with `code` at 0x100000. */
function guest(code: number[], options: Partial<MachineOptions> = {}): Machine {
  return createMachine(loadCpuModule(), { memory: 4 << 20, ...options, kernel: pvhElf({ code }) });
}

function text(machine: Machine): string {
  return new TextDecoder("latin1").decode(machine.takeConsoleOutput());
}

/** mov dx, port; mov al, value; out dx, al */
function out(port: number, value: number): number[] {
  return [0x66, 0xba, port & 255, port >> 8, 0xb0, value, 0xee];
}

const CLI_HLT = [0xfa, 0xf4];

describe("hand-assembled guests", () => {
  test("console output, then HLT with interrupts off", () => {
    const machine = guest([...out(0x3f8, 0x68), ...out(0x3f8, 0x69), ...CLI_HLT]);
    expect(machine.run(LIMIT)).toEqual({
      kind: "halted",
      message: "The guest waits in HLT, and interrupts are disabled (RFLAGS.IF = 0).",
    });
    expect([text(machine), machine.instructions, machine.timeNs, machine.tsc]).toEqual(["hi", 8, 800, 800n]);
    expect(machine.run(LIMIT).kind).toBe("halted");
    expect(machine.instructions).toBe(8);
  });

  test("STI; HLT without any timer can never go on", () => {
    const machine = guest([0xfb, 0xf4]);
    expect(machine.run(LIMIT)).toMatchObject({
      kind: "halted",
      message: expect.stringContaining("no timer is set"),
    });
  });

  test("STI; HLT with the i8254 ticking on a masked pin says who ticks", () => {
    const machine = guest([...out(0x43, 0x14), ...out(0x40, 100), 0xfb, 0xf4]);
    expect(machine.run(LIMIT)).toMatchObject({
      kind: "halted",
      message: expect.stringMatching(/brought no interrupt: i8254 ticks, but its interrupt is masked/),
    });
  });

  test("console input reaches the guest: LSR is polled, the byte is echoed", () => {
    const echo = [
      ...[0x66, 0xba, 0xfd, 0x03, 0xec, 0xa8, 0x01, 0x74, 0xf7], // again: mov dx, 0x3fd; in al, dx; test al, 1; jz again
      ...[0x66, 0xba, 0xf8, 0x03, 0xec, 0xee, 0xeb, 0xef], // mov dx, 0x3f8; in al, dx; out dx, al; jmp again
    ];
    const machine = guest(echo);
    expect([machine.run(1000).kind, text(machine)]).toEqual(["limit", ""]);
    machine.sendConsoleInput(new TextEncoder().encode("ok"));
    machine.run(1000);
    expect([text(machine), machine.instructions]).toEqual(["ok", 2000]);
  });

  test("unknown ports and MSRs are noticed once, with the instruction; an unknown MSR without an IDT is a triple fault", () => {
    const machine = guest([
      ...[0x66, 0xba, 0xf0, 0x01, 0xec, 0xec], // in al, 0x1f0, twice
      ...[0xb9, 0x34, 0x12, 0x00, 0x00, 0x0f, 0x32], // mov ecx, 0x1234; rdmsr
    ]);
    expect(machine.run(LIMIT).kind).toBe("shutdown");
    expect(machine.takeNotices()).toEqual([
      "read of port 0x1f0, where no device is: all ones (first at instruction 1, rip 0x100004)",
      "read of MSR 0x1234, which does not exist: #GP (first at instruction 4, rip 0x10000b)",
    ]);
    expect(machine.takeNotices()).toEqual([]);
  });

  test("an undefined opcode raises #UD and is a notice: a guest without handlers shuts down, and the user sees why", () => {
    const machine = guest([0x0f, 0x38, 0xc8, 0xc1]); // sha1nexte xmm0,xmm1
    expect(machine.run(LIMIT).kind).toBe("shutdown");
    expect(machine.takeNotices()).toEqual([
      "opcode 0f 38 c8, which this processor does not have: #UD (first at instruction 0, rip 0x100000)",
    ]);
  });

  test("a reset by port stops the machine and says which", () => {
    const machine = guest([...out(0x64, 0xfe), 0xeb, 0xfe]);
    expect(machine.run(LIMIT)).toEqual({
      kind: "shutdown",
      message: "The guest reset the machine: 0xfe written to port 0x64.",
    });
    expect(machine.instructions).toBe(3);
  });

  test("breakpoints stop before the instruction, once per arrival, and cost no instruction", () => {
    const machine = guest([0x40, 0x40, 0xeb, 0xfc]); // loop: inc eax; inc eax; jmp loop
    machine.setBreakpoints([0x100001n]);
    const stops = [1, 2, 3].map(() => [
      machine.run(LIMIT),
      machine.instructions,
      machine.readRegister("rax"),
    ]);
    const stop: MachineStop = { kind: "breakpoint", address: 0x100001n };
    expect(stops).toEqual([
      [stop, 1, 1n],
      [stop, 4, 3n],
      [stop, 7, 5n],
    ]);
  });

  test("memory: reads without side effects, devices through peek, unmapped is undefined, writes to RAM only", () => {
    const machine = guest([0x90, ...CLI_HLT]);
    expect([...machine.readMemory(0x100000n, 3)!]).toEqual([0x90, 0xfa, 0xf4]);
    expect([...machine.readMemory(0xfee00030n, 4)!]).toEqual([0x14, 0x00, 0x05, 0x00]);
    expect(machine.readMemory(0xfd000000n, 1)).toBeUndefined();
    expect(machine.readMemory((4n << 20n) - 1n, 2)).toBeUndefined();
    expect([
      machine.writeMemory(0x100001n, Uint8Array.of(0xf8)),
      machine.writeMemory(0xfee00080n, Uint8Array.of(1)),
    ]).toEqual([true, false]);
    expect(machine.readMemory(0x100001n, 1)).toEqual(Uint8Array.of(0xf8));
    expect(() => machine.readRegister("xyz")).toThrow("There is no register called xyz.");
  });

  test("the clock devices of a fresh board", () => {
    expect(
      guest(CLI_HLT)
        .clockDevices()
        .map((d) => `${d.label}: ${d.summary}`),
    ).toEqual([
      "TSC: 1000.000 MHz, 0 ticks, invariance not promised by CPUID",
      "Local APIC: one-shot, masked, stopped",
      "i8254: counter 0 not programmed",
    ]);
  });
});

describe("bundled guest", () => {
  let kernel: Uint8Array;
  const make = (options: Partial<MachineOptions> = {}) =>
    createMachine(loadCpuModule(), { kernel, cmdline: "-v", memory: 64 << 20, ...options });
  beforeAll(() => {
    kernel = readFileSync(bundledGuestPath());
  });

  /** Runs `instructions` in pieces of at most `piece()`. */
  function inPieces(machine: Machine, instructions: number, piece: () => number): void {
    const end = machine.instructions + instructions;
    while (machine.instructions < end) {
      const stop = machine.run(Math.min(piece(), end - machine.instructions));
      expect(stop).toEqual({ kind: "limit" });
    }
  }

  const TOTAL = 8_000_000;

  test("boots, calibrates, and idles on LAPIC timer interrupts", () => {
    const machine = make();
    machine.run(TOTAL);
    const console = text(machine);
    expect(console).toContain("timecounter");
    expect(machine.timeNs).toBeGreaterThan(TOTAL * 100);
    expect(machine.clockDevices()[1]?.summary).toMatch(
      /^periodic, vector 0xc0, every 10\.0\d\d ms, next in /,
    );
    // The guest masks the i8259 whether there is one or not.
    expect(machine.takeNotices().map((notice) => notice.slice(0, 21))).toEqual([
      "write to port 0x21, w",
      "write to port 0xa1, w",
    ]);
  });

  test("the same run twice has the same hashes; another input has another", () => {
    const [a, b, c] = [make(), make(), make({ cmdline: "-x" })];
    for (let i = 0; i < 4; i++) {
      for (const machine of [a, b, c]) machine.run(500_000);
      expect(a.stateHash()).toBe(b.stateHash());
      expect(a.stateHash()).not.toBe(c.stateHash());
    }
  });

  test.each([1, 2, 3])("a run cut into pieces is the same run (seed %i)", (seed) => {
    const next = random(seed);
    const [whole, cut] = [make(), make()];
    for (let i = 0; i < 4; i++) {
      inPieces(whole, TOTAL / 4, () => TOTAL);
      inPieces(cut, TOTAL / 4, () => 1 + Math.floor(next() ** 3 * 400_000));
      expect(cut.stateHash(), `seed ${seed}, quarter ${i}`).toBe(whole.stateHash());
    }
    expect(text(cut)).toBe(text(whole));
  });

  test("single steps across timer interrupts are the same run", () => {
    const [whole, stepped] = [make(), make()];
    for (const machine of [whole, stepped]) machine.run(6_000_000);
    whole.run(30_000);
    inPieces(stepped, 30_000, () => 1);
    expect(stepped.stateHash()).toBe(whole.stateHash());
  });

  test("save in mid-run, go on, load, go on: the straight run; and in another machine", () => {
    const machine = make();
    machine.run(3_210_987);
    const saved = machine.save();
    machine.run(2_000_000);
    const straight = machine.stateHash();
    machine.load(saved);
    machine.run(2_000_000);
    expect(machine.stateHash()).toBe(straight);
    const other = make();
    other.load(saved);
    other.run(2_000_000);
    expect(other.stateHash()).toBe(straight);
  });

  test("an idle guest can be paced: HLT waits at the bound, and the run is the same", () => {
    const [free, paced] = [make(), make()];
    free.run(TOTAL);
    let idle = 0;
    for (let bound = 0; paced.instructions < TOTAL; ) {
      const stop = paced.run(TOTAL - paced.instructions, bound);
      if (stop.kind !== "idle") continue;
      expect(stop.nextNs).toBeGreaterThan(bound);
      bound = Math.max(stop.nextNs, bound + 7_000_000);
      idle++;
    }
    expect(idle).toBeGreaterThan(10);
    expect(paced.stateHash()).toBe(free.stateHash());
  });

  test("breakpoints stop the run and do not change it", () => {
    const [plain, broken] = [make(), make()];
    const places = new Set<bigint>();
    for (let i = 0; i < 40; i++) {
      plain.run(TOTAL / 40);
      places.add(plain.readRegister("rip"));
    }
    broken.setBreakpoints(places);
    let stops = 0;
    while (broken.instructions < TOTAL && stops < 20_000) {
      const stop = broken.run(TOTAL - broken.instructions);
      if (stop.kind !== "breakpoint") continue;
      expect(broken.readRegister("rip")).toBe(stop.address);
      stops++;
    }
    broken.setBreakpoints([]);
    broken.run(TOTAL - broken.instructions);
    expect(stops).toBeGreaterThan(10);
    expect(broken.stateHash()).toBe(plain.stateHash());
  });

  test("looking changes nothing: clock devices, memory, registers, hashes", () => {
    const [looked, left] = [make(), make()];
    for (let i = 0; i < 50; i++) {
      looked.run(20_000);
      left.run(20_000);
      looked.clockDevices();
      looked.readMemory(looked.readRegister("rsp"), 256);
      looked.readMemory(0xfee00000n, 0x400);
      looked.stateHash();
      looked.translate(looked.readRegister("rip"));
    }
    expect(looked.stateHash()).toBe(left.stateHash());
  });

  test("hashing a stopped 256 MB machine takes well under 100 ms", () => {
    const machine = make({ memory: 256 << 20 });
    machine.run(1_000_000);
    machine.stateHash();
    machine.run(100_000);
    const start = performance.now();
    machine.stateHash();
    expect(performance.now() - start).toBeLessThan(100);
  });
});
