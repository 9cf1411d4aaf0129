// One kernel, two machines: the same inputs at the same instruction counts, runs sliced differently, hashes compared at every step.

import type { MachineOptions } from "../../../emulator/machine/api.ts";
import { createMachine } from "../../../emulator/machine/machine.ts";

/** Console input, given before instruction `at`. */
export interface Input {
  at: number;
  text: string;
}

export interface Twice {
  instructions: number;
  /** Steps at which the hashes were compared. */
  compared: number;
  /** Different hashes among them: a machine that does nothing would be equal to itself. */
  distinct: number;
  lastHash: string;
  console: string;
}

/** Executions before the first machine translates a block. */
const EARLY = 2000;

/**
 * Runs both to `instructions`, with inputs at their instants, and compares hash and console at every multiple of `step`. The first
 * machine runs in whole steps and translates code early, the second runs in slices of other lengths, interprets all, and is saved and loaded into a
 * fresh one halfway. Throws at the first difference.
 */
export function runTwice(
  module: WebAssembly.Module,
  options: MachineOptions,
  instructions: number,
  step: number,
  inputs: readonly Input[],
): Twice {
  const first = createMachine(module, { ...options, translateAfter: EARLY });
  let second = createMachine(module, { ...options, translateAfter: 0 });
  const hashes = new Set<string>();
  const decoder = new TextDecoder("latin1");
  let console = "";
  let compared = 0;
  for (let at = 0; at < instructions; ) {
    const end = Math.min(at + step, instructions);
    const due = inputs.filter((input) => input.at >= at && input.at < end);
    const stops = [...new Set([...due.map((input) => input.at), end])].sort((a, b) => a - b);
    const parts = [first, second].map((machine, which) => {
      for (const stop of stops) {
        runTo(machine, stop, which === 0 ? step : 7919 * 13);
        for (const input of due) if (input.at === stop) machine.sendConsoleInput(Buffer.from(input.text));
      }
      return decoder.decode(machine.takeConsoleOutput());
    });
    const [a, b] = [first.stateHash(), second.stateHash()];
    if (a !== b || parts[0] !== parts[1]) throw new Error(`the two runs differ at instruction ${end}`);
    hashes.add(a);
    console += parts[0];
    compared++;
    if (at < instructions / 2 && end >= instructions / 2) {
      const copy = createMachine(module, { ...options, translateAfter: 0 });
      copy.load(second.save());
      second = copy;
    }
    at = end;
  }
  return { instructions, compared, distinct: hashes.size, lastHash: first.stateHash(), console };
}

/** run() may come back early; a stop of the guest is an error here. */
function runTo(machine: ReturnType<typeof createMachine>, target: number, slice: number): void {
  while (machine.instructions < target) {
    const stop = machine.run(Math.min(slice, target - machine.instructions));
    if (stop.kind !== "limit") {
      throw new Error(
        `the guest stopped at ${machine.instructions}: ${"message" in stop ? stop.message : stop.kind}`,
      );
    }
  }
}
