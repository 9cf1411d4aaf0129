// PVH boot: what is in memory and in the registers at the kernel's first instruction, and clear errors for what cannot boot.

import { describe, expect, test } from "vitest";
import type { BootPlan } from "../../emulator/boot/layout.ts";
import { mpTable } from "../../emulator/boot/mp-table.ts";
import { planPvhBoot } from "../../emulator/boot/pvh.ts";
import { pvhElf } from "./pvh-elf.ts";

const MEMORY = 256 << 20;
const FACTS = {
  cpus: 1,
  counted: true,
  lapicAddress: 0xfee00000,
  lapicVersion: 0x14,
  cpuSignature: 0x60fb1,
  cpuFeatures: 0x789,
  ioApicId: 2,
  ioApicVersion: 0x20,
  ioApicAddress: 0xfec00000,
};

function plan(kernel = pvhElf({ code: [0xf4] }), cmdline = "console=com -v", table = true) {
  return planPvhBoot({ kernel, cmdline, memory: MEMORY, mpTable: table ? FACTS : undefined });
}

/** Guest memory as the plan leaves it. */
function view(plan: BootPlan): DataView {
  const ram = new Uint8Array(0x200000);
  for (const { address, bytes } of plan.writes) ram.set(bytes, address);
  return new DataView(ram.buffer);
}

function text(memory: DataView, address: number, length: number): string {
  return String.fromCharCode(...new Uint8Array(memory.buffer, address, length));
}

describe("hvm_start_info", () => {
  test("EBX points to version 1 with command line and memory map", () => {
    const boot = plan();
    const memory = view(boot);
    const info = Number(boot.registers.rbx);
    const at = (offset: number) => memory.getUint32(info + offset, true);
    expect([at(0), at(4), at(12), at(48)]).toEqual([0x336ec578, 1, 0, 4]);
    expect(text(memory, at(24), 15)).toBe("console=com -v\0");
    const map = at(40);
    const entries = Array.from({ length: 4 }, (_, i) =>
      [0, 8]
        .map((o) => memory.getBigUint64(map + 24 * i + o, true).toString(16))
        .concat(`${memory.getUint32(map + 24 * i + 16, true)}`)
        .join(" "),
    );
    expect(entries).toEqual(["0 9fc00 1", "9fc00 400 2", "f0000 10000 2", "100000 ff00000 1"]);
  });

  test("registers as the ABI asks: 32-bit protected mode, flat segments, paging off", () => {
    const { registers, segments } = plan();
    expect(registers).toMatchObject({ rip: 0x100000n, cr0: 0x11n, eflags: 2n, efer: 0n });
    expect(segments.cs).toEqual({ selector: 8, base: 0n, limit: 0xffffffff, attributes: 0xc09b });
    expect(segments.ss).toEqual({ selector: 16, base: 0n, limit: 0xffffffff, attributes: 0xc093 });
    expect(segments.tr).toMatchObject({ limit: 0x67, attributes: 0x8b });
  });
});

describe("MP table (MP specification 1.4, chapter 4)", () => {
  const sum = (memory: DataView, from: number, size: number) =>
    new Uint8Array(memory.buffer, from, size).reduce((a, b) => (a + b) & 255, 0);

  test("is where kernels look: EBDA at 0x9fc00, 639 KB of base memory", () => {
    const memory = view(plan());
    expect([memory.getUint16(0x40e, true) << 4, memory.getUint16(0x413, true) << 10]).toEqual([
      0x9fc00, 0x9fc00,
    ]);
    expect([text(memory, 0x9fc00, 4), sum(memory, 0x9fc00, 16), memory.getUint32(0x9fc04, true)]).toEqual([
      "_MP_",
      0,
      0x9fc10,
    ]);
  });

  test("the count, the length and the checksum agree with the entries", () => {
    const memory = view(plan());
    const table = 0x9fc10;
    const length = memory.getUint16(table + 4, true);
    expect([text(memory, table, 4), sum(memory, table, length), memory.getUint32(table + 36, true)]).toEqual([
      "PCMP",
      0,
      0xfee00000,
    ]);
    const entries: string[] = [];
    let at = table + 44;
    for (let i = 0; i < memory.getUint16(table + 34, true); i++) {
      const size = memory.getUint8(at) === 0 ? 20 : 8;
      entries.push(Array.from(new Uint8Array(memory.buffer, at, 8), (b) => b.toString(16)).join(" "));
      at += size;
    }
    expect(at - table).toBe(length);
    expect(entries).toMatchInlineSnapshot(`
      [
        "0 0 14 3 b1 f 6 0",
        "1 0 49 53 41 20 20 20",
        "2 2 20 1 0 0 c0 fe",
        "3 0 0 0 0 0 2 2",
        "3 0 0 0 0 1 2 1",
        "3 0 0 0 0 3 2 3",
        "3 0 0 0 0 4 2 4",
        "3 0 0 0 0 5 2 5",
        "3 0 0 0 0 6 2 6",
        "3 0 0 0 0 7 2 7",
        "3 0 0 0 0 8 2 8",
        "3 0 0 0 0 9 2 9",
        "3 0 0 0 0 a 2 a",
        "3 0 0 0 0 b 2 b",
        "3 0 0 0 0 c 2 c",
        "3 0 0 0 0 d 2 d",
        "3 0 0 0 0 e 2 e",
        "3 0 0 0 0 f 2 f",
        "4 3 0 0 0 0 ff 0",
        "4 1 0 0 0 0 ff 1",
      ]
    `);
  });

  test("without a count, as QEMU's microvm writes it: 0 entries, and the checksum fits", () => {
    const { bytes } = mpTable({ ...FACTS, counted: false });
    const table = bytes.subarray(16);
    const size = new DataView(bytes.buffer, bytes.byteOffset + 16).getUint16(4, true);
    expect([
      table[34],
      table[35],
      table.subarray(0, size).reduce((sum, byte) => sum + byte, 0) & 0xff,
    ]).toEqual([0, 0, 0]);
  });

  test("is absent when the board has none", () => {
    const memory = view(plan(undefined, "", false));
    expect([memory.getUint16(0x40e, true), memory.getUint32(0x9fc00, true)]).toEqual([0, 0]);
    expect(mpTable(FACTS).address).toBe(0x9fc00);
  });
});

describe("what cannot boot says why", () => {
  const truncated = pvhElf({ code: [0xf4] }).subarray(0, 100);
  const random = Uint8Array.from({ length: 4096 }, (_, i) => (i * 197 + 31) & 255);
  const elf32 = pvhElf({ code: [0xf4] });
  elf32[4] = 1;
  test.each([
    ["empty file", new Uint8Array(), /empty/],
    ["random bytes", random, /^Not an ELF file/],
    ["32-bit ELF", elf32, /32-bit ELF/],
    ["truncated", truncated, /truncated|beyond|end/i],
    ["ARM", pvhElf({ code: [0xf4], machine: 183 }), /AArch64/],
    [
      "no PVH note",
      pvhElf({ code: [0xf4], note: false }),
      /no PVH entry point.*XEN_ELFNOTE_PHYS32_ENTRY.*MICROVM/,
    ],
    [
      "segment outside RAM",
      pvhElf({ code: [0xf4], address: 0x20000000 }),
      /Segment 0 .* 0x20000000.*outside the guest's 256 MiB/,
    ],
    ["bss outside RAM", pvhElf({ code: [0xf4], memorySize: 0x40000000 }), /outside the guest's 256 MiB/],
    ["segment over the boot data", pvhElf({ code: [0xf4], address: 0x6000 }), /covers the boot information/],
  ])("%s", (_name, kernel, message) => {
    expect(() => plan(kernel)).toThrow(message);
    expect(() => plan(kernel)).toThrow(expect.objectContaining({ name: "ElfError" }));
  });

  test("every truncation of a good kernel is an ElfError or boots; nothing else is thrown", () => {
    const kernel = pvhElf({ code: [0xf4] });
    for (let size = 0; size < kernel.length; size++) {
      try {
        plan(kernel.subarray(0, size));
      } catch (error) {
        expect((error as Error).name, `${size} bytes: ${error}`).toBe("ElfError");
      }
    }
  });

  test("command line", () => {
    expect(() => plan(undefined, "x".repeat(70_000))).toThrow(
      "The kernel command line is 70000 characters long; at most 65535 fit.",
    );
    expect(() => plan(undefined, "root=\u20ac")).toThrow("not Latin-1, at position 6");
  });
});
