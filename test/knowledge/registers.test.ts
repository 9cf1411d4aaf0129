// knowledge/: the tables agree with themselves, and with the kernels' headers where those are at hand.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { ALL_REGISTERS, knownConstants, registerOfConstant } from "../../knowledge/constants.ts";
import { lapicRegisterAt } from "../../knowledge/lapic.ts";
import { decodeFields } from "../../knowledge/registers.ts";

test("ids are unique in a device, fields do not overlap, most significant first", () => {
  expect(new Set(ALL_REGISTERS.map((r) => `${r.device} ${r.id}`)).size).toBe(ALL_REGISTERS.length);
  for (const register of ALL_REGISTERS) {
    let above = 64;
    for (const field of register.fields) {
      expect(field.high, `${register.id}: ${field.name}`).toBeLessThan(above);
      expect(field.low).toBeLessThanOrEqual(field.high);
      above = field.low;
    }
  }
});

test.each([
  ["LAPIC_ICR_TIMER", "lapic timer_initial_count", "Initial Count Register (for Timer)", 0x380, 0x838],
  ["LAPIC_CCR_TIMER", "lapic timer_current_count", "Current Count Register (for Timer)", 0x390, 0x839],
  ["LAPIC_DCR_TIMER", "lapic timer_divide", "Divide Configuration Register (for Timer)", 0x3e0, 0x83e],
  ["LAPIC_TPRI", "lapic tpr", "Task Priority Register (TPR)", 0x80, 0x808],
  ["LAPIC_DFR", "lapic dfr", "Destination Format Register", 0xe0, undefined],
  ["LAPIC_ICRLO", "lapic icr_low", "Interrupt Command Register (ICR); bits 0-31", 0x300, 0x830],
  ["LAPIC_ICRHI", "lapic icr_high", "Interrupt Command Register (ICR); bits 32-63", 0x310, undefined],
])("%s", (constant, id, name, xapicOffset, msr) => {
  const known = registerOfConstant(constant);
  expect(`${known?.device} ${known?.register}`).toBe(id);
  expect([known?.knowledge.name, known?.knowledge.xapicOffset, known?.knowledge.msr]).toEqual(
    [name, xapicOffset, msr], // biome-ignore format: a row
  );
});

test("constants of fields name field and value", () => {
  const periodic = registerOfConstant("LAPIC_LVT_TMM_PERIODIC");
  expect([periodic?.register, periodic?.field?.name, periodic?.value]).toEqual([
    "lvt_timer",
    "Timer Mode",
    1,
  ]);
  expect(registerOfConstant("toString")).toBeUndefined();
});

test("decodeFields cuts a value into its fields", () => {
  const fields = decodeFields(lapicRegisterAt(0x320)!, 0x200c0n);
  expect(fields.map((f) => `${f.name} ${f.bits} = ${f.value} ${f.meaning}`.trim())).toEqual([
    "Timer Mode 18:17 = 1 periodic",
    "Mask 16 = 0 not masked",
    "Delivery Status 12 = 0 idle",
    "Vector 7:0 = 192",
  ]);
});

const netbsd = process.env.CLOCKPATH_NETBSD_SRC;
const header =
  netbsd &&
  [netbsd, path.join(netbsd, "sys")]
    .map((d) => path.join(d, "arch/x86/include/i82489reg.h"))
    .find(existsSync);

describe.skipIf(!header)(
  `NetBSD's i82489reg.h${header ? "" : " (skipped: CLOCKPATH_NETBSD_SRC is not set)"}`,
  () => {
    const text = header ? readFileSync(header, "latin1") : "";
    const offsets = new Map(
      [...text.matchAll(/^#define[ \t]+(LAPIC_\w+)[ \t]+0x([0-9a-f]+)\b/gm)].map((m) => [
        m[1]!,
        Number.parseInt(m[2]!, 16),
      ]),
    );
    const registers = [...offsets].filter(
      ([name, offset]) =>
        offset < 0x400 && offset % 16 === 0 && !name.includes("_MSIADDR") && lapicRegisterAt(offset),
    );

    test("every register constant is known, at its offset", () => {
      expect(registers.length).toBeGreaterThan(25);
      const ours = registers.filter(([name]) => !/DELIVERY|DLSTAT|LEVEL|TRIG|DFR_|SVR_/.test(name));
      expect(
        ours.map(([name]) => `${name} ${registerOfConstant(name)?.knowledge.xapicOffset?.toString(16)}`),
      ).toEqual(ours.map(([name, offset]) => `${name} ${offset.toString(16)}`));
    });

    test("every constant of ours that the header has is a register or a field of one", () => {
      expect(
        knownConstants().filter((name) => new RegExp(`\\b${name}\\b`).test(text)).length,
      ).toBeGreaterThan(50);
    });
  },
);
