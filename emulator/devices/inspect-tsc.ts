// What the time-stamp counter says, decoded for people. No side effects. Names and fields come from knowledge/.

import { tscRegister } from "../../knowledge/tsc.ts";
import type { ClockDevice, ClockRegister } from "./inspect.ts";
import type { Tsc } from "./tsc.ts";
import { formatFrequency, formatTime, hex } from "./units.ts";

export interface TscFacts {
  /** CPUID 0x80000007 EDX bit 8. */
  invariant: boolean;
  /** IA32_TSC_DEADLINE, where the local APIC timer has that mode. */
  deadline: bigint | undefined;
  /** Virtual time in ns. */
  now: number;
}

/** The TSC as a view shows it. */
export function inspectTsc(tsc: Tsc, facts: TscFacts): ClockDevice {
  const value = tsc.read();
  const promise = facts.invariant ? "invariant" : "invariance not promised by CPUID";
  return {
    id: "tsc",
    label: "TSC",
    summary: `${formatFrequency(tsc.hz)}, ${value} ticks, ${promise}`,
    registers: [
      register("tsc", value, `${value} ticks; ${formatTime(facts.now)} since reset`),
      register("tsc_adjust", tsc.adjust, tsc.adjust === 0n ? "the counter was never written" : "moved"),
      ...(facts.deadline === undefined
        ? []
        : [register("tsc_deadline", facts.deadline, deadlineWords(tsc, facts))]),
      register("invariant", facts.invariant ? 0x100n : 0n, facts.invariant ? "promised" : "not promised"),
    ],
  };
}

function deadlineWords(tsc: Tsc, facts: TscFacts): string {
  if (facts.deadline === 0n) return "not armed";
  return `in ${formatTime(Math.max(0, tsc.timeOf(facts.deadline!) - facts.now))}`;
}

function register(id: string, value: bigint, meaning: string): ClockRegister {
  return { id, label: tscRegister(id)!.name, value: hex(value), meaning, fields: [] };
}
