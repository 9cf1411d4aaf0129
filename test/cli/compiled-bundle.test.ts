// emulator/compiled-bundle: a bundle runs the same with compiled code that was kept, without, and with some that is damaged or foreign.

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runBundle } from "../../emulator/compiled-bundle.ts";

const base = mkdtempSync(path.join(os.tmpdir(), "clockpath-bundle-"));
afterAll(() => rmSync(base, { recursive: true }));
const bundle = path.join(base, "tool-main.js");
const folder = path.join(base, "code");
const heard: string[] = [];
Object.assign(globalThis, { clockpathHeard: heard });

const write = (word: string): void =>
  writeFileSync(
    bundle,
    `"use strict"; const path = require("path"); globalThis.clockpathHeard.push("${word} " + path.basename(__filename)); //# end`,
  );
const run = async (): Promise<string | undefined> => {
  runBundle(bundle, folder, 0);
  await new Promise((resolve) => setTimeout(resolve, 30));
  return heard.pop();
};
const kept = (): string[] => readdirSync(folder).filter((name) => name.startsWith("tool"));

const adapter = path.resolve("dist/adapter-main.js");
it.skipIf(!existsSync(adapter))("the adapter's bundle has no import(), which kept code cannot do", () => {
  expect(readFileSync(adapter, "utf8")).not.toMatch(/\bimport\(/);
});

describe("a bundle with its compiled code kept", () => {
  it("runs, leaves its code, and runs with that", async () => {
    write("one");
    expect(await run()).toBe("one tool-main.js");
    expect(kept()).toHaveLength(1);
    const code = readFileSync(path.join(folder, kept()[0]!));
    expect(await run()).toBe("one tool-main.js");
    expect(readFileSync(path.join(folder, kept()[0]!)).equals(code)).toBe(true);
  });

  it("runs with damaged code, and mends it", async () => {
    const file = path.join(folder, kept()[0]!);
    const code = readFileSync(file);
    for (const damaged of [Buffer.alloc(0), code.subarray(0, 20), Buffer.from(code).fill(7, 30, 60)]) {
      writeFileSync(file, damaged);
      expect(await run()).toBe("one tool-main.js");
      expect(readFileSync(file)).toHaveLength(code.length);
    }
  });

  it("that is built anew is compiled anew, and the old code goes", async () => {
    write("another");
    expect(await run()).toBe("another tool-main.js");
    expect(kept()).toHaveLength(1);
    expect(await run()).toBe("another tool-main.js");
  });
});
