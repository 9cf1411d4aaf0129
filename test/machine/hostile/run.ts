// One hostile run: a machine with a hostile kernel, so many instructions, and what must hold afterwards whatever it did.

import * as L from "../../../emulator/cpu/layout.ts";
import { RAM_BASE } from "../../../emulator/cpu/layout.ts";
import type { MachineStop } from "../../../emulator/machine/api.ts";
import { createMachine } from "../../../emulator/machine/machine.ts";
import { Random } from "../../cpu/oracle/random.ts";
import { FLAVOURS, hostileCode } from "./code.ts";
import { hostileImage } from "./image.ts";

export interface HostileResult {
  name: string;
  stop: MachineStop;
  instructions: number;
  ms: number;
  /** The longest time that one call of run() for SLICE instructions took. */
  longestSliceMs: number;
}

const RAM = 16 << 20;
export const SLICE = 50_000;
/** A guest that does nothing but work beyond its instructions never gets through them: the run ends after so many slices cut short. */
const MAX_SHORT_SLICES = 5;

/** Runs seed's guest for at most `instructions`. Throws when the machine does, or when something outside guest memory changed. */
export function hostileRun(module: WebAssembly.Module, seed: number, instructions: number): HostileResult {
  const random = new Random(seed);
  const flavour = FLAVOURS[seed % FLAVOURS.length]!;
  const mode = random.pick([
    "bare",
    "protected",
    "protected",
    "protected",
    "long",
    "long",
    "long",
    "long",
  ] as const);
  const handlers = random.chance(8) ? "wild" : "recovery";
  const spoil = random.pick([0, 0, 0, 4, 64]);
  const kernel = hostileImage(mode, hostileCode(flavour, random), random, spoil, handlers);
  const { machine, memory } = captured(() =>
    createMachine(module, {
      kernel,
      memory: RAM,
      disks: [{ image: new Uint8Array(1 << 16) }, { image: new Uint8Array(1 << 16), readOnly: true }],
      board: {
        pic: random.chance(2),
        tscDeadline: true,
        virtioModern: !random.chance(4),
        virtioNetwork: true,
        virtioEntropy: true,
        virtioConsole: true,
        testDevice: random.chance(2),
      },
    }),
  );
  const before = guards(memory);
  const start = performance.now();
  let longestSliceMs = 0;
  let stop: MachineStop = { kind: "limit" };
  let short = 0;
  while (stop.kind === "limit" && machine.instructions < instructions && short < MAX_SHORT_SLICES) {
    const from = performance.now();
    const before = machine.instructions;
    stop = machine.run(SLICE);
    if (machine.instructions - before < SLICE / 2) short++;
    machine.takeConsoleOutput();
    longestSliceMs = Math.max(longestSliceMs, performance.now() - from);
  }
  const ms = performance.now() - start;
  const broken = difference(before, memory);
  if (broken) throw new Error(broken);
  look(machine);
  return {
    name: `${flavour}, ${mode}, ${handlers}`,
    stop,
    instructions: machine.instructions,
    ms,
    longestSliceMs,
  };
}

/** What a debugger and a checkpoint do; none of it may fail in any state. */
function look(machine: ReturnType<typeof createMachine>): void {
  machine.clockDevices();
  machine.takeNotices();
  const rip = machine.readRegister("rip");
  machine.readMemory(rip, 16);
  machine.readMemory(machine.readRegister("rsp"), 64);
  const hash = machine.stateHash();
  machine.load(machine.save());
  if (machine.stateHash() !== hash) throw new Error("a saved and loaded machine has another hash");
}

/** The WebAssembly memory that `make` creates: the machine does not show it. */
function captured(make: () => ReturnType<typeof createMachine>) {
  const Original = WebAssembly.Memory;
  let memory: WebAssembly.Memory | undefined;
  class Spy extends Original {
    constructor(descriptor: { initial: number; maximum?: number }) {
      super(descriptor);
      memory = this;
    }
  }
  WebAssembly.Memory = Spy;
  try {
    const machine = make();
    return { machine, memory: memory! };
  } finally {
    WebAssembly.Memory = Original;
  }
}

const PAGES = RAM / 4096;
/** Parts of the core's memory that no guest of this RAM size may change. Behind RAM the memory ends: an access there traps, and run() throws. */
const GUARDS: readonly (readonly [what: string, from: number, to: number])[] = [
  ["below the state", 0, L.STATE],
  ["operation table", L.OP_TABLE, L.OP_TABLE_END],
  ["page flags behind RAM", L.PAGE_FLAGS + PAGES, L.PAGE_BLOCKS],
  ["block lists behind RAM", L.PAGE_BLOCKS + PAGES * 4, L.BLOCK_HASH],
  ["behind the jump cache", L.JUMP_CACHE + L.JUMP_SIZE * 8, L.ARENA],
  ["page hashes behind RAM", L.PAGE_HASH + PAGES * 8, RAM_BASE],
];

const ZEROS = new Uint8Array(Math.max(...GUARDS.map(([, from, to]) => to - from)));

/** What stands there before the run; most of it is zero, and needs no copy. */
function guards(memory: WebAssembly.Memory): Uint8Array[] {
  return GUARDS.map(([, from, to]) => {
    const now = new Uint8Array(memory.buffer, from, to - from);
    return Buffer.compare(now, ZEROS.subarray(0, now.length)) === 0
      ? ZEROS.subarray(0, now.length)
      : now.slice();
  });
}

function difference(before: Uint8Array[], memory: WebAssembly.Memory): string | undefined {
  for (const [i, [what, from, to]] of GUARDS.entries()) {
    const now = new Uint8Array(memory.buffer, from, to - from);
    if (Buffer.compare(before[i]!, now) === 0) continue;
    const at = now.findIndex((byte, n) => byte !== before[i]![n]);
    return `${what}: byte 0x${(from + at).toString(16)} of the core's memory changed`;
  }
  return undefined;
}
