// Bad input to the command line: one clear line on stderr, exit status 1, no stack trace.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { clockpath, root } from "./run.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "clockpath-"));
  const guest = readFileSync(path.join(root, "emulator/guest/guest.elf"));
  const change = (offset: number, ...bytes: number[]) => {
    const copy = Buffer.from(guest);
    copy.set(bytes, offset);
    return copy;
  };
  const files: Record<string, Buffer> = {
    empty: Buffer.alloc(0),
    random: Buffer.from(
      Array.from({ length: 5000 }, (_, index) => (index * index * 31 + index * 7 + 3) & 0xff),
    ),
    "truncated-header": guest.subarray(0, 40),
    "truncated-middle": guest.subarray(0, guest.length >> 1),
    elf32: change(4, 1),
    "no-debug-info": Buffer.from(guest.toString("latin1").replaceAll(".debug_", ".hidden"), "latin1"),
    "no-entry": readFileSync(path.join(root, "test/debugger/fixtures/values.elf")),
    "big-endian": change(5, 2),
    arm: change(18, 0xb7, 0),
    "headers-outside": change(32, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
  };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(folder, name), bytes);
  mkdirSync(path.join(folder, "directory"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const KERNELS: [string, RegExp][] = [
  ["missing", /missing: no such file$/],
  ["directory", /directory: is a folder/],
  ["empty", /empty: .*ELF/],
  ["random", /random: Not an ELF file/],
  ["truncated-header", /truncated-header: .*[Tt]runcated/],
  ["truncated-middle", /truncated-middle: .*[Tt]runcated/],
  ["elf32", /elf32: .*32-bit/],
  ["big-endian", /big-endian: Not a little-endian ELF file/],
  ["arm", /arm: .*(machine|x86-64|aarch64|AArch64)/i],
  ["no-entry", /no-entry: The kernel has no PVH entry point/],
  ["headers-outside", /headers-outside: /],
];

test.each(KERNELS)("kernel %s", (name, message) => {
  const { status, stdout, stderr } = clockpath("boot", path.join(folder, name), "--max-instructions", "1000");
  expect(stderr.trimEnd()).toMatch(message);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).toBe("");
  expect(status).toBe(1);
});

test("a kernel without debug info boots with symbols only, and says so", () => {
  const kernel = path.join(folder, "no-debug-info");
  const { status, stdout } = clockpath("boot", kernel, "--break", "tc_init", "--stops", "1");
  expect(stdout).toMatch(/! .*debug info/);
  expect(stdout).toMatch(/^Breakpoint 1 at 0x[0-9a-f]+ \(no line information\)\.$/m);
  expect(stdout).toMatch(/^#0 {2}0x[0-9a-f]{16} in tc_init \(\)$/m);
  expect(stdout).toMatch(/^#1 {2}0x[0-9a-f]{16} in startrtclock \(\)$/m);
  expect(status).toBe(0);
});

const ARGUMENTS: [string[], RegExp][] = [
  [
    ["boot", "--break", "no_such_function"],
    /--break no_such_function: Function "no_such_function" not defined\.$/,
  ],
  [["boot", "--break", "no_such_file.c:3"], /No source file named no_such_file\.c/],
  [["boot", "--stops", "none"], /--stops takes a whole number above 0, not "none"\.$/],
  [["boot", "--memory", "much"], /Memory "much" is not a size/],
  [["boot", "--memory", "1K"], /Memory: 1024 bytes/],
  [["boot", "--machine", "flux=on"], /Unknown machine switch "flux"/],
  [["boot", "--ns-per-instruction", "fast"], /takes a number above 0, not "fast"/],
  [["boot", "--levitate"], /Unknown option '--levitate'/],
  [["boot", "--break"], /--break/],
  [["boot", "a", "b"], /boot takes one kernel, not 2: a b$/],
  [["levitate"], /no command "levitate"\. Commands: boot, attach, index, query, timecounters, config/],
];

test.each(ARGUMENTS)("arguments %j", (args, message) => {
  const { status, stderr } = clockpath(...args);
  expect(stderr.trimEnd()).toMatch(message);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(status).toBe(1);
});

test("--help and --version", () => {
  expect(clockpath("--help")).toMatchObject({ status: 0, stderr: "" });
  expect(clockpath("boot", "--help").stdout).toContain("usage: clockpath boot");
  expect(clockpath("--version").stdout).toMatch(/^clockpath \d+\.\d+\.\d+\n$/);
  expect(clockpath().status).toBe(1);
});
