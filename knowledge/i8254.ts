// The i8254's registers and control word. Intel 82C54 data sheet, "Programming the 82C54". Plain data.

import type { FieldKnowledge, RegisterKnowledge } from "./registers.ts";

const MANUAL = "Intel 82C54 data sheet, Programming the 82C54";

const ACCESS: FieldKnowledge = {
  name: "RW", high: 5, low: 4, text: "Which bytes of the count the counter's port takes and gives.",
  values: { 0: "counter latch command", 1: "least significant byte", 2: "most significant byte", 3: "least, then most significant byte" },
}; // biome-ignore format: a table
const MODE: FieldKnowledge = {
  name: "Mode", high: 3, low: 1, text: "",
  values: {
    0: "0: interrupt on terminal count", 1: "1: hardware retriggerable one-shot", 2: "2: rate generator", 3: "3: square wave",
    4: "4: software triggered strobe", 5: "5: hardware triggered strobe", 6: "2: rate generator", 7: "3: square wave",
  },
}; // biome-ignore format: a table
const BCD: FieldKnowledge = {
  name: "BCD",
  high: 0,
  low: 0,
  text: "",
  values: { 0: "binary", 1: "four decades" },
};

function counter(index: number, use: string): RegisterKnowledge {
  return {
    id: `counter${index}`,
    device: "i8254",
    name: `Counter ${index}`,
    access: "read/write",
    manual: MANUAL,
    port: 0x40 + index,
    text: `${use} Counts down at 1,193,182 Hz. A write sets the initial count (0 = 65536); a read gives the count, or what a latch command has held.`,
    fields: [
      { name: "Count", high: 15, low: 0, text: "Moved through the 8-bit port in the order that RW says." },
    ],
  };
}

export const I8254_REGISTERS: readonly RegisterKnowledge[] = [
  counter(0, "The PC's system timer: OUT 0 is ISA interrupt 0, I/O APIC pin 2."),
  counter(1, "Once the memory refresh; unused."),
  counter(2, "The speaker; its gate is port 0x61 bit 0, its output bit 5. Calibration loops use it."),
  {
    id: "control",
    device: "i8254",
    name: "Control Word Register",
    access: "write only",
    manual: MANUAL,
    port: 0x43,
    text: "Sets a counter's mode, or latches its count (RW = 0), or reads back counts and states (SC = 3).",
    fields: [
      {
        name: "SC", high: 7, low: 6, text: "",
        values: { 0: "counter 0", 1: "counter 1", 2: "counter 2", 3: "read-back command" },
      },
      ACCESS, MODE, BCD,
    ],
  },
  ...[0, 1, 2].map((index): RegisterKnowledge => ({
    id: `status${index}`,
    device: "i8254",
    name: `Status byte of counter ${index}`,
    access: "read only",
    manual: "Intel 82C54 data sheet, Read-Back Command",
    port: 0x40 + index,
    text: "What a read-back command with STATUS = 0 lets the counter's port give once.",
    fields: [
      { name: "OUT", high: 7, low: 7, text: "State of the OUT pin.", values: { 0: "low", 1: "high" } },
      { name: "Null Count", high: 6, low: 6, text: "", values: { 0: "count loaded", 1: "count not yet loaded" } },
      ACCESS, MODE, BCD,
    ],
  })),
]; // biome-ignore format: a table

const byId = new Map(I8254_REGISTERS.map((register) => [register.id, register]));

export function i8254Register(id: string): RegisterKnowledge | undefined {
  return byId.get(id);
}
