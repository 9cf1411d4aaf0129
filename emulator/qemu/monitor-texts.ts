// QEMU's monitor texts about clock hardware (`info lapic`, `info pic`), read into registers by the manual's names, as our machine
// tells them (QEMU hw/intc/apic_common.c, hw/intc/ioapic_common.c, target/i386/cpu-dump.c). Pure.

import { lapicRegister } from "../../knowledge/lapic.ts";
import { decodeFields } from "../../knowledge/registers.ts";
import type { ClockDevice, ClockRegister } from "../devices/inspect.ts";
import { redirectionEntry } from "../devices/inspect-ioapic.ts";
import { formatFrequency, formatTime, hex } from "../devices/units.ts";

/** QEMU's local APIC timer counts its virtual clock's nanoseconds, before the divider (apic_next_timer). */
const TIMER_HZ = 1_000_000_000;

/** A line of `info lapic`, the register that it tells, and the register's value from the printed number. */
const LINES: readonly (readonly [line: RegExp, register: string, value?: (printed: number) => number])[] = [
  [/\bTPR (0x[0-9a-f]+)/, "tpr"],
  [/\bAPR (0x[0-9a-f]+)/, "apr"],
  [/\bPPR (0x[0-9a-f]+)/, "ppr"],
  // QEMU keeps the bits that are not fixed.
  [/\bLDR (0x[0-9a-f]+)/, "ldr", (id) => (id << 24) >>> 0],
  [/\bDFR (0x[0-9a-f]+)/, "dfr", (model) => ((model << 28) | 0x0fffffff) >>> 0],
  [/^SPIV\s+(0x[0-9a-f]+)/m, "svr"],
  [/^ESR\s+(0x[0-9a-f]+)/m, "esr"],
  [/^ICR\s+(0x[0-9a-f]+)/m, "icr_low"],
  [/^ICR2\s+(0x[0-9a-f]+)/m, "icr_high"],
  [/^LVTT\s+(0x[0-9a-f]+)/m, "lvt_timer"],
  [/^LVTTHMR\s+(0x[0-9a-f]+)/m, "lvt_thermal"],
  [/^LVTPC\s+(0x[0-9a-f]+)/m, "lvt_performance"],
  [/^LVT0\s+(0x[0-9a-f]+)/m, "lvt_lint0"],
  [/^LVT1\s+(0x[0-9a-f]+)/m, "lvt_lint1"],
  [/^LVTERR\s+(0x[0-9a-f]+)/m, "lvt_error"],
  [/initial_count = (\d+)/, "timer_initial_count"],
  [/current_count = (\d+)/, "timer_current_count"],
  [/DCR=(0x[0-9a-f]+)/, "timer_divide"],
];

const MODES = ["one-shot", "periodic", "TSC-deadline", "reserved"];
type Values = ReadonlyMap<string, number>;

/** `info lapic`; undefined for a text that is something else. */
export function lapicOf(text: string): ClockDevice | undefined {
  if (!text.includes("local APIC state")) return undefined;
  const found = LINES.flatMap(([line, id, value]) => {
    const printed = line.exec(text)?.[1];
    if (printed === undefined) return [];
    // A register has 32 bits, whatever the text says.
    const number = Number(printed) >>> 0;
    return [[id, value ? value(number) : number] as const];
  });
  const values: Values = new Map(found);
  return {
    id: "lapic",
    label: "Local APIC",
    summary: summaryOf(values),
    registers: [...found.flatMap(([id, value]) => register(id, value, values)), ...banks(text, values)],
  };
}

/** As our own machine says it: "periodic, vector 0xc0, every 10.000 ms, next in 3.210 ms". */
function summaryOf(values: Values): string {
  const disabled = values.get("svr") !== undefined && !(values.get("svr")! & 0x100);
  return disabled ? `software disabled (SVR bit 8 is 0); timer ${timerWords(values)}` : timerWords(values);
}

function timerWords(values: Values): string {
  const lvt = values.get("lvt_timer") ?? 0;
  const mode = MODES[(lvt >> 17) & 3]!;
  const target = lvt & 0x10000 ? "masked" : `vector ${hex(lvt & 0xff)}`;
  const [initial, current] = [values.get("timer_initial_count") ?? 0, values.get("timer_current_count") ?? 0];
  if (mode === "TSC-deadline") return `${mode}, ${target}`;
  if (initial === 0) return `${mode}, ${target}, stopped`;
  const time = (ticks: number) => formatTime((ticks * divisor(values) * 1e9) / TIMER_HZ);
  const next = current === 0 ? ", expired" : `, next in ${time(current)}`;
  return `${mode}, ${target}, ${mode === "periodic" ? "every " : ""}${time(initial)}${next}`;
}

/** Divide Configuration Register, bits 3, 1 and 0 (SDM 3A, 11.5.4). */
function divisor(values: Values): number {
  const dcr = values.get("timer_divide") ?? 0;
  const code = ((dcr >> 1) & 4) | (dcr & 3);
  return code === 7 ? 1 : 2 << code;
}

function register(id: string, value: number, values: Values): ClockRegister[] {
  const known = lapicRegister(id);
  if (!known) return [];
  const fields = decodeFields(known, BigInt(value)).map(({ name, bits, value: part, meaning }) => {
    return { label: `${name} (${bits})`, value: hex(part), meaning };
  });
  return [{ id, label: known.name, value: hex(value), meaning: meaningOf(id, value, values), fields }];
}

function meaningOf(id: string, value: number, values: Values): string {
  const time = () => formatTime((value * divisor(values) * 1e9) / TIMER_HZ);
  switch (id) {
    case "timer_initial_count":
      return value === 0 ? "stopped" : `${value} ticks, ${time()}`;
    case "timer_current_count":
      return value === 0 ? "" : `${value} ticks, ${time()} left`;
    case "timer_divide":
      return `divide by ${divisor(values)}: ${formatFrequency(TIMER_HZ / divisor(values))}`;
    case "lvt_timer":
      return timerWords(values);
    case "svr":
      return value & 0x100 ? "enabled" : "disabled: all LVT entries are masked";
    case "tpr":
      return value === 0 ? "all interrupts" : `holds back vectors up to ${hex(value | 0xf)}`;
    default:
      return "";
  }
}

/** ISR and IRR: `ISR  208 209 (level)`; words of 32 vectors that are not zero. */
function banks(text: string, values: Values): ClockRegister[] {
  return ["ISR", "IRR"].flatMap((name) => {
    const line = new RegExp(`^${name}\\s+(.*)$`, "m").exec(text)?.[1] ?? "";
    const vectors = [...line.matchAll(/\d+/g)]
      .map(([digits]) => Number(digits))
      .filter((vector) => vector < 256);
    const words = new Map<number, number>();
    for (const vector of vectors)
      words.set(vector >> 5, ((words.get(vector >> 5) ?? 0) | (1 << (vector & 31))) >>> 0);
    return [...words].flatMap(([word, bits]) => register(`${name.toLowerCase()}${word}`, bits, values));
  });
}

/** `info pic`'s part about the I/O APIC; undefined where there is none. */
export function ioApicOf(text: string): ClockDevice | undefined {
  const pins = [...text.matchAll(/^\s*pin (\d+)\s+(0x[0-9a-f]{16})/gm)].map(([, pin, value]) =>
    redirectionEntry(Number(pin), BigInt(value!)),
  );
  if (pins.length === 0) return undefined;
  const open = pins.filter(({ meaning }) => !meaning.startsWith("masked"));
  const summary = open.map(({ id, meaning }) => `${id} ${meaning}`).join("; ") || "all inputs masked";
  return { id: "ioapic", label: "I/O APIC", summary, registers: [...identity(text, pins.length), ...pins] };
}

/** `ioapic0: ver=0x20 id=0x02 sel=0x18 (redir[4])`. */
function identity(text: string, pins: number): ClockRegister[] {
  const [, version, id] = /^ioapic\d*: ver=(0x[0-9a-f]+) id=(0x[0-9a-f]+)/m.exec(text) ?? [];
  if (version === undefined || id === undefined) return [];
  const register = (name: string, label: string, value: string) => ({
    id: name,
    label,
    value,
    meaning: "",
    fields: [],
  });
  return [
    register("id", "IOAPICID", hex((Number(id) << 24) >>> 0)),
    register("version", "IOAPICVER", hex((Number(version) | ((pins - 1) << 16)) >>> 0)),
  ];
}
