// What KVM's paravirtual clock says, decoded for people. No side effects. Names are those of Linux Documentation/virt/kvm/x86/msr.rst.

import type { ClockDevice, ClockRegister } from "./inspect.ts";
import type { PvClock, TimeInfo } from "./pvclock.ts";
import { formatTime, hex } from "./units.ts";

/** The clock as a view shows it; `now` is virtual time in ns. */
export function inspectPvClock(pvclock: PvClock, now: number): ClockDevice {
  const { systemTime, wallClock } = pvclock;
  const enabled = (systemTime & 1n) !== 0n;
  const info = pvclock.timeInfo();
  return {
    id: "pvclock",
    label: "KVM clock",
    summary: enabled
      ? `enabled, time structure at 0x${(systemTime & ~1n).toString(16)}`
      : "offered; the kernel has not enabled it",
    registers: [
      register("system_time", "MSR_KVM_SYSTEM_TIME_NEW", systemTime, enabled ? "enabled" : "not enabled"),
      register("wall_clock", "MSR_KVM_WALL_CLOCK_NEW", wallClock, wallClock === 0n ? "never asked for" : ""),
      ...(info ? structure(info, now) : []),
    ],
  };
}

function structure(info: TimeInfo, now: number): ClockRegister[] {
  const reading = info.systemTime > BigInt(now) ? 0 : now - Number(info.systemTime);
  return [
    register(
      "version",
      "version",
      BigInt(info.version),
      info.version % 2 === 0 ? "even: complete" : "odd: being written",
    ),
    register("tsc_timestamp", "tsc_timestamp", info.tscTimestamp, `${info.tscTimestamp} ticks`),
    register(
      "time",
      "system_time",
      info.systemTime,
      `${formatTime(Number(info.systemTime))}; taken ${formatTime(reading)} ago`,
    ),
    register("tsc_to_system_mul", "tsc_to_system_mul", BigInt(info.multiplier), ""),
    register("tsc_shift", "tsc_shift", BigInt.asUintN(8, BigInt(info.shift)), `${info.shift}`),
    register("flags", "flags", BigInt(info.flags), info.flags & 1 ? "the TSC is stable" : ""),
  ];
}

function register(id: string, label: string, value: bigint, meaning: string): ClockRegister {
  return { id, label, value: hex(value), meaning, fields: [] };
}
