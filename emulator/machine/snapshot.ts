// A machine's whole state as plain data, and the hash of what is not in the CPU's own. Must not know how parts work.

import type { CpuSnapshot } from "../cpu/cpu.ts";
import type { ChipsetState } from "./chipset.ts";
import type { ClockState } from "./clock.ts";
import type { EventQueueState } from "./events.ts";
import type { TurnsState } from "./turns.ts";

/** Everything around the CPU. Plain data: numbers, strings, arrays, objects. */
export interface BoardState {
  clock: ClockState;
  events: EventQueueState;
  chipset: ChipsetState;
  turns: TurnsState;
}

export interface MachineSnapshot {
  readonly cpu: CpuSnapshot;
  readonly board: BoardState;
}

/** 64-bit hash of the board's state as 16 hexadecimal digits. Keys come in the order in which the code makes them. */
export function hashBoard(state: BoardState): string {
  const text = JSON.stringify(state);
  let low = 0x811c9dc5;
  let high = 0x1b873593;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193); // FNV-1a
    high = Math.imul((high ^ code) + (low >>> 15), 0x85ebca6b);
  }
  return hex8(high) + hex8(low);
}

function hex8(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}
