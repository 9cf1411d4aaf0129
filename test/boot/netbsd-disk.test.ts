// NetBSD with a virtio disk that holds a file system made by Debian's makefs: root is mounted, init is looked for.
// Takes the kernel from CLOCKPATH_NETBSD_KERNEL.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseMachineSwitches } from "../../emulator/machine/board.ts";
import { bootUntil, debianFile, NOT_INSTALLED, unless } from "./real.ts";

const kernel = process.env.CLOCKPATH_NETBSD_KERNEL;
const makefs = debianFile("makefs");
const reason = kernel ? NOT_INSTALLED : "CLOCKPATH_NETBSD_KERNEL is not set";

describe.skipIf(!kernel || !makefs)(`NetBSD with a disk${unless(kernel && makefs, reason)}`, () => {
  let folder: string;
  let image: Uint8Array;

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "clockpath-ffs-"));
    mkdirSync(path.join(folder, "root", "sbin"), { recursive: true });
    mkdirSync(path.join(folder, "root", "dev"));
    writeFileSync(path.join(folder, "root", "hello"), "a file\n");
    const target = path.join(folder, "ffs.img");
    execFileSync(makefs!, ["-t", "ffs", "-s", "8m", "-o", "version=2", target, path.join(folder, "root")], {
      stdio: "ignore",
    });
    image = readFileSync(target);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const boot = (readOnly: boolean, switches = "") =>
    bootUntil(
      {
        kernel: kernel!,
        cmdline: "console=com root=ld0a -v",
        disks: [{ image, readOnly }],
        ...parseMachineSwitches(switches),
      },
      "init path",
      200_000_000,
    );

  test.each([
    ["virtio 1", "", "512@0xfeb00e00:12", "VirtIO-MMIO-v2"],
    ["legacy virtio", "virtio-modern=off", "512@0xfeb00e00:12", "VirtIO-MMIO-v1"],
    ["Firecracker's board, which has no RTC", "preset=firecracker", "4K@0xd0000000:5", "VirtIO-MMIO-v2"],
  ])("%s: finds ld0, mounts root, looks for init", { timeout: 60_000 }, (_name, switches, place, version) => {
    const before = image.slice();
    const { console } = boot(false, switches);
    expect(console).toContain(`viommio: ${place}`);
    expect(console).toContain(version);
    expect(console).toContain("ld0: 8192 KB");
    expect(console).toContain("root on ld0a");
    expect(console).toContain("root file system type: ffs");
    expect(console).toContain("exec /sbin/init: error 2"); // ENOENT: the file system was read
    expect(Buffer.compare(image, before)).toBe(0);
  });

  test("finds network card, entropy source and console too", { timeout: 60_000 }, () => {
    const { console } = boot(true, "virtio-net=on,virtio-rng=on,virtio-console=on");
    expect(
      [...console.matchAll(/(ld0|vioif0|viornd0|viocon0) at virtio\d/g)].map((match) => match[1]),
    ).toEqual(["ld0", "vioif0", "viornd0", "viocon0"]);
    expect(console).toContain("vioif0: Ethernet address 52:54:00:12:34:56");
    expect(console).toContain("exec /sbin/init: error 2");
  });

  test("twice the same", { timeout: 60_000 }, () => {
    const [a, b] = [boot(true), boot(true)];
    expect(a.machine.stateHash()).toBe(b.machine.stateHash());
  });
});
