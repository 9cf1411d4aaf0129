// What the kernels' own constants mean: NetBSD sys/arch/x86/include/i82489reg.h, sys/dev/ic/i8253reg.h and specialreg.h;
// FreeBSD sys/x86/include/apicreg.h, sys/dev/ic/i8253reg.h and specialreg.h. Facts only: name -> register, field, value.

import { I8254_REGISTERS } from "./i8254.ts";
import { LAPIC_REGISTERS } from "./lapic.ts";
import type { DeviceId, FieldKnowledge, RegisterKnowledge } from "./registers.ts";
import { TSC_REGISTERS } from "./tsc.ts";

export interface ConstantKnowledge {
  constant: string;
  device: DeviceId;
  /** The register's id: ClockRegister's too. */
  register: string;
  knowledge: RegisterKnowledge;
  /** For a constant that is a bit, a mask or a value of one field. */
  field?: FieldKnowledge;
  /** For a constant that is a value of that field. */
  value?: number;
}

/** Constants that name a register, by "device register". */
const REGISTERS: Readonly<Record<string, readonly string[]>> = {
  "lapic id": ["LAPIC_ID"],
  "lapic version": ["LAPIC_VERS", "LAPIC_VERSION"],
  "lapic tpr": ["LAPIC_TPRI", "LAPIC_TPR"],
  "lapic apr": ["LAPIC_APRI", "LAPIC_APR"],
  "lapic ppr": ["LAPIC_PPRI", "LAPIC_PPR"],
  "lapic eoi": ["LAPIC_EOI"],
  "lapic rrd": ["LAPIC_RRR"],
  "lapic ldr": ["LAPIC_LDR"],
  "lapic dfr": ["LAPIC_DFR"],
  "lapic svr": ["LAPIC_SVR"],
  "lapic isr0": ["LAPIC_ISR", "LAPIC_ISR0"],
  "lapic tmr0": ["LAPIC_TMR", "LAPIC_TMR0"],
  "lapic irr0": ["LAPIC_IRR", "LAPIC_IRR0"],
  "lapic esr": ["LAPIC_ESR"],
  "lapic lvt_cmci": ["LAPIC_LVT_CMCI"],
  "lapic icr_low": ["LAPIC_ICRLO", "LAPIC_ICR_LO"],
  "lapic icr_high": ["LAPIC_ICRHI", "LAPIC_ICR_HI"],
  "lapic lvt_timer": ["LAPIC_LVT_TIMER", "LAPIC_LVTT"],
  "lapic lvt_thermal": ["LAPIC_LVT_THERM", "LAPIC_LVT_THERMAL"],
  "lapic lvt_performance": ["LAPIC_LVT_PCINT", "LAPIC_PCINT"],
  "lapic lvt_lint0": ["LAPIC_LVT_LINT0", "LAPIC_LVINT0"],
  "lapic lvt_lint1": ["LAPIC_LVT_LINT1", "LAPIC_LVINT1"],
  "lapic lvt_error": ["LAPIC_LVT_ERR", "LAPIC_LVT_ERROR", "LAPIC_LVERR"],
  "lapic timer_initial_count": ["LAPIC_ICR_TIMER"],
  "lapic timer_current_count": ["LAPIC_CCR_TIMER"],
  "lapic timer_divide": ["LAPIC_DCR_TIMER"],
  "lapic self_ipi": ["LAPIC_SELF_IPI"],
  "i8254 counter0": ["TIMER_CNTR0"],
  "i8254 counter1": ["TIMER_CNTR1"],
  "i8254 counter2": ["TIMER_CNTR2"],
  "i8254 control": ["TIMER_MODE"],
  "tsc tsc": ["MSR_TSC"],
  "tsc tsc_adjust": ["MSR_TSC_ADJUST", "MSR_IA32_TSC_ADJUST"],
  "tsc tsc_deadline": ["MSR_TSC_DEADLINE"],
  "tsc tsc_aux": ["MSR_RDTSCP_AUX", "MSR_TSC_AUX"],
};

/** Constants that are a mask or a value of a field: [constant, value of the field or undefined for the mask]. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, number | undefined>>>> = {
  "lapic id/APIC ID": { LAPIC_ID_MASK: undefined, APIC_ID_MASK: undefined },
  "lapic version/Version": { LAPIC_VERSION_MASK: undefined, APIC_VER_VERSION: undefined },
  "lapic version/Max LVT Entry": { LAPIC_VERSION_LVT_MASK: undefined, APIC_VER_MAXLVT: undefined },
  "lapic svr/APIC Software Enable": {
    LAPIC_SVR_ENABLE: 1,
    LAPIC_SVR_SWEN: 1,
    APIC_SVR_ENABLE: 1,
    APIC_SVR_SWEN: 1,
  },
  "lapic svr/Spurious Vector": { LAPIC_SVR_VECTOR_MASK: undefined, APIC_SVR_VECTOR: undefined },
  "lapic lvt_timer/Mask": { LAPIC_LVT_MASKED: 1, APIC_LVTT_M: 1, APIC_LVT_M: 1 },
  "lapic lvt_timer/Timer Mode": {
    LAPIC_LVT_TMM: undefined,
    LAPIC_LVT_TMM_ONESHOT: 0,
    LAPIC_LVT_TMM_PERIODIC: 1,
    LAPIC_LVT_TMM_TSCDLT: 2,
    APIC_LVTT_TM: undefined,
    APIC_LVTT_TM_ONE_SHOT: 0,
    APIC_LVTT_TM_PERIODIC: 1,
    APIC_LVTT_TM_TSCDLT: 2,
  },
  "lapic lvt_timer/Vector": { APIC_LVTT_VECTOR: undefined },
  "lapic timer_divide/Divide Value": {
    LAPIC_DCRT_DIV1: 11,
    LAPIC_DCRT_DIV2: 0,
    LAPIC_DCRT_DIV4: 1,
    LAPIC_DCRT_DIV8: 2,
    LAPIC_DCRT_DIV16: 3,
    LAPIC_DCRT_DIV32: 8,
    LAPIC_DCRT_DIV64: 9,
    LAPIC_DCRT_DIV128: 10,
    APIC_TDCR_1: 11,
    APIC_TDCR_2: 0,
    APIC_TDCR_4: 1,
    APIC_TDCR_8: 2,
    APIC_TDCR_16: 3,
    APIC_TDCR_32: 8,
    APIC_TDCR_64: 9,
    APIC_TDCR_128: 10,
  },
  "lapic icr_low/Destination Shorthand": {
    LAPIC_DEST_MASK: undefined,
    LAPIC_DEST_DEFAULT: 0,
    LAPIC_DEST_SELF: 1,
    LAPIC_DEST_ALLINCL: 2,
    LAPIC_DEST_ALLEXCL: 3,
  },
  "lapic icr_low/Delivery Mode": {
    LAPIC_DLMODE_MASK: undefined,
    LAPIC_DLMODE_FIXED: 0,
    LAPIC_DLMODE_LOW: 1,
    LAPIC_DLMODE_SMI: 2,
    LAPIC_DLMODE_NMI: 4,
    LAPIC_DLMODE_INIT: 5,
    LAPIC_DLMODE_STARTUP: 6,
    LAPIC_DLMODE_EXTINT: 7,
  },
  "i8254 control/SC": { TIMER_SEL0: 0, TIMER_SEL1: 1, TIMER_SEL2: 2 },
  "i8254 control/RW": { TIMER_LATCH: 0, TIMER_LSB: 1, TIMER_MSB: 2, TIMER_16BIT: 3 },
  "i8254 control/Mode": {
    TIMER_INTTC: 0,
    TIMER_ONESHOT: 1,
    TIMER_RATEGEN: 2,
    TIMER_SQWAVE: 3,
    TIMER_SWSTROBE: 4,
    TIMER_HWSTROBE: 5,
  },
  "i8254 control/BCD": { TIMER_BCD: 1 },
  "tsc invariant/Invariant TSC": { CPUID_APM_ITSC: 1, AMDPM_TSC_INVARIANT: 1 },
};

export const ALL_REGISTERS: readonly RegisterKnowledge[] = [
  ...LAPIC_REGISTERS,
  ...I8254_REGISTERS,
  ...TSC_REGISTERS,
];

const registers = new Map(ALL_REGISTERS.map((r) => [`${r.device} ${r.id}`, r]));
const constants = new Map<string, ConstantKnowledge>();

for (const [key, names] of Object.entries(REGISTERS)) {
  const knowledge = registers.get(key)!;
  for (const constant of names) {
    constants.set(constant, { constant, device: knowledge.device, register: knowledge.id, knowledge });
  }
}
for (const [key, names] of Object.entries(FIELDS)) {
  const [register, fieldName] = key.split("/") as [string, string];
  const knowledge = registers.get(register)!;
  const field = knowledge.fields.find((f) => f.name === fieldName)!;
  for (const [constant, value] of Object.entries(names)) {
    constants.set(constant, {
      constant,
      device: knowledge.device,
      register: knowledge.id,
      knowledge,
      field,
      ...(value === undefined ? {} : { value }),
    });
  }
}

/** What a kernel's constant stands for, or undefined for one that is not about clocks. */
export function registerOfConstant(constant: string): ConstantKnowledge | undefined {
  return constants.get(constant);
}

/** As registerOfConstant, for constants that name a local APIC register: "LAPIC_ICR_TIMER". */
export function lapicRegisterByConstant(constant: string): RegisterKnowledge | undefined {
  const known = constants.get(constant);
  return known?.device === "lapic" ? known.knowledge : undefined;
}

/** All constants that are known, in the order of the tables. */
export function knownConstants(): string[] {
  return [...constants.keys()];
}
