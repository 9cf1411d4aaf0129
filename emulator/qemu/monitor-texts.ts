// Clock hardware of a QEMU, read from the texts of its monitor, which its gdb stub hands on (`info lapic`, `info pic`): registers by the manual's names, as our
// machine tells them. Pure. QEMU's monitor does not tell the TSC.

import { lapicRegister } from "../../../knowledge/lapic.ts";
import { decodeFields } from "../../../knowledge/registers.ts";
import type { ClockInspection } from "../../debugger/target.ts";
import type { ClockDevice, ClockRegister } from "../../devices/inspect.ts";
import { redirectionEntry } from "../../devices/inspect-ioapic.ts";
import { hex } from "../../devices/units.ts";

/** The monitor's lines (QEMU hw/intc/apic_common.c, target/i386/monitor.c) and the registers that they are. */
const LINES: readonly (readonly [line: RegExp, register: string])[] = [
  [/^LVTT\s+(0x[0-9a-f]+)/m, "lvt_timer"],
  [/initial_count = (\d+)/, "timer_initial_count"],
  [/current_count = (\d+)/, "timer_current_count"],
  [/DCR=(0x[0-9a-f]+)/, "timer_divide"],
  [/^SPIV\s+(0x[0-9a-f]+)/m, "svr"],
  [/^LVT0\s+(0x[0-9a-f]+)/m, "lvt_lint0"],
  [/^LVT1\s+(0x[0-9a-f]+)/m, "lvt_lint1"],
  [/^LVTERR\s+(0x[0-9a-f]+)/m, "lvt_error"],
  [/^ICR\s+(0x[0-9a-f]+)/m, "icr_low"],
  [/^ESR\s+(0x[0-9a-f]+)/m, "esr"],
];

const MODES = ["one-shot", "periodic", "TSC-deadline", "reserved"];

/** `info lapic`; undefined for a text that is something else. */
export function lapicOf(text: string): ClockDevice | undefined {
  if (!text.includes("local APIC state")) return undefined;
  const found = LINES.flatMap(([line, id]) => {
    const digits = line.exec(text)?.[1];
    return digits === undefined ? [] : [[id, Number(digits)] as const];
  });
  const values = new Map(found);
  const lvt = values.get("lvt_timer") ?? 0;
  const target = lvt & 0x10000 ? "masked" : `vector ${hex(lvt & 0xff)}`;
  const summary = `${MODES[(lvt >> 17) & 3]}, ${target}, ${values.get("timer_current_count") ?? 0} of ${values.get("timer_initial_count") ?? 0} left`;
  return {
    id: "lapic",
    label: "Local APIC",
    summary,
    registers: found.flatMap(([id, value]) => register(id, value)),
  };
}

function register(id: string, value: number): ClockRegister[] {
  const known = lapicRegister(id);
  if (!known) return [];
  const fields = decodeFields(known, BigInt(value)).map(({ name, bits, value: part, meaning }) => {
    return { label: `${name} (${bits})`, value: hex(part), meaning };
  });
  return [{ id, label: known.name, value: hex(value), meaning: "", fields }];
}

/** `info pic`'s part about the I/O APIC; undefined where there is none. */
export function ioApicOf(text: string): ClockDevice | undefined {
  const pins = [...text.matchAll(/^\s*pin (\d+)\s+(0x[0-9a-f]{16})/gm)].map(([, pin, value]) =>
    redirectionEntry(Number(pin), BigInt(value!)),
  );
  if (pins.length === 0) return undefined;
  const open = pins.filter(({ meaning }) => !meaning.startsWith("masked"));
  const summary = open.map(({ id, meaning }) => `${id} ${meaning}`).join("; ") || "all inputs masked";
  return { id: "ioapic", label: "I/O APIC", summary, registers: pins };
}

/** Asks a monitor; undefined where it is not QEMU's. While the guest runs, what was read last stands. */
export function qemuClocks(monitor: (line: string) => string): ClockInspection | undefined {
  const ask = (line: string): string => {
    try {
      return monitor(line);
    } catch {
      return "";
    }
  };
  let [lapic, ioapic] = [lapicOf(ask("info lapic")), undefined as ClockDevice | undefined];
  if (!lapic) return undefined;
  return {
    read() {
      lapic = lapicOf(ask("info lapic")) ?? lapic;
      return lapic ? [lapic] : [];
    },
    readOthers() {
      ioapic = ioApicOf(ask("info pic")) ?? ioapic;
      return ioapic ? [ioapic] : [];
    },
  };
}
