// The local APIC's registers: Intel SDM volume 3, chapter "Advanced Programmable Interrupt Controller (APIC)", tables
// "Local APIC Register Address Map" and "Local APIC Register Address Map Supported by x2APIC". Plain data.

import type { FieldKnowledge, RegisterKnowledge } from "./registers.ts";

const CHAPTER = "Intel SDM vol. 3, Advanced Programmable Interrupt Controller (APIC)";
const X2APIC_BASE = 0x800;

const VECTOR: FieldKnowledge = {
  name: "Vector",
  high: 7,
  low: 0,
  text: "Interrupt vector; 16 to 255 are valid.",
};
const MASK: FieldKnowledge = {
  name: "Mask", high: 16, low: 16, text: "1 keeps the interrupt from being delivered.", values: { 0: "not masked", 1: "masked" },
}; // biome-ignore format: a table
const DELIVERY_STATUS: FieldKnowledge = {
  name: "Delivery Status", high: 12, low: 12, text: "Read only.", values: { 0: "idle", 1: "send pending" },
}; // biome-ignore format: a table
const DELIVERY_MODE: FieldKnowledge = {
  name: "Delivery Mode", high: 10, low: 8, text: "How the interrupt reaches the processor.",
  values: { 0: "fixed", 1: "lowest priority", 2: "SMI", 4: "NMI", 5: "INIT", 6: "start-up", 7: "ExtINT" },
}; // biome-ignore format: a table
const TRIGGER: FieldKnowledge = {
  name: "Trigger Mode", high: 15, low: 15, text: "For fixed delivery.", values: { 0: "edge", 1: "level" },
}; // biome-ignore format: a table
const POLARITY: FieldKnowledge = {
  name: "Interrupt Input Pin Polarity", high: 13, low: 13, text: "", values: { 0: "active high", 1: "active low" },
}; // biome-ignore format: a table
const REMOTE_IRR: FieldKnowledge = {
  name: "Remote IRR", high: 14, low: 14, text: "Set while a level-triggered interrupt is accepted and not yet ended (EOI). Read only.",
}; // biome-ignore format: a table

type Row = Omit<RegisterKnowledge, "device" | "manual" | "xapicOffset" | "msr"> & {
  offset: number;
  section: string;
  /** False where x2APIC mode has no such MSR. */
  x2apic?: false;
};

const ROWS: Row[] = [
  {
    id: "id", offset: 0x020, name: "Local APIC ID Register", access: "read/write", section: "Local APIC ID",
    text: "The processor's address for interrupts: 8 bits in xAPIC mode, all 32 and read only in x2APIC mode.",
    fields: [{ name: "APIC ID", high: 31, low: 24, text: "xAPIC mode." }],
  },
  {
    id: "version", offset: 0x030, name: "Local APIC Version Register", access: "read only", section: "Local APIC Version Register",
    text: "Kernels read the number of LVT entries here before they touch CMCI and thermal entries.",
    fields: [
      { name: "Support for EOI-broadcast suppression", high: 24, low: 24, text: "", values: { 0: "no", 1: "yes" } },
      { name: "Max LVT Entry", high: 23, low: 16, text: "Number of LVT entries minus 1." },
      { name: "Version", high: 7, low: 0, text: "0x: 82489DX; 10H-15H: integrated APIC." },
    ],
  },
  {
    id: "tpr", offset: 0x080, name: "Task Priority Register (TPR)", access: "read/write", section: "Task and Processor Priorities",
    text: "Interrupts of this priority class and below wait. In 64-bit mode CR8 is bits 7:4 of it.",
    fields: [
      { name: "Task-Priority Class", high: 7, low: 4, text: "" },
      { name: "Task-Priority Sub-Class", high: 3, low: 0, text: "" },
    ],
  },
  {
    id: "apr", offset: 0x090, name: "Arbitration Priority Register (APR)", access: "read only", section: "Local APIC Register Address Map", x2apic: false,
    text: "Lowest-priority arbitration on the old APIC bus; not on Pentium 4 and later.", fields: [],
  },
  {
    id: "ppr", offset: 0x0a0, name: "Processor Priority Register (PPR)", access: "read only", section: "Task and Processor Priorities",
    text: "The higher of the task priority and the class of the interrupt in service: only higher classes interrupt.",
    fields: [
      { name: "Processor-Priority Class", high: 7, low: 4, text: "" },
      { name: "Processor-Priority Sub-Class", high: 3, low: 0, text: "" },
    ],
  },
  {
    id: "eoi", offset: 0x0b0, name: "EOI Register", access: "write only", section: "Signaling Interrupt Servicing Completion",
    text: "Writing 0 ends the interrupt of highest priority in service. Level-triggered vectors are told to the I/O APICs.", fields: [],
  },
  {
    id: "rrd", offset: 0x0c0, name: "Remote Read Register (RRD)", access: "read only", section: "Local APIC Register Address Map", x2apic: false,
    text: "Not on Pentium 4 and later.", fields: [],
  },
  {
    id: "ldr", offset: 0x0d0, name: "Logical Destination Register", access: "read/write", section: "Logical Destination Mode and Lowest Priority",
    text: "The processor's bit (flat model) or cluster and bit, for logical destinations. Read only in x2APIC mode.",
    fields: [{ name: "Logical APIC ID", high: 31, low: 24, text: "xAPIC mode." }],
  },
  {
    id: "dfr", offset: 0x0e0, name: "Destination Format Register", access: "read/write", section: "Logical Destination Mode and Lowest Priority", x2apic: false,
    text: "Flat or cluster model of logical destinations. x2APIC mode has clusters only and no DFR.",
    fields: [{ name: "Model", high: 31, low: 28, text: "", values: { 0: "cluster", 15: "flat" } }],
  },
  {
    id: "svr", offset: 0x0f0, name: "Spurious Interrupt Vector Register", access: "read/write", section: "Spurious Interrupt",
    text: "Bit 8 switches the local APIC on. While it is 0 every LVT entry is masked and cannot be unmasked.",
    fields: [
      { name: "EOI-Broadcast Suppression", high: 12, low: 12, text: "", values: { 0: "off", 1: "on" } },
      { name: "Focus Processor Checking", high: 9, low: 9, text: "", values: { 0: "enabled", 1: "disabled" } },
      { name: "APIC Software Enable", high: 8, low: 8, text: "", values: { 0: "disabled", 1: "enabled" } },
      { name: "Spurious Vector", high: 7, low: 0, text: "Delivered when a request has gone by the time it is acknowledged." },
    ],
  },
  ...bank("isr", 0x100, "In-Service Register (ISR)", "Interrupts that the processor is handling: taken, and not ended by EOI."),
  ...bank("tmr", 0x180, "Trigger Mode Register (TMR)", "Set for level-triggered interrupts: their EOI goes to the I/O APICs."),
  ...bank("irr", 0x200, "Interrupt Request Register (IRR)", "Interrupts accepted and not yet taken. NetBSD's lapic timecounter looks here for a timer interrupt that has not run."),
  {
    id: "esr", offset: 0x280, name: "Error Status Register", access: "read/write to clear", section: "Error Handling",
    text: "A write moves the errors since the last write into view.",
    fields: [
      { name: "Illegal Register Address", high: 7, low: 7, text: "" },
      { name: "Received Illegal Vector", high: 6, low: 6, text: "" },
      { name: "Send Illegal Vector", high: 5, low: 5, text: "" },
      { name: "Redirectable IPI", high: 4, low: 4, text: "" },
      { name: "Receive Accept Error", high: 3, low: 3, text: "" },
      { name: "Send Accept Error", high: 2, low: 2, text: "" },
      { name: "Receive Checksum Error", high: 1, low: 1, text: "" },
      { name: "Send Checksum Error", high: 0, low: 0, text: "" },
    ],
  },
  {
    id: "lvt_cmci", offset: 0x2f0, name: "LVT Corrected Machine Check Interrupt (CMCI) Register", access: "read/write", section: "Local Vector Table",
    text: "Only where the version register says there are 7 LVT entries.", fields: [MASK, DELIVERY_STATUS, DELIVERY_MODE, VECTOR],
  },
  {
    id: "icr_low", offset: 0x300, name: "Interrupt Command Register (ICR); bits 0-31", access: "read/write", section: "Interrupt Command Register (ICR)",
    text: "Writing it sends an interprocessor interrupt. In x2APIC mode one 64-bit MSR holds both halves.",
    fields: [
      { name: "Destination Shorthand", high: 19, low: 18, text: "", values: { 0: "none", 1: "self", 2: "all including self", 3: "all excluding self" } },
      TRIGGER,
      { name: "Level", high: 14, low: 14, text: "", values: { 0: "de-assert", 1: "assert" } },
      DELIVERY_STATUS,
      { name: "Destination Mode", high: 11, low: 11, text: "", values: { 0: "physical", 1: "logical" } },
      DELIVERY_MODE, VECTOR,
    ],
  },
  {
    id: "icr_high", offset: 0x310, name: "Interrupt Command Register (ICR); bits 32-63", access: "read/write", section: "Interrupt Command Register (ICR)", x2apic: false,
    text: "Destination of the interprocessor interrupt: to be written before the low half.",
    fields: [{ name: "Destination", high: 31, low: 24, text: "" }],
  },
  {
    id: "lvt_timer", offset: 0x320, name: "LVT Timer Register", access: "read/write", section: "APIC Timer",
    text: "Mode, mask and vector of the timer. Masked, the timer counts all the same: that is how kernels calibrate it.",
    fields: [
      { name: "Timer Mode", high: 18, low: 17, text: "", values: { 0: "one-shot", 1: "periodic", 2: "TSC-deadline", 3: "reserved" } },
      MASK, DELIVERY_STATUS, VECTOR,
    ],
  },
  {
    id: "lvt_thermal", offset: 0x330, name: "LVT Thermal Sensor Register", access: "read/write", section: "Local Vector Table",
    text: "Only where the version register says there are 6 LVT entries.", fields: [MASK, DELIVERY_STATUS, DELIVERY_MODE, VECTOR],
  },
  {
    id: "lvt_performance", offset: 0x340, name: "LVT Performance Monitoring Counters Register", access: "read/write", section: "Local Vector Table",
    text: "Overflow of a performance counter.", fields: [MASK, DELIVERY_STATUS, DELIVERY_MODE, VECTOR],
  },
  {
    id: "lvt_lint0", offset: 0x350, name: "LVT LINT0 Register", access: "read/write", section: "Local Vector Table",
    text: "Local pin 0. ExtINT here lets the i8259 interrupt through the local APIC (virtual wire).",
    fields: [MASK, TRIGGER, REMOTE_IRR, POLARITY, DELIVERY_STATUS, DELIVERY_MODE, VECTOR],
  },
  {
    id: "lvt_lint1", offset: 0x360, name: "LVT LINT1 Register", access: "read/write", section: "Local Vector Table",
    text: "Local pin 1, NMI on a PC.",
    fields: [MASK, TRIGGER, REMOTE_IRR, POLARITY, DELIVERY_STATUS, DELIVERY_MODE, VECTOR],
  },
  {
    id: "lvt_error", offset: 0x370, name: "LVT Error Register", access: "read/write", section: "Local Vector Table",
    text: "Interrupt for the errors of the Error Status Register.", fields: [MASK, DELIVERY_STATUS, VECTOR],
  },
  {
    id: "timer_initial_count", offset: 0x380, name: "Initial Count Register (for Timer)", access: "read/write", section: "APIC Timer",
    text: "Writing it copies the value into the current count and starts the count-down; 0 stops the timer. Ignored in TSC-deadline mode. In periodic mode it is the period, in ticks after the divider.",
    fields: [{ name: "Initial Count", high: 31, low: 0, text: "" }],
  },
  {
    id: "timer_current_count", offset: 0x390, name: "Current Count Register (for Timer)", access: "read only", section: "APIC Timer",
    text: "Counts down from the initial count; at 0 the interrupt is raised, and in periodic mode the initial count is loaded again. Reads 0 in TSC-deadline mode.",
    fields: [{ name: "Current Count", high: 31, low: 0, text: "" }],
  },
  {
    id: "timer_divide", offset: 0x3e0, name: "Divide Configuration Register (for Timer)", access: "read/write", section: "APIC Timer",
    text: "Bits 3, 1 and 0 divide the timer's clock (bus clock or core crystal clock).",
    fields: [{ name: "Divide Value", high: 3, low: 0, text: "Bit 2 is 0.", values: {
      0: "divide by 2", 1: "divide by 4", 2: "divide by 8", 3: "divide by 16", 8: "divide by 32", 9: "divide by 64", 10: "divide by 128", 11: "divide by 1",
    } }],
  },
  {
    id: "self_ipi", offset: 0x3f0, name: "SELF IPI Register", access: "write only", section: "SELF IPI Register",
    text: "x2APIC mode only: an interrupt to this processor, by one MSR write.", fields: [VECTOR],
  },
]; // biome-ignore format: a table

/** Eight registers of 32 bits each; x2APIC numbers them one by one as well. */
function bank(id: string, offset: number, name: string, text: string): Row[] {
  return Array.from({ length: 8 }, (_, word) => ({
    id: `${id}${word}`,
    offset: offset + 16 * word,
    name: `${name}; bits ${32 * word}-${32 * word + 31}`,
    access: "read only" as const,
    section: "Interrupt Acceptance for Fixed Interrupts",
    text,
    fields: [],
  }));
}

export const LAPIC_REGISTERS: readonly RegisterKnowledge[] = ROWS.map(
  ({ offset, section, x2apic, ...row }) => ({
    ...row,
    device: "lapic",
    manual: `${CHAPTER}: ${section}`,
    xapicOffset: offset,
    ...(x2apic === false ? {} : { msr: X2APIC_BASE + offset / 16 }),
  }),
);

const byOffset = new Map(LAPIC_REGISTERS.map((register) => [register.xapicOffset!, register]));
const byId = new Map(LAPIC_REGISTERS.map((register) => [register.id, register]));

/** The register at an xAPIC offset (0x380), or undefined for a reserved one. */
export function lapicRegisterAt(offset: number): RegisterKnowledge | undefined {
  return byOffset.get(offset);
}

export function lapicRegister(id: string): RegisterKnowledge | undefined {
  return byId.get(id);
}
