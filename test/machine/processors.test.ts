// Several processors: the kernel of smp/ starts them, interrupts them by every kind of destination and shares memory, code and
// time with them. What it prints must be what QEMU's processors make of it; and however a run is cut, it is the same run.

import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { loadCpuModule } from "../../emulator/assets.ts";
import type { Machine } from "../../emulator/machine/api.ts";
import { parseMachineSwitches } from "../../emulator/machine/board.ts";
import { createMachine } from "../../emulator/machine/machine.ts";
import { openSymbols } from "../../emulator/symbols/open.ts";
import { random } from "../devices/virtual-time.ts";

const file = path.join(__dirname, "smp/smp.elf");
const kernel = readFileSync(file);
const symbols = openSymbols(kernel);
const LIMIT = 2_000_000;
const QEMU = "qemu-system-x86_64";
const hasQemu = spawnSync(QEMU, ["--version"]).status === 0;

function boot(switches: string): Machine {
  return createMachine(loadCpuModule(), { kernel, memory: 16 << 20, ...parseMachineSwitches(switches) });
}

const printed = (machine: Machine) => new TextDecoder("latin1").decode(machine.takeConsoleOutput());

/** Runs to the end; what was printed. */
function run(machine: Machine): string {
  expect(machine.run(LIMIT).kind).toBe("halted");
  return printed(machine);
}

/** What the kernel prints on QEMU. */
function onQemu(cpus: number): Promise<string> {
  const args =
    "-M microvm,x-option-roms=off,acpi=off -icount shift=7,sleep=off -m 16 -nodefaults -no-user-config -display none";
  const qemu = spawn(QEMU, [...args.split(" "), "-smp", `${cpus}`, "-serial", "stdio", "-kernel", file], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let printed = "";
  qemu.stdout.on("data", (data: Buffer) => {
    printed += data.toString("latin1");
    if (printed.includes("done\r\n") || printed.includes("done\n")) qemu.kill();
  });
  return new Promise((resolve) => qemu.on("close", () => resolve(printed)));
}

const addressOf = (name: string) => symbols.functionSites(name)[0]!.address;

describe("a kernel starts and interrupts them", () => {
  test("what it prints", () => {
    expect(run(boot("cpus=4"))).toMatchInlineSnapshot(`
      "cpu1 is up
      cpu2 is up
      cpu3 is up
      4 processors
      physical: 0 0 0 1
      logical: 1 0 0 1
      broadcast: 1 1 1 1
      lowest priority: 1 0 0 0
      self: 1 0 0 0
      all: 1 1 1 1
      others: 0 1 1 1
      nmi: 0 0 0 1
      count: 2000
      code written by cpu0 is seen
      tsc: 16 16 16 16 million
      after INIT: 0 0 0 0
      done
      "
    `);
  });

  test.skipIf(!hasQemu).each([2, 4, 8])(
    `%i processors, and QEMU's${hasQemu ? "" : " (skipped: no QEMU on this machine)"}`,
    async (cpus) => {
      const withoutTime = (text: string) => text.replaceAll("\r", "").replace(/^tsc:.*\n/m, "");
      expect(withoutTime(run(boot(`cpus=${cpus}`)))).toBe(withoutTime(await onQemu(cpus)));
    },
    30_000,
  );

  test.each([1, 7, 100_000])("turns of %i instructions: other moments, the same outcome", (quantum) => {
    const lines = (text: string) => text.split("\n").filter((line) => !/^tsc|is up$/.test(line));
    expect(lines(run(boot(`cpus=3,quantum=${quantum}`)))).toEqual(lines(run(boot("cpus=3"))));
  });

  test("each counter has its offset, and all the same time", () => {
    const stamps = /^tsc: (\d+) (\d+) (\d+) million$/m.exec(
      run(boot("cpus=3,tsc-offset=1:5000000000,tsc-offset=2:-3000000")),
    );
    const [boots, second, third] = stamps!.slice(1).map(Number);
    expect([second! - boots!, third! - boots!]).toEqual([5000, -3]);
  });

  test("INIT to the boot processor, which has no firmware to go back to, ends the run", () => {
    const machine = boot("cpus=1");
    expect(machine.run(LIMIT)).toEqual({
      kind: "shutdown",
      message: "The guest reset the machine: INIT to the boot processor.",
    });
  });
});

describe("a run is the same however it is cut", () => {
  /** Hashes at these instruction counts. */
  function hashes(machine: Machine, counts: readonly number[], slice: () => number): string[] {
    return counts.map((count) => {
      while (machine.instructions < count) machine.run(Math.min(slice(), count - machine.instructions));
      return machine.stateHash();
    });
  }
  const COUNTS = Array.from({ length: 16 }, (_, i) => (i + 1) * 10_001);
  const whole = () => hashes(boot("cpus=4"), COUNTS, () => LIMIT);

  test.each([1, 2, 3])("slices of random lengths, seed %i", (seed) => {
    const next = random(seed);
    expect(hashes(boot("cpus=4"), COUNTS, () => 1 + Math.floor(next() ** 4 * 3000))).toEqual(whole());
  });

  test("steps of one processor while the others have their turns", () => {
    const machine = boot("cpus=4");
    machine.run(8300);
    for (let i = 0; i < 2000; i++) expect(machine.step(i % 4, LIMIT).kind).toMatch(/stepped|halted/);
    const steps = machine.instructions;
    const straight = boot("cpus=4");
    straight.run(steps);
    expect(machine.stateHash()).toBe(straight.stateHash());
  });

  test("breakpoints, watchpoints and looking at other processors change nothing", () => {
    const machine = boot("cpus=4");
    machine.setBreakpoints([addressOf("ap_main"), addressOf("do_work"), addressOf("interrupt")]);
    const shared = symbols.symbolNamed("shared")!.address;
    machine.setWatchpoints([
      { id: 1, access: "change", place: { kind: "linear", address: shared, length: 4 } },
    ]);
    let stops = 0;
    const seen = COUNTS.map((count) => {
      while (machine.instructions < count) {
        if (machine.run(count - machine.instructions).kind === "limit") continue;
        if (stops++ % 20 !== 0) continue;
        for (let n = 0; n < 4; n++) {
          machine.select(n);
          machine.readRegister("rip");
          machine.clockDevices();
          machine.readMemory(addressOf("main"), 16);
        }
      }
      return machine.stateHash();
    });
    expect(stops).toBeGreaterThan(1000);
    expect(seen).toEqual(whole());
  });

  test("save in mid-run, go on, load, go on; and in another machine", () => {
    const machine = boot("cpus=4");
    machine.run(11_111);
    for (const at of [11_111, 40_000, 77_777]) {
      machine.run(at - machine.instructions);
      const snapshot = machine.save();
      const hash = machine.stateHash();
      machine.run(LIMIT);
      const end = machine.stateHash();
      for (const other of [machine, boot("cpus=4")]) {
        other.load(snapshot);
        expect(other.stateHash()).toBe(hash);
        other.run(LIMIT);
        expect(other.stateHash()).toBe(end);
      }
      machine.load(snapshot);
    }
  });
});

describe("a debugger's view", () => {
  test("breakpoints and watchpoints stop on the processor that reached them", () => {
    const machine = boot("cpus=4");
    machine.setBreakpoints([addressOf("ap_main")]);
    const stops = [1, 2, 3].map(() => [machine.run(LIMIT).kind, machine.selected]);
    expect(stops).toEqual([["breakpoint", 1], ["breakpoint", 2], ["breakpoint", 3]]); // biome-ignore format: a row
    const watched = boot("cpus=4");
    const address = symbols.symbolNamed("online")!.address;
    watched.setWatchpoints([{ id: 1, access: "change", place: { kind: "linear", address, length: 4 } }]);
    const changes = [1, 2, 3].map(() => [watched.run(LIMIT).kind, watched.selected]);
    expect(changes).toEqual([["watchpoint", 1], ["watchpoint", 2], ["watchpoint", 3]]); // biome-ignore format: a row
  });

  test("what each does, its registers, its local APIC and counter", () => {
    const machine = boot("cpus=3,tsc-offset=2:1000000");
    const activities = () => [0, 1, 2].map((n) => machine.activity(n));
    expect(activities()).toEqual(["running", "waiting for SIPI", "waiting for SIPI"]);
    machine.setBreakpoints([addressOf("ap_main")]);
    machine.run(LIMIT);
    expect(activities()).toEqual(["running", "running", "running"]);
    machine.setBreakpoints([addressOf("call_code")]);
    machine.run(LIMIT);
    machine.setBreakpoints([]);
    machine.run(LIMIT);
    expect(activities()).toEqual(["halted", "halted", "waiting for SIPI"]);
    const views = [0, 1, 2].map((n) => {
      machine.select(n);
      const [tsc, lapic] = machine.clockDevices();
      const id = lapic!.registers.find((register) => register.id === "id")!;
      return [tsc!.label, lapic!.label, id.meaning, machine.readRegister("rip") === addressOf("start")];
    });
    expect(views).toEqual([
      ["TSC of CPU 0", "Local APIC of CPU 0", "APIC ID 0", false],
      ["TSC of CPU 1", "Local APIC of CPU 1", "APIC ID 1", false],
      ["TSC of CPU 2", "Local APIC of CPU 2", "APIC ID 2", false],
    ]);
    machine.select(2);
    const third = machine.tsc;
    machine.select(0);
    expect(third - machine.tsc).toBe(1_000_000n);
    expect(() => machine.select(3)).toThrow("no processor 3");
  });
});

test.each([
  ["cpus=9", /cpus takes a whole number from 1 to 8/],
  ["quantum=0", /quantum takes a whole number from 1 to 1000000/],
  ["tsc-offset=1:x", /tsc-offset takes a processor and ticks/],
  ["cpus=2,tsc-offset=2:5", /TSC offset: there is no processor 2; the machine has 2/],
])("%s is refused", (switches, message) => {
  expect(() => boot(switches)).toThrow(message);
});
