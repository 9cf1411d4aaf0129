// Debian's memtest86+ (Linux boot protocol, 64-bit entry) tests the machine's memory and finds nothing.

import { describe, expect, test } from "vitest";
import { bootUntil, debianFile, NOT_INSTALLED, unless } from "./real.ts";

const kernel = debianFile("memtest86+x64.bin");

describe.skipIf(!kernel)(`Debian's memtest86+${unless(kernel, NOT_INSTALLED)}`, () => {
  test("draws its header and begins its first pass without an error", { timeout: 180_000 }, () => {
    const memtest = bootUntil(
      { kernel: kernel!, memory: 8 << 20, cmdline: "console=ttyS0,115200 nosmp" },
      "Pass   %",
      300_000_000,
    );
    expect(memtest.console).toContain("Memtest86+ v");
    expect(memtest.console).toContain("Clockpath virtual CPU");
    const tests = memtest.waitFor("#3 ");
    expect(tests).toMatch(/Moving inversions/);
    expect(memtest.console).toContain("Errors: 0");
    expect(memtest.console).not.toMatch(/Errors: +[1-9]|Unexpected interrupt/);
  });
});
