// The time-stamp counter's MSRs and the CPUID leaves that speak of it. Intel SDM volumes 3 and 4. Plain data.

import type { RegisterKnowledge } from "./registers.ts";

const MANUAL = "Intel SDM vol. 3, Time-Stamp Counter";

export const TSC_REGISTERS: readonly RegisterKnowledge[] = [
  {
    id: "tsc", device: "tsc", name: "IA32_TIME_STAMP_COUNTER", access: "read/write", manual: MANUAL, msr: 0x10,
    text: "What RDTSC reads. Constant-rate and never stopping where CPUID says it is invariant. A write moves IA32_TSC_ADJUST too.",
    fields: [],
  },
  {
    id: "tsc_adjust", device: "tsc", name: "IA32_TSC_ADJUST", access: "read/write", manual: `${MANUAL}, IA32_TSC_ADJUST MSR`, msr: 0x3b,
    text: "The sum of all that was written to the counter: non-zero when firmware or kernel moved it.", fields: [],
  },
  {
    id: "tsc_deadline", device: "tsc", name: "IA32_TSC_DEADLINE", access: "read/write", manual: "Intel SDM vol. 3, APIC Timer: TSC-Deadline Mode", msr: 0x6e0,
    text: "The counter value at which the local APIC timer interrupts; 0 disarms it.", fields: [],
  },
  {
    id: "tsc_aux", device: "tsc", name: "IA32_TSC_AUX", access: "read/write", manual: `${MANUAL}: RDTSCP`, msr: 0xc0000103,
    text: "What RDTSCP gives in ECX beside the counter: the kernel puts the processor's number there.",
    fields: [{ name: "AUX", high: 31, low: 0, text: "" }],
  },
  {
    id: "invariant", device: "tsc", name: "CPUID 0x80000007: Advanced Power Management", access: "read only",
    manual: `${MANUAL}: Invariant TSC`, cpuid: "0x80000007 EDX",
    text: "Whether the counter runs at one rate in all power states. Without it NetBSD gives the TSC quality -100.",
    fields: [{ name: "Invariant TSC", high: 8, low: 8, text: "", values: { 0: "not promised", 1: "promised" } }],
  },
  {
    id: "cpuid_15", device: "tsc", name: "CPUID 0x15: Time Stamp Counter and Nominal Core Crystal Clock", access: "read only",
    manual: "Intel SDM vol. 2, CPUID", cpuid: "0x15",
    text: "TSC frequency = ECX * EBX / EAX, with the crystal clock's frequency in ECX; 0 = not enumerated.", fields: [],
  },
  {
    id: "cpuid_40000010", device: "tsc", name: "CPUID 0x40000010: hypervisor timing", access: "read only",
    manual: "VMware KB 1009458", cpuid: "0x40000010",
    text: "TSC frequency in kHz in EAX, local APIC timer frequency in kHz in EBX, on hypervisors whose highest leaf reaches it.", fields: [],
  },
]; // biome-ignore format: a table

const byId = new Map(TSC_REGISTERS.map((register) => [register.id, register]));

export function tscRegister(id: string): RegisterKnowledge | undefined {
  return byId.get(id);
}
