// Clock devices as rows of a tree: labels, descriptions, what changed. Plain data, so that it can be tested without VS Code.
import type { ClockDevice, ClockRegister } from "../../emulator/adapter/protocol.ts";

export interface Row {
  /** "lapic", "lapic/timer_initial_count", "lapic/lvt_timer/Vector": stable from one state to the next. */
  readonly id: string;
  readonly kind: "device" | "group" | "register" | "field";
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
    const rows = device.registers.map((register) => registerRow(device, register, before && (old ?? "new")));
    const children = grouped(device, rows);
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

/** What a device is watched for here; its other registers go into a group of their own, so that the view stays small. */
const clockRegisters: Record<string, RegExp | undefined> = { lapic: /timer/ };

function grouped(device: ClockDevice, rows: Row[]): Row[] {
  const wanted = clockRegisters[device.id];
  const others = wanted ? rows.filter((row) => !wanted.test(row.id)) : [];
  if (others.length === 0) return rows;
  const changed = others.filter((row) => row.changed).length;
  const description = changed === 0 ? `${others.length}` : `${others.length}, ${changed} changed`;
  const group: Row = {
    id: `${device.id}/others`,
    kind: "group",
    label: "Other registers",
    description,
    value: description,
    changed: changed > 0,
    tooltip: `Registers of the ${device.label} that are not its timer's: ${description}`,
    children: others,
  };
  return [...rows.filter((row) => !others.includes(row)), group];
}

/** The manual's name without what the view says anyway: "Initial Count Register (for Timer)" is "Initial Count". */
function shortLabel(label: string): string {
  return label.replace(/ Register\b/, "").replace(/ \(for Timer\)$/, "");
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
    label: shortLabel(register.label),
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
