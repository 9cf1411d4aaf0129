// Clock hardware of a QEMU as views show it: from its monitor, whichever way that is reached (QMP, or the gdb stub's qRcmd). What
// cannot be asked now stands as it was read last.

import { decodeFields } from "../../knowledge/registers.ts";
import { tscRegister } from "../../knowledge/tsc.ts";
import type { ClockInspection } from "../debugger/target.ts";
import type { ClockDevice, ClockRegister } from "../devices/inspect.ts";
import { formatFrequency, hex } from "../devices/units.ts";
import { ioApicOf, lapicOf } from "./monitor-texts.ts";

/** Both throw an Error where there is no answer now. */
export interface MonitorSource {
  /** The text of a monitor command, as a processor sees it. */
  ask(line: string, processor: number): string;
  /** A property of a processor's model (QOM); absent where only texts can be had. */
  property?(name: string, processor: number): unknown;
}

/** Which processor is looked at, of how many. */
export interface Processors {
  readonly selected: number;
  readonly count: number;
}

/** Undefined where the source is not QEMU's monitor. */
export function qemuClocks(source: MonitorSource, processors: () => Processors): ClockInspection | undefined {
  const remembered = new Map<string, ClockDevice>();
  const read = (key: string, make: () => ClockDevice | undefined): ClockDevice[] => {
    try {
      const device = make();
      if (device) remembered.set(key, device);
    } catch {
      // The guest runs and the source waits for it, or QEMU has gone.
    }
    const last = remembered.get(key);
    return last ? [last] : [];
  };
  const own = (): ClockDevice[] => {
    const { selected, count } = processors();
    const named = (device: ClockDevice | undefined) =>
      device && count > 1 ? { ...device, label: `${device.label} of CPU ${selected}` } : device;
    return [
      ...read(`tsc ${selected}`, () =>
        named(remembered.get(`tsc ${selected}`) ? undefined : tscOf(source, selected)),
      ),
      ...read(`lapic ${selected}`, () => named(lapicOf(source.ask("info lapic", selected)))),
    ];
  };
  if (!own().some(({ id }) => id === "lapic")) return undefined;
  return {
    read: own,
    readOthers: () => read("ioapic", () => ioApicOf(source.ask("info pic", processors().selected))),
  };
}

const WHERE = "as QEMU's processor model was made (QMP)";

/**
 * What QEMU tells of the TSC: how the processor was made, not what the counter says. No command of its monitor reads the counter
 * or an MSR.
 */
function tscOf({ property }: MonitorSource, processor: number): ClockDevice | undefined {
  if (!property) return undefined;
  const hertz = Number(property("tsc-frequency", processor));
  const invariant = property("invtsc", processor) === true;
  const frequency = hertz > 0 ? formatFrequency(hertz) : "frequency of the host's counter";
  const promise = invariant ? "invariant" : "invariance not promised by CPUID";
  return {
    id: "tsc",
    label: "TSC",
    summary: `${frequency}, ${promise}; QEMU does not tell the counter`,
    registers: [
      invariantRegister(invariant),
      modelRegister(
        "tsc_frequency",
        "tsc-frequency of -cpu, in Hz",
        hertz,
        hertz > 0 ? frequency : "not set",
      ),
      flag(
        "tsc_deadline_offered",
        "CPUID 1 ECX bit 24: TSC-deadline timer",
        property("tsc-deadline", processor),
      ),
      flag("tsc_adjust_offered", "CPUID 7 EBX bit 1: IA32_TSC_ADJUST", property("tsc-adjust", processor)),
    ],
  };
}

function invariantRegister(promised: boolean): ClockRegister {
  const known = tscRegister("invariant")!;
  const value = promised ? 0x100n : 0n;
  const fields = decodeFields(known, value).map(({ name, bits, value: part, meaning }) => {
    return { label: `${name} (${bits})`, value: hex(part), meaning };
  });
  const meaning = `${promised ? "promised" : "not promised"}, ${WHERE}`;
  return { id: known.id, label: known.name, value: hex(value), meaning, fields };
}

const modelRegister = (id: string, label: string, value: number, meaning: string): ClockRegister => ({
  id,
  label,
  value: hex(Number.isFinite(value) ? value : 0),
  meaning: `${meaning}, ${WHERE}`,
  fields: [],
});

const flag = (id: string, label: string, value: unknown): ClockRegister =>
  modelRegister(id, label, value === true ? 1 : 0, value === true ? "offered" : "not offered");
