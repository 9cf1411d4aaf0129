// The core in lockstep with QEMU on a real kernel's boot: registers equal before every instruction. QEMU's side is a recording
// (state before each step, differences only); what only the board knows (CPUID, RDTSC, IN, device reads) is taken from it.
// Needs CLOCKPATH_LOCKSTEP, a folder with lockstep-first.txt.gz and lockstep-lowmem.bin.gz, and CLOCKPATH_NETBSD_KERNEL.

import { readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { loadSegments } from "../../emulator/boot/elf-load.ts";
import { type Cpu, createCpu } from "../../emulator/cpu/cpu.ts";
import type { CpuHost } from "../../emulator/cpu/host.ts";
import type { RegisterName } from "../../emulator/cpu/registers.ts";
import { parseElf } from "../../emulator/elf/elf.ts";
import { core } from "../cpu/fixture.ts";

const folder = process.env.CLOCKPATH_LOCKSTEP;
const kernel = process.env.CLOCKPATH_NETBSD_KERNEL;
const why =
  folder && kernel ? "" : " (skipped: CLOCKPATH_LOCKSTEP and CLOCKPATH_NETBSD_KERNEL are not both set)";
const MEMORY = 256 * 1024 * 1024;
const GENERAL = "RAX RBX RCX RDX RSI RDI RBP RSP R8 R9 R10 R11 R12 R13 R14 R15".split(" ");
const CONTROL = ["CR0", "CR2", "CR3", "CR4", "EFER"];
const SEGMENTS = ["ES", "CS", "SS", "DS", "FS", "GS"] as const;

interface Step {
  rip: bigint;
  changes: [name: string, value: string][];
  /** Consecutive steps at one RIP. */
  repeated: boolean;
}

function readSteps(text: string): Step[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [rip, ...words] = line.split(" ");
      const changes = words
        .filter((word) => word.includes("="))
        .map((word) => word.split("=") as [string, string]);
      return { rip: BigInt(`0x${rip}`), changes, repeated: words.some((word) => word.startsWith("*")) };
    });
}

/** A board that knows nothing: it notes that it was asked. */
class AskedHost implements CpuHost {
  asked = false;
  #note<T>(value: T): T {
    this.asked = true;
    return value;
  }
  mmioRead = () => this.#note(0);
  mmioWrite(): void {}
  portIn = () => this.#note(0);
  portOut(): void {}
  cpuid = () => this.#note([0, 0, 0, 0] as const);
  readMsr = () => this.#note(0n);
  writeMsr = () => true;
  timestamp = () => this.#note(0n);
  acknowledgeInterrupt = () => -1;
  undefinedOpcode = () => undefined;
  readCr8 = () => 0;
  writeCr8(): void {}
}

const big = (hex: string): bigint => BigInt(`0x${hex}`);

/** The first line has every register. */
function start(cpu: Cpu, first: Step): void {
  for (const [name, value] of first.changes) {
    if (GENERAL.includes(name) || CONTROL.includes(name)) {
      cpu.setRegister(name.toLowerCase() as RegisterName, big(value));
    } else if (name === "RFL") cpu.setRegister("eflags", big(value));
    else if (name === "GDT" || name === "IDT") {
      const [base, limit] = value.split(":");
      cpu.setDescriptorTable(name === "GDT" ? "gdtr" : "idtr", big(base!), Number.parseInt(limit!, 16));
    } else {
      const [selector, base, limit, flags] = value.split(":").map((field) => Number.parseInt(field, 16));
      cpu.setSegment(name === "LDT" ? "ldtr" : name === "TR" ? "tr" : (name.toLowerCase() as "es"), {
        selector: selector!,
        base: BigInt(base!),
        limit: limit!,
        attributes: (flags! >> 8) & 0xf0ff,
      });
    }
  }
  cpu.setRegister("rip", first.rip);
}

/** Our value in the recording's words; undefined for what is not compared. */
function ours(cpu: Cpu, name: string, recorded: string): [ours: string, theirs: string] | undefined {
  if (GENERAL.includes(name) || CONTROL.includes(name)) {
    return [cpu.getRegister(name.toLowerCase() as RegisterName).toString(16), recorded];
  }
  if (name === "RFL") return [cpu.getRegister("eflags").toString(16), recorded];
  if (name === "GDT" || name === "IDT") {
    const { base, limit } = cpu.getDescriptorTable(name === "GDT" ? "gdtr" : "idtr");
    return [`${base.toString(16)}:${limit.toString(16)}`, recorded];
  }
  if (!(SEGMENTS as readonly string[]).includes(name)) return undefined;
  const { selector, base } = cpu.getSegment(name.toLowerCase() as "es");
  return [`${selector.toString(16)}:${base.toString(16)}`, recorded.split(":").slice(0, 2).join(":")];
}

test.skipIf(why !== "")(
  `the first instructions of a real kernel, register by register${why}`,
  () => {
    const read = (name: string) => gunzipSync(readFileSync(path.join(folder!, name)));
    const steps = readSteps(read("lockstep-first.txt.gz").toString("latin1"));
    const host = new AskedHost();
    const cpu = createCpu(core(), host, MEMORY, 0);
    cpu.writeRam(0, read("lockstep-lowmem.bin.gz"));
    for (const { address, bytes } of loadSegments(parseElf(readFileSync(kernel!)), MEMORY)) {
      cpu.writeRam(address, bytes);
    }
    start(cpu, steps[0]!);
    const recorded = new Map(steps[0]!.changes);
    let taken = 0;
    const differences: string[] = [];
    for (let i = 0; i + 1 < steps.length && differences.length < 10; i++) {
      const step = steps[i]!;
      const next = steps[i + 1]!;
      host.asked = false;
      do cpu.run(cpu.instructions + 1);
      while (step.repeated && cpu.getRegister("rip") === step.rip);
      for (const [name, value] of next.changes) recorded.set(name, value);
      const mended = host.asked;
      if (mended) taken++;
      if (cpu.getRegister("rip") !== next.rip) {
        differences.push(
          `step ${i}, ${step.rip.toString(16)}: RIP ${cpu.getRegister("rip").toString(16)}, QEMU ${next.rip.toString(16)}`,
        );
        break;
      }
      for (const [name, value] of recorded) {
        const pair = ours(cpu, name, value);
        if (!pair || pair[0] === pair[1]) continue;
        const mayTake = mended && (GENERAL.includes(name) || name === "RFL");
        if (!mayTake)
          differences.push(`step ${i}, ${step.rip.toString(16)}: ${name} ${pair[0]}, QEMU ${pair[1]}`);
        if (GENERAL.includes(name)) cpu.setRegister(name.toLowerCase() as RegisterName, big(value));
        else if (name === "RFL") cpu.setRegister("eflags", big(value));
      }
    }
    console.log(`${steps.length} lines compared, ${taken} steps whose result is the board's`);
    expect(differences).toEqual([]);
  },
  300_000,
);
