// What the local APIC says, decoded for people: the timer in one line, then the registers with their fields.
// Reads through peek() and the timer's own state: no side effects. Names and fields come from knowledge/.

import { LAPIC_REGISTERS, lapicRegisterAt } from "../../knowledge/lapic.ts";
import { decodeFields, type RegisterKnowledge } from "../../knowledge/registers.ts";
import type { ClockDevice, ClockRegister } from "./inspect.ts";
import type { Lapic } from "./lapic.ts";
import type { LapicTimer } from "./lapic-timer.ts";
import { formatFrequency, formatTime, hex } from "./units.ts";

const LVT_TIMER = 0x320;
const ICR_HIGH = 0x310;
const BANKS = { first: 0x100, last: 0x270 };

/** The local APIC as a view shows it. `now` is virtual time in ns; `accessible` is IA32_APIC_BASE's global enable. */
export function inspectLapic(lapic: Lapic, now: number, accessible: boolean): ClockDevice {
  return {
    id: "lapic",
    label: "Local APIC",
    summary: accessible ? summary(lapic, now) : "globally disabled (IA32_APIC_BASE bit 11 is 0)",
    registers: LAPIC_REGISTERS.flatMap((known) => inspectRegister(lapic, known, now)),
  };
}

/** One register by its xAPIC offset, or undefined where there is none. */
export function inspectLapicRegister(lapic: Lapic, offset: number, now: number): ClockRegister | undefined {
  const known = lapicRegisterAt(offset);
  return known && inspectRegister(lapic, known, now)[0];
}

function inspectRegister(lapic: Lapic, known: RegisterKnowledge, now: number): ClockRegister[] {
  const offset = known.xapicOffset!;
  const value = lapic.peek(offset);
  if (value === undefined || known.access === "write only") return [];
  const isBank = offset >= BANKS.first && offset <= BANKS.last;
  if (isBank && value === 0) return []; // 24 words, nearly always zero
  return [
    {
      id: known.id,
      label: known.name,
      value: hex(value),
      meaning: isBank ? vectors(value, ((offset >> 4) & 7) * 32) : meaning(lapic, known.id, value, now),
      fields: decodeFields(known, BigInt(value)).map((field) => ({
        label: `${field.name} (${field.bits})`,
        value: hex(field.value),
        meaning: field.meaning,
      })),
    },
  ];
}

/** "periodic, vector 0xc0, every 10.000 ms, next in 3.210 ms". */
function summary(lapic: Lapic, now: number): string {
  if (!lapic.enabled) return `software disabled (SVR bit 8 is 0); timer ${timerWords(lapic, now)}`;
  return timerWords(lapic, now);
}

function timerWords(lapic: Lapic, now: number): string {
  const { timer } = lapic;
  const { mode, masked, initial, running } = timer.state;
  const lvt = lapic.peek(LVT_TIMER)!;
  const target = masked ? "masked" : `vector ${hex(lvt & 0xff)}`;
  const next = timer.nextExpiry();
  const nextWords = next === Infinity ? "" : `, next in ${formatTime(Math.max(0, next - now))}`;
  if (mode === "tsc-deadline")
    return `TSC-deadline, ${target}${next === Infinity ? ", not armed" : nextWords}`;
  if (!running) return `${mode}, ${target}, stopped`;
  const period = formatTime(ticksToNs(timer, initial));
  if (mode === "periodic") return `periodic, ${target}, every ${period}${nextWords}`;
  return `one-shot, ${target}, ${period}${next === Infinity ? ", expired" : nextWords}`;
}

function meaning(lapic: Lapic, id: string, value: number, now: number): string {
  const { timer } = lapic;
  switch (id) {
    case "timer_initial_count":
      return value === 0 ? "stopped" : `${value} ticks, ${formatTime(ticksToNs(timer, value))}`;
    case "timer_current_count":
      return value === 0 ? "" : `${value} ticks, ${formatTime(ticksToNs(timer, value))} left`;
    case "timer_divide":
      return `divide by ${timer.state.divide}: ${formatFrequency(timer.hz / timer.state.divide)}`;
    case "lvt_timer":
      return timerWords(lapic, now);
    case "svr":
      return lapic.enabled ? "enabled" : "disabled: all LVT entries are masked";
    case "id":
      return `APIC ID ${lapic.mode === "x2apic" ? value : value >>> 24}`;
    case "icr_high":
      return `destination ${(lapic.peek(ICR_HIGH)! >>> 24).toString()}`;
    case "tpr":
      return value === 0 ? "all interrupts" : `holds back vectors up to ${hex(value | 0xf)}`;
    default:
      return "";
  }
}

function ticksToNs(timer: LapicTimer, ticks: number): number {
  return ((ticks * timer.state.divide) / timer.hz) * 1e9;
}

/** The vectors whose bits are set. */
function vectors(value: number, base: number): string {
  const set: string[] = [];
  for (let bit = 0; bit < 32; bit++) if ((value >>> bit) & 1) set.push(hex(base + bit));
  return `vector${set.length > 1 ? "s" : ""} ${set.join(", ")}`;
}
