// Clock devices as rows of a tree: labels, descriptions, what changed. Plain data, so that it can be tested without VS Code.
import type { ClockDevice, ClockRegister } from "../../emulator/adapter/protocol.ts";

export interface Row {
  /** "lapic", "lapic/timer_initial_count", "lapic/lvt_timer/Vector": stable from one state to the next. */
  readonly id: string;
  readonly kind: "device" | "register" | "field";
  readonly label: string;
  readonly description: string;
  /** For the clipboard. */
  readonly value: string;
  /** Differs from the state before; for a device: one of its registers does. */
  readonly changed: boolean;
  /** Markdown. */
  readonly tooltip: string;
  readonly children: readonly Row[];
}

/** The rows of all devices, in the adapter's order. Without a state before, nothing has changed. */
export function clockDeviceRows(
  devices: readonly ClockDevice[],
  before: readonly ClockDevice[] | undefined,
): Row[] {
  return devices.map((device) => {
    const old = before?.find(({ id }) => id === device.id);
    const children = device.registers.map((register) =>
      registerRow(device, register, before && (old ?? "new")),
    );
    return {
      id: device.id,
      kind: "device",
      label: device.label,
      description: device.summary,
      value: device.summary,
      changed: children.some((child) => child.changed),
      tooltip: `**${device.label}**: ${device.summary}`,
      children,
    };
  });
}

function registerRow(
  device: ClockDevice,
  register: ClockRegister,
  before: ClockDevice | "new" | undefined,
): Row {
  const old = before === "new" ? undefined : before?.registers.find(({ id }) => id === register.id);
  const id = `${device.id}/${register.id}`;
  return {
    id,
    kind: "register",
    label: register.label,
    description: register.meaning === "" ? register.value : `${register.value}  ${register.meaning}`,
    value: register.value,
    changed: before !== undefined && old?.value !== register.value,
    tooltip: registerTooltip(device, register, old),
    children: register.fields.map((field) =>
      fieldRow(id, field, before === undefined ? undefined : (old ?? "new")),
    ),
  };
}

function fieldRow(
  registerId: string,
  field: ClockRegister["fields"][number],
  before: ClockRegister | "new" | undefined,
): Row {
  const old = before === "new" ? undefined : before?.fields.find(({ label }) => label === field.label);
  const description = field.meaning === "" ? field.value : `${field.value}  ${field.meaning}`;
  return {
    id: `${registerId}/${field.label}`,
    kind: "field",
    label: field.label,
    description,
    value: field.value,
    changed: before !== undefined && old?.value !== field.value,
    tooltip: `${field.label}: ${description}`,
    children: [],
  };
}

function registerTooltip(
  device: ClockDevice,
  register: ClockRegister,
  old: ClockRegister | undefined,
): string {
  const was = old && old.value !== register.value ? `\n\nbefore: \`${old.value}\` ${old.meaning}` : "";
  return `**${device.label}: ${register.label}**\n\n\`${register.value}\` = ${decimal(register.value)} ${register.meaning}${was}`;
}

/** A register's hexadecimal value in decimal, grouped by threes. */
export function decimal(value: string): string {
  return /^0x[0-9a-f]+$/i.test(value) ? BigInt(value).toLocaleString("en") : value;
}

/** Guest time for people: "31.250 ms", "1.500 s". */
export function guestTime(ns: number): string {
  if (ns < 1e6) return `${(ns / 1e3).toFixed(3)} µs`;
  return ns < 1e9 ? `${(ns / 1e6).toFixed(3)} ms` : `${(ns / 1e9).toFixed(3)} s`;
}
