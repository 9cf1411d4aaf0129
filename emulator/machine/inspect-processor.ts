// What the processor tells its kernel, decoded for people: CPUID, leaf by leaf, and the model-specific registers. No side
// effects. SDM volume 2A, "CPUID"; volume 4; the hypervisor's leaves as KVM and VMware have them.

import type { ClockDevice, ClockRegister } from "../devices/inspect.ts";
import { hex } from "../devices/units.ts";
import type { CpuidLeaf } from "./cpuid.ts";

type Field = ClockRegister["fields"][number];

const NAMES: Readonly<Record<number, string>> = {
  16: "IA32_TIME_STAMP_COUNTER", 27: "IA32_APIC_BASE", 59: "IA32_TSC_ADJUST", 139: "IA32_BIOS_SIGN_ID", 254: "IA32_MTRRCAP", 377: "IA32_MCG_CAP",
  378: "IA32_MCG_STATUS", 416: "IA32_MISC_ENABLE", 631: "IA32_PAT", 767: "IA32_MTRR_DEF_TYPE", 1760: "IA32_TSC_DEADLINE", 3221225600: "IA32_EFER",
  3221225728: "IA32_FS_BASE", 3221225729: "IA32_GS_BASE", 3221225730: "IA32_KERNEL_GS_BASE", 3221291029: "AMD HWCR", 3221291039: "AMD NB_CFG",
  3221291093: "AMD INT_PENDING_MSG", 3221291284: "AMD VM_CR", 17: "KVM_WALL_CLOCK (old)", 18: "KVM_SYSTEM_TIME (old)", 1263947008: "KVM_WALL_CLOCK_NEW",
  1263947009: "KVM_SYSTEM_TIME_NEW",
}; // biome-ignore format: a table

/** The registers by number; a value of undefined cannot be read now. */
export function inspectMsrs(registers: ReadonlyMap<number, bigint | undefined>): ClockDevice {
  const rows = [...registers]
    .sort(([left], [right]) => left - right)
    .map(
      ([index, value]): ClockRegister => ({
        id: `msr_${index.toString(16)}`,
        label: `${hex(index)} ${NAMES[index] ?? ""}`.trim(),
        value: value === undefined ? "#GP" : `0x${value.toString(16)}`,
        meaning: "",
        fields: [],
      }),
    );
  return { id: "msr", label: "MSRs", summary: `${rows.length} registers`, registers: rows };
}

/** Bits that decide over clocks, by leaf and register. */
const CLOCK_BITS: readonly (readonly [leaf: number, register: number, bit: number, name: string])[] = [
  [1, 2, 21, "x2APIC"],
  [1, 2, 24, "TSC-Deadline"],
  [1, 2, 31, "hypervisor present"],
  [1, 3, 4, "TSC"],
  [1, 3, 9, "APIC"],
  [0x80000001, 3, 27, "RDTSCP"],
  [0x80000007, 3, 8, "Invariant TSC"],
];
const REGISTERS = ["eax", "ebx", "ecx", "edx"];

/** Leaves 0 up, 0x40000000 up and 0x80000000 up, to the last that each range says it has. */
export function inspectCpuid(read: (leaf: number) => CpuidLeaf): ClockDevice {
  const rows = [0, 0x40000000, 0x80000000].flatMap((first) => range(first, read));
  const vendor = text(read(0), [1, 3, 2]);
  const hypervisor = (read(1)[2] >>> 31) & 1 ? `, hypervisor "${text(read(0x40000000), [1, 2, 3])}"` : "";
  return { id: "cpuid", label: "CPUID", summary: `${vendor}${hypervisor}`, registers: rows };
}

/** Longest range that is shown. */
const MAX_LEAVES = 64;

function range(first: number, read: (leaf: number) => CpuidLeaf): ClockRegister[] {
  if (first === 0x40000000 && read(1)[2] >>> 31 === 0) return [];
  const last = read(first)[0] >>> 0;
  const count = last >= first ? Math.min(last - first + 1, MAX_LEAVES) : 0;
  return Array.from({ length: count }, (_, i) => leafRow(first + i, read(first + i)));
}

function leafRow(leaf: number, values: CpuidLeaf): ClockRegister {
  const digits = (value: number) => (value >>> 0).toString(16).padStart(8, "0");
  return {
    id: `leaf_${leaf.toString(16)}`,
    label: `leaf ${hex(leaf)}`,
    value: values.map((value, i) => `${REGISTERS[i]}=${digits(value)}`).join(" "),
    meaning: meaningOf(leaf, values),
    fields: CLOCK_BITS.filter(([at]) => at === leaf).map(([, register, bit, name]): Field => {
      const set = (values[register]! >>> bit) & 1;
      return {
        label: `${REGISTERS[register]!.toUpperCase()}.${bit}`,
        value: String(set),
        meaning: `${set ? "" : "no "}${name}`,
      };
    }),
  };
}

function meaningOf(leaf: number, [eax, ebx, ecx]: CpuidLeaf): string {
  switch (leaf) {
    case 0x15:
      return eax && ebx ? `TSC = crystal ${ecx} Hz * ${ebx} / ${eax}` : "no TSC ratio";
    case 0x16:
      return eax ? `base frequency ${eax} MHz` : "no frequency";
    case 0x40000010:
      return eax ? `TSC ${eax} kHz, local APIC ${ebx} kHz` : "no frequencies";
    default:
      return "";
  }
}

/** Twelve characters in three registers. */
function text(values: CpuidLeaf, order: readonly number[]): string {
  return order
    .flatMap((register) => [0, 8, 16, 24].map((shift) => (values[register]! >>> shift) & 0xff))
    .map((code) => (code >= 32 && code < 127 ? String.fromCharCode(code) : ""))
    .join("");
}
