// Separate debug files: .gnu_debuglink, what is accepted as a kernel's debug information, and symbols put together from both files.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { crc32 as zlibCrc } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { findCodeFile, findDebugFile } from "../../emulator/debug-file.ts";
import { crc32ByTable } from "../../emulator/elf/crc32.ts";
import { debugLink, isDebugOnly } from "../../emulator/elf/debug-link.ts";
import { parseElf } from "../../emulator/elf/elf.ts";
import { inMemory } from "../../emulator/elf/source.ts";
import { openKernelSymbols } from "../../emulator/kernel-symbols.ts";
import { openSymbols } from "../../emulator/symbols/open.ts";
import { fixture, fixturePath } from "../symbols/oracle.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "clockpath-debuglink-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** binutils make the two files, as the BSDs' Makefiles do. */
const objcopy = (...args: string[]) => execFileSync("objcopy", args, { cwd: folder, stdio: "pipe" });
const hasObjcopy = (() => {
  try {
    execFileSync("objcopy", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

it("computes the CRC that zlib computes", () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7) & 0xff);
  expect(crc32ByTable(Buffer.from("123456789"))).toBe(0xcbf43926);
  if (zlibCrc) expect(crc32ByTable(bytes)).toBe(zlibCrc(Buffer.from(bytes)));
});

describe.skipIf(!hasObjcopy)("a stripped kernel (needs objcopy)", () => {
  function split(link: boolean): string {
    const kernel = path.join(folder, "kernel");
    copyFileSync(fixturePath("dwarf5"), path.join(folder, "whole"));
    objcopy("--only-keep-debug", "whole", "kernel.debug");
    objcopy("--strip-debug", ...(link ? ["--add-gnu-debuglink=kernel.debug"] : []), "whole", "kernel");
    return kernel;
  }
  const find = (kernel: string) => findDebugFile(kernel, parseElf(readFileSync(kernel)));

  it("finds its debug information by link, and by the name that BSD gives it", () => {
    const linked = split(true);
    expect(debugLink(parseElf(readFileSync(linked)))?.name).toBe("kernel.debug");
    expect(find(linked)).toMatchObject({ found: { path: path.join(folder, "kernel.debug") }, rejected: [] });
    expect(find(split(false)).found?.path).toBe(path.join(folder, "kernel.debug"));
  });

  it("finds it by build-id", () => {
    const kernel = split(false);
    const id = openSymbols(readFileSync(kernel)).info.buildId!;
    const place = path.join(folder, ".build-id", id.slice(0, 2));
    mkdirSync(place, { recursive: true });
    copyFileSync(path.join(folder, "kernel.debug"), path.join(place, `${id.slice(2)}.debug`));
    expect(find(kernel).found?.path).toBe(path.join(place, `${id.slice(2)}.debug`));
    rmSync(path.join(folder, ".build-id"), { recursive: true });
  });

  it("refuses that of another build, and a file that is damaged, and says why", () => {
    const kernel = split(true);
    writeFileSync(path.join(folder, "kernel.debug"), fixture("clang-dwarf5"));
    writeFileSync(path.join(folder, "kernel.gdb"), fixture("dwarf5").subarray(0, 3000));
    const { found, rejected } = find(kernel);
    expect(found).toBeUndefined();
    expect(rejected.join("\n")).toMatch(
      /kernel\.debug is not the debug information of kernel: its build-id is \w+, not \w+\.\n.*kernel\.gdb is not/,
    );
    rmSync(path.join(folder, "kernel.gdb"));
  });

  it("compares the CRC where there is no build-id, and says what it found", () => {
    const kernel = split(true);
    const debug = path.join(folder, "kernel.debug");
    for (const file of [kernel, debug]) objcopy("--remove-section=.note.gnu.build-id", file);
    expect(find(kernel).rejected.join("\n")).toMatch(
      /kernel\.debug is not the debug information of kernel: its CRC is [0-9a-f]{8}, not [0-9a-f]{8} as \.gnu_debuglink says\.\n.*kernel names kernel\.debug for its debug information: put that file beside it/,
    );
    objcopy("--remove-section=.gnu_debuglink", "--add-gnu-debuglink=kernel.debug", "kernel");
    expect(find(kernel)).toMatchObject({ found: { path: debug }, rejected: [] });
  });

  it("is found for its debug information, when that is what the user names", () => {
    const kernel = split(true);
    const debug = path.join(folder, "kernel.debug");
    expect(findCodeFile(debug, parseElf(readFileSync(debug)))).toMatchObject({ found: { path: kernel } });
    const named = openKernelSymbols({ path: debug, source: inMemory(readFileSync(debug)) });
    expect(named.info).toMatchObject({ debugFile: debug, hasDebugInfo: true, warnings: [] });
    rmSync(kernel);
    const alone = openKernelSymbols({ path: debug, source: inMemory(readFileSync(debug)) });
    expect(alone.info.warnings.join("\n")).toMatch(/holds debug information only, no code: name the kernel/);
  });

  it("has the same functions, lines, frames and types from both files as from the whole one", () => {
    const kernel = readFileSync(split(true));
    const debug = readFileSync(path.join(folder, "kernel.debug"));
    expect([isDebugOnly(parseElf(debug)), isDebugOnly(parseElf(kernel))]).toEqual([true, false]);
    const [both, whole] = [openSymbols(kernel, debug), openSymbols(fixture("dwarf5"))];
    expect(both.functionSites("clock_read")).toEqual(whole.functionSites("clock_read"));
    expect(both.lineSites("clock.c", 47)).toEqual(whole.lineSites("clock.c", 47));
    expect(both.symbolAt(0xffffffff80201130n)).toEqual(whole.symbolAt(0xffffffff80201130n));
    expect(both.typeNamed("struct clock")?.kind).toBe("struct");
    expect(both.info.warnings).toEqual([]);
  });
});
