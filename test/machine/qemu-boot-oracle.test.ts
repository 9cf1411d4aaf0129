// What QEMU's microvm hands to a guest, and ours: modules through PVH, and a virtio disk that answers the same requests, by the
// same guest on both.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { loadCpuModule } from "../../emulator/assets.ts";
import { parseMachineSwitches } from "../../emulator/machine/board.ts";
import { createMachine } from "../../emulator/machine/machine.ts";
import { DeviceProgram } from "./device-program.ts";

const QEMU = "qemu-system-x86_64";
const hasQemu = spawnSync(QEMU, ["--version"]).status === 0;

interface Files {
  initrd?: Uint8Array;
  disk?: Uint8Array;
  modern?: boolean;
}

function onQemu(program: DeviceProgram, { initrd, disk, modern = true }: Files): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), "clockpath-"));
  const put = (name: string, bytes: Uint8Array) => {
    writeFileSync(path.join(folder, name), bytes);
    return path.join(folder, name);
  };
  try {
    const args =
      "-M microvm,x-option-roms=off,rtc=on,acpi=off,pic=off -m 64 -nodefaults -no-user-config -display none".split(
        " ",
      );
    args.push(
      "-no-reboot",
      "-serial",
      "stdio",
      "-monitor",
      "none",
      "-kernel",
      put("kernel.elf", program.elf()),
    );
    args.push("-global", `virtio-mmio.force-legacy=${modern ? "false" : "true"}`);
    if (initrd) args.push("-initrd", put("initrd", initrd));
    if (disk) {
      args.push("-drive", `id=d,if=none,format=raw,file=${put("disk.img", disk)}`);
      args.push("-device", "virtio-blk-device,drive=d");
    }
    return program.results(spawnSync(QEMU, args, { timeout: 30_000 }).stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function onOurs(program: DeviceProgram, { initrd, disk, modern = true }: Files): string[] {
  const machine = createMachine(loadCpuModule(), {
    kernel: program.elf(),
    memory: 64 << 20,
    initrd,
    ...(disk ? { disks: [{ image: disk }] } : {}),
    ...parseMachineSwitches(`virtio-modern=${modern ? "on" : "off"}`),
  });
  for (let slices = 0; slices < 200; slices++) if (machine.run(1_000_000).kind === "shutdown") break;
  return program.results(machine.takeConsoleOutput());
}

const disk = Uint8Array.from({ length: 64 * 512 }, (_, i) => (i >> 9) * 5 + (i & 15));

const [descriptors, header, data, status] = [0x301000, 0x304000, 0x305000, 0x306000];
/** Where the rings are: anywhere, or where the legacy layout has them. */
const RINGS = {
  modern: { available: 0x302000, used: 0x303000 },
  legacy: { available: descriptors + 16 * 8, used: 0x302000 },
};
type Rings = (typeof RINGS)["modern"];
const at = (address: number) => address.toString(16);
const register = (offset: number) => at(0xfeb00e00 + offset);

/** A descriptor as four dwords. */
function descriptor(index: number, address: number, length: number, flags: number, next: number): string[] {
  const place = descriptors + 16 * index;
  return [
    `write ${at(place)} ${at(address)}`,
    `write ${at(place + 8)} ${at(length)}`,
    `write ${at(place + 12)} ${at(flags | (next << 16))}`,
  ];
}

/**
 * The n-th request (from 1): {type, sector} with one buffer of `length` bytes; then what came of it. Of a request that fails
 * the used length is not compared: QEMU counts room that it has not written.
 */
function request(
  { available, used }: Rings,
  n: number,
  type: number,
  sector: number,
  length: number,
  fails = false,
): string[] {
  return [
    `write ${at(header)} ${at(type)}`,
    `write ${at(header + 8)} ${at(sector)}`,
    ...descriptor(0, header, 16, 1, 1),
    ...descriptor(1, data, length, type === 1 ? 1 : 3, 2),
    ...descriptor(2, status, 1, 2, 0),
    `write ${at(status)} ff`,
    // The ring's first two dwords: flags and idx, ring[0] and ring[1] (all requests begin at descriptor 0).
    `write ${at(available)} ${at(n << 16)}`,
    `write ${register(0x50)} 0`,
    "delay 20000000",
    `read ${at(used)}`, // flags, idx
    `read ${at(used + 4 + 8 * (n - 1))}`,
    ...(fails ? [] : [`read ${at(used + 8 + 8 * (n - 1))}`]), // length
    `read ${at(status)}`,
    `read ${at(data)}`,
    `read ${at(data + length - 4)}`,
    `read ${register(0x60)}`,
    `write ${register(0x64)} 1`,
    `read ${register(0x60)}`,
  ];
}

const requests = (rings: Rings) => [
  ...request(rings, 1, 0, 5, 512),
  ...request(rings, 2, 0, 62, 1024),
  ...request(rings, 3, 0, 63, 1024, true), // across the end
  `write ${at(data)} 12345678`,
  ...request(rings, 4, 1, 7, 512),
  `write ${at(data)} 0`,
  ...request(rings, 5, 0, 7, 512),
  ...request(rings, 6, 0, 64, 512, true), // beyond the end
  `write ${register(0x70)} 0`,
  `read ${register(0x70)}`,
];

const MODERN = [
  ...[0, 4, 8, 0x100, 0x104, 0x114].map((offset) => `read ${register(offset)}`),
  `write ${register(0x70)} 0`,
  `write ${register(0x70)} 3`,
  `read ${register(0x70)}`,
  `write ${register(0x14)} 1`,
  `write ${register(0x24)} 1`,
  `write ${register(0x20)} 1`,
  `write ${register(0x70)} b`,
  `read ${register(0x70)}`,
  `write ${register(0x30)} 0`,
  `read ${register(0x44)}`,
  `write ${register(0x38)} 8`,
  `write ${register(0x80)} ${at(descriptors)}`,
  `write ${register(0x90)} ${at(RINGS.modern.available)}`,
  `write ${register(0xa0)} ${at(RINGS.modern.used)}`,
  `write ${register(0x44)} 1`,
  `read ${register(0x44)}`,
  `write ${register(0x30)} 1`,
  `read ${register(0x34)}`, // no such queue
  `write ${register(0x30)} 0`,
  `write ${register(0x70)} f`,
  `read ${register(0x70)}`,
  ...requests(RINGS.modern),
  `read ${register(0x44)}`,
];

const LEGACY = [
  ...[0, 4, 8, 0x100].map((offset) => `read ${register(offset)}`),
  `write ${register(0x28)} 1000`,
  `write ${register(0x70)} 0`,
  `write ${register(0x70)} 3`,
  `write ${register(0x30)} 0`,
  `write ${register(0x38)} 8`,
  `write ${register(0x3c)} 1000`,
  `read ${register(0x40)}`,
  `write ${register(0x40)} ${at(descriptors >> 12)}`,
  `read ${register(0x40)}`,
  `write ${register(0x70)} 7`,
  `read ${register(0x70)}`,
  ...requests(RINGS.legacy),
  `read ${register(0x40)}`,
];

describe.skipIf(!hasQemu)(`as on QEMU${hasQemu ? "" : ` (skipped: no ${QEMU})`}`, () => {
  test("PVH modules: count, size, first and last bytes of the initial RAM disk", { timeout: 60_000 }, () => {
    const initrd = Uint8Array.from({ length: 5000 }, (_, i) => i * 7 + 1);
    const program = new DeviceProgram(
      ["follow 0", "follow 4", "follow c", "follow 10 8", "follow 10 0 0", "follow 10 0 1384"].join("\n"),
    );
    const ours = onOurs(program, { initrd });
    expect(ours).toEqual(onQemu(program, { initrd }));
    expect(ours).toContain("follow 10 8 = 1388");
  });

  test.each([
    ["virtio 1", MODERN, true],
    ["legacy", LEGACY, false],
  ])(
    "a virtio disk, %s: negotiation, requests, errors at the end of the disk",
    { timeout: 60_000 },
    (_name, lines, modern) => {
      const program = new DeviceProgram(lines.join("\n"));
      const ours = onOurs(program, { disk, modern });
      expect(ours).toEqual(onQemu(program, { disk, modern }));
      expect(ours.filter((line) => line === `read ${at(status)} = 0`).length).toBe(4);
    },
  );
});
