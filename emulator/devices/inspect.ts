// A device's registers as data for views: names, values, decoded fields. Reading them has no side effects.

export interface ClockDevice {
  /** "tsc", "lapic", "i8254", later "rtc", "ioapic", ... */
  id: string;
  /** As shown: "TSC", "Local APIC", "i8254". */
  label: string;
  /** One line: "1000.000 MHz, counting", "periodic, vector 0xc0, 10.000 ms". */
  summary: string;
  registers: ClockRegister[];
}

export interface ClockRegister {
  /** Key into knowledge/ where there is one ("timer_initial_count"); unique in its device. */
  id: string;
  /** The manual's name: "Initial Count Register". */
  label: string;
  /** Unsigned; hex string so that it crosses JSON unharmed ("0x8080a980"). */
  value: string;
  /** Decoded, for people: "62500 (10.000 ms)". Empty where the value says it all. */
  meaning: string;
  fields: { label: string; value: string; meaning: string }[];
}
