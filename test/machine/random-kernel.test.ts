// Hostile kernels: random bytes as code, with an interrupt table that sends every fault into them again, so that they run on.
// Whatever they do, the machine stops or goes on; the process lives, and what the machine was made from does not change.
// CLOCKPATH_RANDOM_KERNELS=10000 runs more of them (40 without it, 200 in CI); a failure names its seed.

import { describe, expect, test } from "vitest";
import { loadCpuModule } from "../../emulator/assets.ts";
import type { BootProtocol } from "../../emulator/boot/protocols.ts";
import { createMachine } from "../../emulator/machine/machine.ts";
import { pvhElf } from "../boot/pvh-elf.ts";

const RUNS = Number(process.env.CLOCKPATH_RANDOM_KERNELS ?? 40);
const BATCH = 25;
const INSTRUCTIONS = 1_000_000;
const MEMORY = 8 << 20;
const BASE = 0x100000;
/** Interrupt table (4 KiB), its descriptor (16 bytes), a prologue, then noise. */
const CODE_AT = 0x1010;
const NOISE = 0x10000;
const STACK = 0x700000;

function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x9e3779b9) >>> 0;
    let x = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
    return Math.floor((((x ^ (x >>> 16)) >>> 0) / 2 ** 32) * below);
  };
}

const dword = (value: number) => [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);

/** Sets stack and interrupt table (and, where drawn, interrupts on), then falls into the noise. */
function prologue(long: boolean, next: (below: number) => number): number[] {
  const stack = long ? [0x48, 0xc7, 0xc4, ...dword(STACK)] : [0xbc, ...dword(STACK)];
  const lidt = long ? [0x0f, 0x01, 0x1c, 0x25] : [0x0f, 0x01, 0x1d];
  return [...stack, ...lidt, ...dword(BASE + 0x1000), next(2) === 0 ? 0xfb : 0x90];
}

/** Gates of 8 or 16 bytes to random places in the noise; `selector` is the code segment's. */
function interruptTable(long: boolean, selector: number, next: (below: number) => number): Uint8Array {
  const table = new Uint8Array(CODE_AT);
  const view = new DataView(table.buffer);
  const size = long ? 16 : 8;
  for (let vector = 0; vector < 256; vector++) {
    const target = BASE + CODE_AT + 32 + next(NOISE - 64);
    view.setUint16(vector * size, target & 0xffff, true);
    view.setUint16(vector * size + 2, selector, true);
    view.setUint16(vector * size + 4, 0x8e00, true);
    view.setUint16(vector * size + 6, target >>> 16, true);
  }
  view.setUint16(0x1000, 256 * size - 1, true);
  view.setUint32(0x1002, BASE, true);
  return table;
}

/** Bytes as they come, or mostly opcodes that do something to the machine. */
function noise(next: (below: number) => number): number[] {
  const opcodes = [
    0x0f, 0x66, 0xf2, 0xf3, 0x48, 0xe6, 0xe7, 0xee, 0xef, 0xec, 0xcf, 0xcd, 0x8e, 0xa4, 0xf4, 0x30, 0x32,
    0x22, 0x01, 0xff,
  ];
  const biased = next(2) === 0;
  return Array.from({ length: NOISE }, () =>
    biased && next(3) === 0 ? opcodes[next(opcodes.length)]! : next(256),
  );
}

function run(module: WebAssembly.Module, seed: number): string {
  const next = random(seed);
  const bootProtocol: BootProtocol = next(2) === 0 ? "linux" : "pvh";
  const long = bootProtocol === "linux";
  const table = interruptTable(long, long ? 0x10 : 8, next);
  const elf = pvhElf({ code: [...table, ...prologue(long, next), ...noise(next)], address: BASE });
  const view = new DataView(elf.buffer);
  view.setBigUint64(24, BigInt(BASE + CODE_AT), true); // ELF entry
  view.setUint32(elf.length - table.length - NOISE - prologue(long, next).length - 4, BASE + CODE_AT, true); // PVH note
  const image = new Uint8Array(64 * 1024).fill(0x5a);
  const board = {
    pic: next(2) === 0,
    virtioNetwork: true,
    virtioEntropy: true,
    virtioConsole: true,
    debugExit: next(2) === 0,
  };
  const machine = createMachine(module, {
    kernel: elf,
    memory: MEMORY,
    bootProtocol,
    disks: [{ image }],
    board,
  });
  const stop = machine.run(INSTRUCTIONS);
  machine.clockDevices();
  machine.takeNotices();
  expect(image.every((byte) => byte === 0x5a)).toBe(true);
  return `${stop.kind} ${machine.instructions} ${machine.stateHash()}`;
}

describe("kernels of random bytes", () => {
  const module = loadCpuModule();
  const batches = Array.from({ length: Math.ceil(RUNS / BATCH) }, (_, i) => i * BATCH);

  test.each(batches)("seeds from %i", { timeout: 600_000 }, (first) => {
    for (let seed = first; seed < Math.min(first + BATCH, RUNS); seed++) {
      try {
        run(module, seed);
      } catch (error) {
        throw new Error(`seed ${seed}: ${(error as Error).stack}`);
      }
    }
  });

  test("one of them twice is the same", () => {
    expect(run(module, 7)).toBe(run(module, 7));
  });

  test("they do run on: a tenth of them at least uses up its million instructions", () => {
    const kinds = Array.from({ length: 30 }, (_, seed) => run(module, seed).split(" ")[0]);
    expect(kinds.filter((kind) => kind === "limit").length).toBeGreaterThanOrEqual(3);
  });
});
