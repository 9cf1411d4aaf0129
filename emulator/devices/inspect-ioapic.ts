// What the I/O APIC says, decoded for people: a line for each redirection entry that is not as after reset, and its fields.
// No side effects. Intel 82093AA data sheet, 3.2.4.

import type { ClockDevice, ClockRegister } from "./inspect.ts";
import { IOAPIC_PINS, type IoApic } from "./ioapic.ts";
import { hex } from "./units.ts";

const DELIVERY = ["fixed", "lowest priority", "SMI", "reserved", "NMI", "INIT", "reserved", "ExtINT"];

export function inspectIoApic(ioapic: IoApic): ClockDevice {
  const pins = Array.from({ length: IOAPIC_PINS }, (_, pin) => entry(ioapic, pin));
  const open = pins.filter(({ meaning }) => !meaning.startsWith("masked"));
  const summary =
    open.length === 0 ? "all inputs masked" : open.map(({ id, meaning }) => `${id} ${meaning}`).join("; ");
  const identity: ClockRegister[] = [
    { id: "id", label: "IOAPICID", value: hex(ioapic.register(0)), meaning: "", fields: [] },
    { id: "version", label: "IOAPICVER", value: hex(ioapic.register(1)), meaning: "24 inputs", fields: [] },
  ];
  return { id: "ioapic", label: "I/O APIC", summary, registers: [...identity, ...pins] };
}

const entry = (ioapic: IoApic, pin: number): ClockRegister =>
  redirectionEntry(
    pin,
    (BigInt(ioapic.register(0x11 + 2 * pin)) << 32n) | BigInt(ioapic.register(0x10 + 2 * pin)),
  );

/** A redirection entry by its 64 bits. */
export function redirectionEntry(pin: number, value: bigint): ClockRegister {
  const low = Number(value & 0xffffffffn);
  const high = Number(value >> 32n);
  const bit = (at: number) => (low >>> at) & 1;
  const mode = DELIVERY[(low >>> 8) & 7]!;
  const words = [
    ...(bit(16) ? ["masked"] : []),
    mode === "fixed" ? `vector ${hex(low & 0xff)}` : mode,
    bit(15) ? "level" : "edge",
    ...(bit(13) ? ["active low"] : []),
    `to ${bit(11) ? "logical" : "APIC"} ${high >>> 24}`,
  ];
  return {
    id: `pin${pin}`,
    label: `IOREDTBL${pin}`,
    value: `0x${value.toString(16)}`,
    meaning: words.join(", "),
    fields: [
      { label: "Destination (63:56)", value: hex(high >>> 24), meaning: "" },
      { label: "Interrupt Mask (16)", value: hex(bit(16)), meaning: bit(16) ? "masked" : "not masked" },
      { label: "Trigger Mode (15)", value: hex(bit(15)), meaning: bit(15) ? "level" : "edge" },
      { label: "Remote IRR (14)", value: hex(bit(14)), meaning: bit(14) ? "waits for EOI" : "" },
      {
        label: "Interrupt Input Pin Polarity (13)",
        value: hex(bit(13)),
        meaning: bit(13) ? "active low" : "active high",
      },
      { label: "Delivery Status (12)", value: hex(bit(12)), meaning: bit(12) ? "send pending" : "idle" },
      { label: "Destination Mode (11)", value: hex(bit(11)), meaning: bit(11) ? "logical" : "physical" },
      { label: "Delivery Mode (10:8)", value: hex((low >>> 8) & 7), meaning: mode },
      { label: "Vector (7:0)", value: hex(low & 0xff), meaning: "" },
    ],
  };
}
