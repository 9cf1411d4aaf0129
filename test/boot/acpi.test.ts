// The ACPI tables as a kernel reads them: from the root pointer down, every checksum 0 (ACPI specification 6.4, chapter 5).

import { expect, test } from "vitest";
import { acpiTables } from "../../emulator/boot/acpi-tables.ts";

const FACTS = {
  cpus: 3,
  lapicAddress: 0xfee00000,
  ioApicId: 4,
  ioApicAddress: 0xfec00000,
  pic: false,
  rtc: true,
};

/** The tables by signature, found as a kernel finds them. Throws where a checksum is wrong. */
function tables(facts = FACTS): Map<string, DataView> {
  const { address, bytes } = acpiTables(facts);
  const part = (at: number, size: number) => new DataView(bytes.buffer, at - address, size);
  const summed = (view: DataView) => {
    let sum = 0;
    for (let i = 0; i < view.byteLength; i++) sum += view.getUint8(i);
    if ((sum & 0xff) !== 0) throw new Error(`checksum of the table at ${view.byteOffset}`);
    return view;
  };
  const text = (view: DataView, at: number, size: number) => String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, size)); // biome-ignore format: one thought
  const root = summed(part(address, 36));
  summed(part(address, 20));
  expect([text(root, 0, 8), root.getUint8(15)]).toEqual(["RSD PTR ", 2]);
  const found = new Map<string, DataView>();
  const read = (at: bigint) => {
    const view = summed(part(Number(at), part(Number(at), 8).getUint32(4, true)));
    found.set(text(view, 0, 4), view);
    return view;
  };
  const xsdt = read(root.getBigUint64(24, true));
  for (let at = 36; at < xsdt.byteLength; at += 8) read(xsdt.getBigUint64(at, true));
  read(found.get("FACP")!.getBigUint64(140, true));
  return found;
}

const hex = (view: DataView, from: number) =>
  [...new Uint8Array(view.buffer, view.byteOffset + from, view.byteLength - from)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join(" ");

test("the root pointer leads to all of them, and their checksums are right", () => {
  expect([...tables().keys()]).toEqual(["XSDT", "FACP", "APIC", "DSDT"]);
});

test("the MADT has a local APIC for each processor, the I/O APIC, the timer's pin 2, and NMI at LINT1", () => {
  const madt = tables().get("APIC")!;
  expect([madt.getUint32(36, true), madt.getUint32(40, true)]).toEqual([0xfee00000, 0]);
  const entries: string[] = [];
  for (let at = 44; at < madt.byteLength; at += madt.getUint8(at + 1))
    entries.push(hex(new DataView(madt.buffer, madt.byteOffset + at, madt.getUint8(at + 1)), 0));
  expect(entries).toEqual([
    "00 08 00 00 01 00 00 00",
    "00 08 01 01 01 00 00 00",
    "00 08 02 02 01 00 00 00",
    "01 0c 04 00 00 00 c0 fe 00 00 00 00",
    "02 0a 00 00 02 00 00 00 00 00",
    "04 06 ff 00 00 01",
  ]);
  expect(
    tables({ ...FACTS, pic: true })
      .get("APIC")!
      .getUint32(40, true),
  ).toBe(1);
});

test("the FADT is hardware-reduced, without VGA, and tells an absent RTC", () => {
  const flags = (rtc: boolean) => {
    const fadt = tables({ ...FACTS, rtc }).get("FACP")!;
    return [(fadt.getUint32(112, true) >>> 20) & 1, fadt.getUint16(109, true)];
  };
  expect([flags(true), flags(false)]).toEqual([[1, 4], [1, 0x24]]); // biome-ignore format: a row
});

test("the DSDT names COM1: Scope(\\_SB) { Device(COM1) { _HID PNP0501, _UID 1, _CRS ports 0x3f8-0x3ff and interrupt 4 } }", () => {
  expect(hex(tables().get("DSDT")!, 36)).toMatchInlineSnapshot(
    `"10 39 5c 5f 53 42 5f 5b 82 31 43 4f 4d 31 08 5f 48 49 44 0c 41 d0 05 01 08 5f 55 49 44 01 08 5f 43 52 53 11 16 0a 13 47 01 f8 03 f8 03 00 08 89 06 00 03 01 04 00 00 00 79 00"`,
  );
});
