// Real kernels and tools for tests: where they are, and how to boot one until its console says something. Debian's come from
// test/boot/install-debian.mjs, the BSD kernels from the environment.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { loadCpuModule } from "../../emulator/assets.ts";
import type { Machine, MachineOptions } from "../../emulator/machine/api.ts";
import { createMachine } from "../../emulator/machine/machine.ts";

/** A file of Debian's, or undefined where the installer has not run. */
export function debianFile(name: string): string | undefined {
  const file = path.join(__dirname, ".cache", name);
  return existsSync(file) ? file : undefined;
}

/** For a test's name: why it is skipped, if it is. */
export function unless(present: unknown, reason: string): string {
  return present ? "" : ` (skipped: ${reason})`;
}

export const NOT_INSTALLED = "node test/boot/install-debian.mjs has not run";

export interface Booted {
  machine: Machine;
  /** Everything that was printed. */
  console: string;
  /** Types the text, then runs until the console says `until` anew; gives what was printed. */
  type(text: string, until: string): string;
  /** Runs until the console says `until` anew; gives what was printed. */
  waitFor(until: string): string;
}

/** Boots until the console says `until`. Throws with the console's end when the guest stops, or after `limit` instructions. */
export function bootUntil(
  options: Omit<MachineOptions, "kernel"> & { kernel: string },
  until: string,
  limit: number,
): Booted {
  const machine = createMachine(loadCpuModule(), { ...options, kernel: readFileSync(options.kernel) });
  const decoder = new TextDecoder("latin1");
  const booted: Booted = {
    machine,
    console: "",
    type(text, expected) {
      machine.sendConsoleInput(new TextEncoder().encode(text));
      return booted.waitFor(expected);
    },
    waitFor(expected) {
      let printed = "";
      const end = machine.instructions + limit;
      while (!printed.includes(expected)) {
        const stop = machine.run(100_000);
        const text = decoder.decode(machine.takeConsoleOutput());
        printed += text;
        booted.console += text;
        if (stop.kind !== "limit" || machine.instructions > end)
          throw new Error(
            `no "${expected}": ${JSON.stringify(stop)} after ${machine.instructions} instructions\n${booted.console.slice(-3000)}`,
          );
      }
      return printed;
    },
  };
  booted.waitFor(until);
  return booted;
}
