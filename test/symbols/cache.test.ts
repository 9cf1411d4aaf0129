// emulator/symbol-cache: indexes in a folder. What is in the folder may be anything: a session begins all the same.

import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs"; // biome-ignore format: one line
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CACHE_VARIABLE, cacheFolder } from "../../emulator/cache-folder.ts";
import { parseElf } from "../../emulator/elf/elf.ts";
import { openSource } from "../../emulator/file-source.ts";
import { cachedIndex, makeIndex } from "../../emulator/symbol-cache.ts";
import { openSymbols } from "../../emulator/symbols/open.ts";
import { aboutAll } from "./answers.ts";
import { type Fixture, fixture } from "./oracle.ts";

let base: string;
let folder: string;

beforeEach(() => {
  base = mkdtempSync(path.join(os.tmpdir(), "clockpath-cache-"));
  folder = path.join(base, "symbols");
  vi.stubEnv(CACHE_VARIABLE, folder);
  // No indexer is started behind a test.
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  rmSync(base, { recursive: true });
});

/** Long enough to be read in parts: what stands behind an ELF file's tables is nobody's. */
function kernel(name: Fixture): string {
  const file = path.join(base, `${name}.elf`);
  writeFileSync(file, Buffer.concat([fixture(name), Buffer.alloc(1 << 20)]));
  return file;
}

const cached = (file: string) => cachedIndex(parseElf(openSource(file)), file);
const names = () => readdirSync(folder).sort();

describe("the cache of symbols", () => {
  it("finds an index again by the file's identity, under whatever name, and gives the same answers", () => {
    const file = kernel("dwarf5");
    expect(cached(file)).toBeUndefined();
    const made = makeIndex(file, folder)!;
    expect(names()).toEqual([path.basename(made)]);
    const index = cached(file);
    expect(index?.whole).toBeDefined();
    const symbols = openSymbols(openSource(file), undefined, index);
    expect([...aboutAll(symbols)]).toEqual([...aboutAll(openSymbols(fixture("dwarf5")))]);
    expect(cached(kernel("dwarf4"))).toBeUndefined();
  });

  it("ignores what is cut short, foreign, or no file at all", () => {
    const file = kernel("dwarf5");
    const made = makeIndex(file, folder)!;
    const whole = readFileSync(made);
    for (const size of [0, 9, 100, whole.length - 1]) {
      truncateSync(made, size);
      expect(cached(file)).toBeUndefined();
      writeFileSync(made, whole);
    }
    rmSync(made);
    mkdirSync(made);
    expect(cached(file)).toBeUndefined();
  });

  it("does without where it is switched off, or the folder cannot be made", () => {
    const file = kernel("dwarf5");
    makeIndex(file, folder);
    vi.stubEnv(CACHE_VARIABLE, "off");
    expect([cacheFolder(), cached(file)]).toEqual([undefined, undefined]);
    vi.stubEnv(CACHE_VARIABLE, path.join(file, "symbols"));
    expect(cached(file)).toBeUndefined();
    expect(() => makeIndex(file, cacheFolder()!)).toThrow();
  });

  it("is below the user's caches where nobody says otherwise", () => {
    const environment = { XDG_CACHE_HOME: "/caches", LOCALAPPDATA: "C:\\caches" };
    expect(cacheFolder(environment)).toMatch(/[/\\]clockpath[/\\]symbols$/);
    if (process.platform === "linux") expect(cacheFolder(environment)).toBe("/caches/clockpath/symbols");
  });

  it("removes other versions, abandoned parts, and the least recently used above the bound; nothing else", () => {
    mkdirSync(folder);
    const long = new Date(Date.now() - 86_400_000);
    const plant = (name: string, bytes: number, when = new Date()): void => {
      writeFileSync(path.join(folder, name), Buffer.alloc(bytes));
      utimesSync(path.join(folder, name), when, when);
    };
    plant("0123.v0.sym", 10);
    plant("0123.v1.sym.77-1.tmp", 10, long);
    plant("4567.v1.sym.78-1.tmp", 10);
    plant("89ab.v1.sym", 60_000, long);
    plant("cdef.v1.sym", 10);
    plant("notes.txt", 10, long);
    const made = path.basename(makeIndex(kernel("dwarf5"), folder, 50_000)!);
    expect(names()).toEqual(["4567.v1.sym.78-1.tmp", "cdef.v1.sym", "notes.txt", made].sort());
  });

  const indexer = path.resolve("dist/symbol-indexer.js");
  it.skipIf(!existsSync(indexer))("is written by several processes at once, each a whole file", async () => {
    vi.useRealTimers();
    const file = kernel("dwarf5");
    const run = () => promisify(execFile)(process.execPath, [indexer, file, folder]);
    await Promise.all([run(), run(), run()]);
    expect(names()).toHaveLength(1);
    expect(cached(file)?.whole).toBeDefined();
    // What cannot be done is left alone.
    await promisify(execFile)(process.execPath, [indexer, path.join(base, "none"), folder]);
  });
});
