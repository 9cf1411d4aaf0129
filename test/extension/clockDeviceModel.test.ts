// The rows of the Clock Devices view, as text: label, description, and a star where the row is marked as changed.
import { expect, test } from "vitest";
import type { ClockDevice } from "../../emulator/adapter/protocol.ts";
import { clockDeviceRows, decimal, guestTime, type Row } from "../../extension/features/clockDeviceModel.ts";

function lapic(count: string, mode: string): ClockDevice {
  return {
    id: "lapic",
    label: "Local APIC",
    summary: `timer ${mode}`,
    registers: [
      {
        id: "lvt_timer",
        label: "LVT Timer Register",
        value: mode === "periodic" ? "0x000200c0" : "0x000000c0",
        meaning: `${mode}, vector 0xc0`,
        fields: [
          { label: "Timer Mode", value: mode === "periodic" ? "1" : "0", meaning: mode },
          { label: "Vector", value: "0xc0", meaning: "" },
        ],
      },
      {
        id: "timer_current_count",
        label: "Current Count Register (for Timer)",
        value: count,
        meaning: "",
        fields: [],
      },
      {
        id: "svr",
        label: "Spurious Interrupt Vector Register",
        value: "0x10f",
        meaning: "enabled",
        fields: [],
      },
    ],
  };
}

function shown(rows: readonly Row[], indent = ""): string {
  return rows
    .map(
      (row) =>
        `${indent}${row.changed ? "*" : "-"} ${row.label}: ${row.description}\n${shown(row.children, `${indent}  `)}`,
    )
    .join("");
}

test("without a state before, nothing has changed", () => {
  expect(shown(clockDeviceRows([lapic("0x0000f424", "one-shot")], undefined))).toMatchInlineSnapshot(`
    "- Local APIC: timer one-shot
      - LVT Timer: 0x000000c0  one-shot, vector 0xc0
        - Timer Mode: 0  one-shot
        - Vector: 0xc0
      - Current Count: 0x0000f424
      - Other registers: 1
        - Spurious Interrupt Vector: 0x10f  enabled
    "
  `);
});

test("what changed is marked: the field, its register, its device", () => {
  const rows = clockDeviceRows([lapic("0x0000f424", "periodic")], [lapic("0x0000f424", "one-shot")]);
  expect(shown(rows)).toMatchInlineSnapshot(`
    "* Local APIC: timer periodic
      * LVT Timer: 0x000200c0  periodic, vector 0xc0
        * Timer Mode: 1  periodic
        - Vector: 0xc0
      - Current Count: 0x0000f424
      - Other registers: 1
        - Spurious Interrupt Vector: 0x10f  enabled
    "
  `);
  expect(rows[0]?.children[0]?.tooltip).toMatchInlineSnapshot(`
    "**Local APIC: LVT Timer Register**

    \`0x000200c0\` = 131,264 periodic, vector 0xc0

    before: \`0x000000c0\` one-shot, vector 0xc0"
  `);
});

test("a device or register that was not there before is new", () => {
  expect(shown(clockDeviceRows([lapic("0x1", "periodic")], []))).toMatchInlineSnapshot(`
    "* Local APIC: timer periodic
      * LVT Timer: 0x000200c0  periodic, vector 0xc0
        * Timer Mode: 1  periodic
        * Vector: 0xc0
      * Current Count: 0x1
      * Other registers: 1, 1 changed
        * Spurious Interrupt Vector: 0x10f  enabled
    "
  `);
});

test("ids are unique and stay from state to state", () => {
  const ids = (rows: readonly Row[]): string[] => rows.flatMap((row) => [row.id, ...ids(row.children)]);
  const first = ids(clockDeviceRows([lapic("0x1", "periodic")], undefined));
  expect(new Set(first).size).toBe(first.length);
  expect(ids(clockDeviceRows([lapic("0x2", "one-shot")], [lapic("0x1", "periodic")]))).toEqual(first);
});

test("numbers for people", () => {
  expect(decimal("0xffffffffffffffff")).toBe("18,446,744,073,709,551,615");
  expect([0, 999, 31_250_000, 1_500_000_000].map(guestTime)).toEqual([
    "0.000 µs",
    "0.999 µs",
    "31.250 ms",
    "1.500 s",
  ]);
});
