// A fault while a fault is delivered (SDM 3A 6.15, table 6-5): which pairs are served one after the other, which make a double fault,
// and what a double fault that cannot be delivered comes to.

import { describe, expect, it } from "vitest";
import { exitText, HANDLERS, IDT, longMode, PAGE_TABLES, setGate, TSS, write64 } from "./fixture.ts";

const ABSENT = 0x600000;

/** How the first fault's gate fails. */
type Second = "not present" | "page fault" | "data segment";

const FIRST = {
  "benign, #UD": { code: "0f 0b", vector: 6 },
  "contributory, #DE": { code: "31 c9 f7 f1", vector: 0 },
  "contributory, #SS": { code: "48 bd 00 00 00 00 00 80 00 00 8b 45 00", vector: 12 },
  "page fault": { code: "8b 04 25 00 00 60 00", vector: 14 },
} as const;

function run(code: string, vector: number, second: Second): string {
  const { cpu } = longMode(`${code} f4`);
  write64(cpu, PAGE_TABLES + 0x2000 + 3 * 8, 0n); // ABSENT
  write64(cpu, TSS + 36 + 8, BigInt(ABSENT + 0x100)); // IST2 lies there
  if (second === "not present") write64(cpu, IDT + vector * 16, 0x00000e00_00080000n);
  else if (second === "page fault") setGate(cpu, vector, HANDLERS + 16 * vector, 2);
  else
    write64(
      cpu,
      IDT + vector * 16,
      0x00008e00_00100000n | ((BigInt(HANDLERS + 16 * vector) & 0xffff0000n) << 32n),
    );
  return exitText(cpu, cpu.run(100)).replace(/ at \+.*/, "");
}

describe("the second fault by the class of the first", () => {
  it.each([
    ["benign, #UD", "not present", "#11 error 33"],
    ["benign, #UD", "page fault", "#14 error 2 cr2 6000f8"],
    ["benign, #UD", "data segment", "#13 error 11"],
    ["contributory, #DE", "not present", "#8 error 0"],
    ["contributory, #DE", "page fault", "#14 error 2 cr2 6000f8"],
    ["contributory, #DE", "data segment", "#8 error 0"],
    ["contributory, #SS", "not present", "#8 error 0"],
    ["page fault", "not present", "#8 error 0"],
    ["page fault", "page fault", "#8 error 0"],
    ["page fault", "data segment", "#8 error 0"],
  ] as const)("%s; then %s: %s", (first, second, expected) => {
    const { code, vector } = FIRST[first];
    expect(run(code, vector, second)).toBe(expected);
  });

  it("INT n is benign, whatever its vector: the error code has no EXT bit", () => {
    expect(run("cd 0d", 13, "not present")).toBe("#11 error 6a");
  });
});

describe("a double fault that fails", () => {
  it.each([
    ["by a contributory fault", "not present", "exception 11"],
    ["by a page fault", "page fault", "exception 14"],
  ] as const)("%s shuts the processor down", (_name, second, expected) => {
    const { cpu } = longMode("31 c9 f7 f1 f4");
    write64(cpu, PAGE_TABLES + 0x2000 + 3 * 8, 0n);
    write64(cpu, TSS + 36 + 8, BigInt(ABSENT + 0x100));
    write64(cpu, IDT, 0n);
    if (second === "not present") write64(cpu, IDT + 8 * 16, 0x00000e00_00080000n);
    else setGate(cpu, 8, HANDLERS + 16 * 8, 2);
    expect(cpu.run(100)).toMatchObject({ kind: "shutdown", message: expect.stringContaining(expected) });
  });

  it("the double fault's frame points at the first instruction", () => {
    const { cpu } = longMode("31 c9 f7 f1 f4");
    write64(cpu, IDT, 0n);
    expect(exitText(cpu, cpu.run(100))).toBe("#8 error 0 at +2");
  });
});
