// The shape of what Clockpath knows about a register, and decoding a value by it. Plain data and pure functions.
// Must not know any other part of Clockpath: the language server and the emulator both read it.

export type DeviceId = "lapic" | "i8254" | "tsc";

export interface RegisterKnowledge {
  /** Unique in its device; the id that ClockRegister carries too: "timer_initial_count". */
  id: string;
  device: DeviceId;
  /** The manual's name: "Initial Count Register (for Timer)". */
  name: string;
  access: "read/write" | "read only" | "write only" | "read/write to clear";
  /** Where it is described: manual and section, by title, because numbers change between editions. */
  manual: string;
  /** What a kernel developer wants to know, in one to three sentences. */
  text: string;
  /** Most significant first. */
  fields: readonly FieldKnowledge[];
  /** Offset in the xAPIC page. */
  xapicOffset?: number;
  /** MSR number: of the register in x2APIC mode, or of the register itself. */
  msr?: number;
  port?: number;
  /** Where a thing is told by CPUID. */
  cpuid?: string;
}

export interface FieldKnowledge {
  name: string;
  /** Bit numbers, high >= low. */
  high: number;
  low: number;
  text: string;
  /** Meanings by value of the field. */
  values?: Readonly<Record<number, string>>;
}

export interface DecodedField {
  name: string;
  bits: string;
  value: bigint;
  /** Empty where the value says it all. */
  meaning: string;
}

/** The fields of a value, most significant first. */
export function decodeFields(register: RegisterKnowledge, value: bigint): DecodedField[] {
  return register.fields.map((field) => {
    const width = BigInt(field.high - field.low + 1);
    const bits = (value >> BigInt(field.low)) & ((1n << width) - 1n);
    return {
      name: field.name,
      bits: bitRange(field),
      value: bits,
      meaning: field.values?.[Number(bits)] ?? "",
    };
  });
}

/** "18:17" or "16", as the manuals write. */
export function bitRange(field: Pick<FieldKnowledge, "high" | "low">): string {
  return field.high === field.low ? `${field.high}` : `${field.high}:${field.low}`;
}
