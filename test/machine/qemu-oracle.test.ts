// Our devices against QEMU's, by the same guest on both: what each access reads. QEMU counts instructions (-icount), so that
// its time runs like ours. Where the data sheet and QEMU differ, the data sheet wins, and the access is not in these programs.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { loadCpuModule } from "../../emulator/assets.ts";
import { createMachine } from "../../emulator/machine/machine.ts";
import { DeviceProgram } from "./device-program.ts";

const QEMU = "qemu-system-x86_64";
const hasQemu = spawnSync(QEMU, ["--version"]).status === 0;
/** 2^7 ns an instruction. */
const ICOUNT_SHIFT = 7;
const RTC_BASE = "2025-01-11T12:34:56";

function onQemu(program: DeviceProgram, pic: boolean): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), "clockpath-"));
  try {
    const kernel = path.join(folder, "kernel.elf");
    writeFileSync(kernel, program.elf());
    const machine = `microvm,x-option-roms=off,rtc=on,acpi=off,pic=${pic ? "on" : "off"}`;
    const args = [
      "-M",
      machine,
      "-m",
      "64",
      "-nodefaults",
      "-no-user-config",
      "-display",
      "none",
      "-no-reboot",
    ];
    args.push("-serial", "stdio", "-monitor", "none", "-icount", `shift=${ICOUNT_SHIFT},sleep=off`);
    args.push("-rtc", `base=${RTC_BASE},clock=vm`, "-kernel", kernel);
    const run = spawnSync(QEMU, args, { timeout: 30_000 });
    return program.results(run.stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function onOurs(program: DeviceProgram, pic: boolean): string[] {
  const machine = createMachine(loadCpuModule(), {
    kernel: program.elf(),
    memory: 64 << 20,
    psPerInstruction: 1000 << ICOUNT_SHIFT,
    board: { pic, rtcStart: Date.parse(`${RTC_BASE}Z`) / 1000 },
  });
  expect(machine.run(10_000_000)).toMatchObject({ kind: "shutdown" });
  return program.results(machine.takeConsoleOutput());
}

/** Programs whose results must be equal to the bit. */
const EXACT: [name: string, program: string, pic?: boolean][] = [
  [
    "UART: identification, scratch, divisor, loopback, interrupts",
    `in 3fa
     out 3fc 0
     out 3fb 3
     in 3fb
     in 3fd
     out 3fa c7
     in 3fa
     out 3fb bf
     in 3fa
     out 3fb 83
     out 3f8 1
     out 3f9 0
     in 3f8
     in 3f9
     out 3fb 3
     out 3ff a5
     in 3ff
     out 3f9 2
     in 3fa
     in 3fa
     out 3f9 0`,
  ],
  [
    "I/O APIC: identification, version, entries",
    `write fec00000 1
     read fec00010
     write fec00000 10
     read fec00010
     write fec00010 100ff
     read fec00010
     write fec00000 11
     write fec00010 ff000000
     read fec00010
     write fec00000 3f
     read fec00010`,
  ],
  [
    "local APIC: version, priorities, LVT, ICR to itself",
    `read fee00020
     read fee00030
     write fee000f0 1ff
     read fee000f0
     write fee00320 200c0
     read fee00320
     write fee003e0 b
     read fee003e0
     write fee00080 50
     read fee00080
     read fee000a0
     write fee00300 40045  # self
     write fee00300 400c1
     read fee00220
     read fee00260
     read fee00380
     read fee00390
     write fee000d0 1000000
     read fee000d0
     read fee000e0`,
  ],
  [
    "RTC: date in BCD, registers B and D",
    `out 70 0b
     in 71
     out 70 0d
     in 71
     out 70 09
     in 71
     out 70 08
     in 71
     out 70 07
     in 71
     out 70 06
     in 71
     out 70 04
     in 71
     out 70 02
     in 71
     out 70 32
     in 71
     out 70 0b
     out 71 06
     out 70 04
     in 71
     out 70 40
     out 71 5a
     in 71`,
  ],
  [
    "i8259: initialization, mask, IRR by the timer",
    `out 20 11
     out 21 20
     out 21 4
     out 21 1
     out a0 11
     out a1 28
     out a1 2
     out a1 1
     out 21 fb
     in 21
     in a1
     in 20
     out 43 30
     out 40 10
     out 40 0
     delay 1000
     in 20
     out 20 0b
     in 20
     in 4d0
     in 4d1`,
    true,
  ],
];

/** Programs that read counts: QEMU loads a count at once and rounds otherwise, so a tick or two of difference is right. */
const COUNTS: [name: string, program: string, tolerance: number][] = [
  [
    "i8254 counter 0 in mode 2 after a delay",
    `out 43 34
     out 40 9c
     out 40 2e
     delay 20000
     out 43 0
     in 40
     in 40
     delay 100000
     out 43 0
     in 40
     in 40`,
    2,
  ],
  [
    "local APIC timer, one-shot from 0x80000000, divide by 1",
    `write fee000f0 1ff
     write fee00320 10000
     write fee003e0 b
     write fee00380 80000000
     delay 20000
     read fee00390
     delay 20000
     read fee00390`,
    4 << ICOUNT_SHIFT,
  ],
];

describe.skipIf(!hasQemu)(`devices as QEMU's${hasQemu ? "" : ` (skipped: no ${QEMU} in PATH)`}`, () => {
  test.each(EXACT)("%s", (_name, text, pic = false) => {
    const program = new DeviceProgram(text);
    expect(onOurs(program, pic)).toEqual(onQemu(program, pic));
  });

  test.each(COUNTS)("%s", (_name, text, tolerance) => {
    const program = new DeviceProgram(text);
    const values = (lines: string[]) => joinWords(lines.map((line) => line.split(" = ") as [string, string]));
    const [ours, theirs] = [values(onOurs(program, false)), values(onQemu(program, false))];
    expect(ours.length).toBe(theirs.length);
    ours.forEach((value, i) => {
      expect(Math.abs(value - theirs[i]!), `ours ${ours}, QEMU's ${theirs}`).toBeLessThanOrEqual(tolerance);
    });
  });
});

/** Two reads of the i8254 are one count. */
function joinWords(reads: [what: string, hex: string][]): number[] {
  const values: number[] = [];
  for (let i = 0; i < reads.length; i++) {
    const [what, hex] = reads[i]!;
    const value = Number.parseInt(hex, 16);
    if (what === "in 40") values.push(value | (Number.parseInt(reads[++i]![1], 16) << 8));
    else values.push(value);
  }
  return values;
}
