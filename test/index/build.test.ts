// The index on disk: built, updated, interrupted, shared, damaged.
import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs"; // biome-ignore format: one import
import path from "node:path";
import { describe, expect, it } from "vitest";
import { updateIndex } from "../../server/index/build.ts";
import { indexFolder, lockIndex, readHead } from "../../server/index/store.ts";
import { detectTree } from "../../server/index/tree.ts";
import { IndexError, type IndexProgress } from "../../server/query/api.ts";
import { openIndex } from "../../server/query/open.ts";
import { kernelTree, temporaryFolder, writeTree } from "./helpers.ts";

const isRoot = process.getuid?.() === 0;

function setUp(text = kernelTree) {
  const tree = writeTree(text);
  const indexDir = temporaryFolder();
  return { tree, indexDir, options: { indexDir, workers: 0 } };
}

/** The files and lines of the calls of a function. */
function callers(tree: string, indexDir: string, name: string): string[] {
  const index = openIndex(tree, { indexDir });
  if (index === undefined) return ["no index"];
  const lines = index.callers(name).map((call) => `${call.file}:${call.line} ${call.caller.name}`);
  index.close();
  return lines;
}

describe("building", () => {
  it("reports what it read and puts nothing into the tree", async () => {
    const { tree, indexDir, options } = setUp();
    const report = await updateIndex(tree, options);
    expect(report).toMatchObject({ files: 4, updated: 4, removed: 0, skippedCount: 0, generation: 1 });
    expect(report.symbols).toBeGreaterThan(8);
    expect(report.directory.startsWith(indexDir)).toBe(true);
    expect(readdirSync(tree)).toEqual(["sys"]);
    expect(callers(tree, indexDir, "tc_init")).toEqual([
      "sys/arch/x86/isa/clock.c:11 startrtclock",
      "sys/arch/vax/vax/clock.c:3 START",
      "sys/arch/vax/vax/clock.c:8 startrtclock",
    ]);
  });

  it("gives equal bytes for equal trees", async () => {
    const { tree, options } = setUp();
    const first = await updateIndex(tree, options);
    const bytes = (folder: string) =>
      readdirSync(folder)
        .filter((name) => name.endsWith(".shard"))
        .map((name) => readFileSync(path.join(folder, name)).toString("base64"));
    const before = bytes(first.directory);
    const second = await updateIndex(tree, { ...options, rebuild: true });
    expect(second.generation).toBe(2);
    expect(bytes(second.directory)).toEqual(before);
  });

  it("tells how far it is", async () => {
    const { tree, options } = setUp();
    const seen: IndexProgress[] = [];
    await updateIndex(tree, { ...options, onProgress: (progress) => seen.push(progress) });
    expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(["walk", "lex", "write", "done"]);
    expect(seen.at(-1)).toEqual({ phase: "done", filesDone: 4, filesTotal: 4 });
  });

  it("remembers the configuration, whose machine then ranks first", async () => {
    const { tree, indexDir, options } = setUp();
    const report = await updateIndex(tree, { ...options, config: "arch/amd64/conf/SMALL" });
    expect(report.config).toBe("sys/arch/amd64/conf/SMALL");
    expect((await updateIndex(tree, options)).config).toBe("sys/arch/amd64/conf/SMALL");
    expect((await updateIndex(tree, { ...options, rebuild: true })).config).toBe("sys/arch/amd64/conf/SMALL");
    const index = openIndex(tree, { indexDir })!;
    expect(index.definitions("startrtclock").map(({ file }) => file)).toEqual([
      "sys/arch/x86/isa/clock.c",
      "sys/arch/vax/vax/clock.c",
    ]);
    index.close();
    await expect(updateIndex(tree, { ...options, config: "NOSUCH" })).rejects.toThrow(
      /there is no configuration NOSUCH in /,
    );
  });

  it("recognises trees", () => {
    const tree = writeTree(kernelTree);
    expect(detectTree(tree)).toMatchObject({ os: "netbsd", sys: "sys" });
    expect(detectTree(path.join(tree, "sys"))).toMatchObject({ os: "netbsd", sys: "" });
    expect(detectTree(writeTree("=== sys/kern/kern_tc.c\n=== sys/amd64/x.c\n"))).toMatchObject({
      os: "freebsd",
    });
    expect(detectTree(writeTree("=== a.c\n"))).toMatchObject({ os: "other", sys: "" });
  });
});

describe("updating", () => {
  it("reads only what changed, and forgets what is gone", async () => {
    const { tree, indexDir, options } = setUp();
    await updateIndex(tree, options);
    expect(await updateIndex(tree, options)).toMatchObject({ updated: 0, removed: 0, generation: 1 });

    const clock = path.join(tree, "sys/arch/x86/isa/clock.c");
    writeFileSync(clock, "void\nrenamed(void)\n{\n\n\ttc_init(0);\n}\n");
    rmSync(path.join(tree, "sys/arch/vax/vax/clock.c"));
    writeTree("=== sys/arch/x86/x86/tsc.c\nvoid tsc_tc_init(void) { tc_init(0); }\n", tree);
    expect(await updateIndex(tree, options)).toMatchObject({
      updated: 2,
      removed: 1,
      files: 4,
      generation: 2,
    });
    expect(callers(tree, indexDir, "tc_init")).toEqual([
      "sys/arch/x86/isa/clock.c:5 renamed",
      "sys/arch/x86/x86/tsc.c:1 tsc_tc_init",
    ]);
  });

  it("sees a change that keeps the size", async () => {
    const { tree, indexDir, options } = setUp("=== a.c\nint f(void) { g(); }\n");
    await updateIndex(tree, options);
    writeFileSync(path.join(tree, "a.c"), "int f(void) { h(); }\n");
    utimesSync(path.join(tree, "a.c"), 1, 1);
    await updateIndex(tree, options);
    expect([callers(tree, indexDir, "g"), callers(tree, indexDir, "h")]).toEqual([[], ["a.c:1 f"]]);
  });

  it("keeps few shards over many small updates", async () => {
    const { tree, indexDir, options } = setUp();
    for (let i = 0; i < 25; i++) {
      writeTree(`=== sys/kern/f${i}.c\nvoid f${i}(void) { tc_init(0); }\n`, tree);
      await updateIndex(tree, options);
    }
    const head = readHead(indexFolder(detectTree(tree), indexDir))!;
    expect(head.shards.length).toBeLessThan(12);
    expect(callers(tree, indexDir, "tc_init").length).toBe(28);
  });

  it("leaves the old generation readable while a new one replaces it", async () => {
    const { tree, indexDir, options } = setUp();
    await updateIndex(tree, options);
    const old = openIndex(tree, { indexDir })!;
    writeFileSync(path.join(tree, "sys/kern/kern_tc.c"), "int other;\n");
    await updateIndex(tree, { ...options, rebuild: true });
    expect(old.stale()).toBe(true);
    expect(old.definitions("tc_init").some(({ declaration }) => !declaration)).toBe(true);
    old.close();
    const fresh = openIndex(tree, { indexDir })!;
    expect([fresh.stale(), fresh.definitions("tc_init").some(({ declaration }) => !declaration)]).toEqual([
      false,
      false,
    ]);
    fresh.close();
  });
});

describe("hostile input", () => {
  it("names what is wrong with a folder", async () => {
    await expect(updateIndex("/no/such/folder")).rejects.toThrow(/\/no\/such\/folder: no such folder/);
    const folder = writeTree("=== readme.txt\nhello\n");
    await expect(updateIndex(folder, { indexDir: temporaryFolder() })).rejects.toThrow(/has no C source/);
    await expect(updateIndex(path.join(folder, "readme.txt"))).rejects.toThrow(/is a file; name the folder/);
    await expect(updateIndex(folder, { indexDir: path.join(folder, "readme.txt") })).rejects.toThrow(
      IndexError,
    );
  });

  it("skips links, other folders' copies and odd names; reads latin-1, NUL bytes and empty files", async () => {
    const { tree, indexDir, options } = setUp();
    mkdirSync(path.join(tree, ".git"));
    writeFileSync(path.join(tree, ".git", "x.c"), "int hidden;\n");
    writeFileSync(
      path.join(tree, "sys", "latin.c"),
      Buffer.from("/* \xe9\xff */ int caf\xe9, plain;\n", "latin1"),
    );
    writeFileSync(path.join(tree, "sys", "nul.c"), Buffer.from("int a;\0\0 int after_nul;\n"));
    writeFileSync(path.join(tree, "sys", "empty.c"), "");
    if (process.platform !== "win32") symlinkSync("..", path.join(tree, "sys", "loop"));
    const report = await updateIndex(tree, options);
    expect([report.files, report.skippedCount]).toEqual([7, 0]);
    const index = openIndex(tree, { indexDir })!;
    const found = ["plain", "after_nul", "hidden"].map((name) => index.definitions(name).length);
    index.close();
    expect(found).toEqual([1, 1, 0]);
  });

  it.skipIf(isRoot || process.platform === "win32")(
    "counts what it may not read (skipped: root reads everything)",
    async () => {
      const { tree, options } = setUp();
      chmodSync(path.join(tree, "sys/kern/kern_tc.c"), 0);
      const report = await updateIndex(tree, options);
      chmodSync(path.join(tree, "sys/kern/kern_tc.c"), 0o644);
      expect(report.skipped).toEqual([{ file: "sys/kern/kern_tc.c", reason: "no permission to read it" }]);
    },
  );

  it("leaves out what is too large, and says so", async () => {
    const { tree, options } = setUp();
    writeFileSync(path.join(tree, "sys", "huge.h"), "");
    truncateSync(path.join(tree, "sys", "huge.h"), 17 << 20);
    expect((await updateIndex(tree, options)).skipped).toEqual([
      { file: "sys/huge.h", reason: "larger than 16 MB" },
    ]);
  });

  it("builds anew where the index is damaged or of another version", async () => {
    const { tree, indexDir, options } = setUp();
    const { directory } = await updateIndex(tree, options);
    const shard = path.join(directory, readdirSync(directory).find((name) => name.endsWith(".shard"))!);
    truncateSync(shard, 40);
    expect(() => openIndex(tree, { indexDir })).toThrow(/build the index anew|to build it anew/);
    expect((await updateIndex(tree, options)).updated).toBe(4);
    writeFileSync(path.join(directory, "head.json"), "{ not json");
    expect(openIndex(tree, { indexDir })).toBeUndefined();
    expect((await updateIndex(tree, options)).updated).toBe(4);
    expect(callers(tree, indexDir, "tc_windup")).toEqual(["sys/kern/kern_tc.c:12 tc_init"]);
  });
});

describe("interruption", () => {
  it("keeps the old generation when it is cancelled", async () => {
    const { tree, indexDir, options } = setUp();
    await updateIndex(tree, options);
    writeFileSync(path.join(tree, "sys/kern/kern_tc.c"), "int gone;\n");
    const abort = new AbortController();
    const running = updateIndex(tree, { ...options, signal: abort.signal, onProgress: ({ phase }) => phase === "lex" && abort.abort() }); // biome-ignore format: one call
    await expect(running).rejects.toThrow(/abort/);
    expect(callers(tree, indexDir, "tc_windup")).toEqual(["sys/kern/kern_tc.c:12 tc_init"]);
    expect((await updateIndex(tree, options)).updated).toBe(1);
  });

  it("takes over the lock of a process that is gone, and waits for one that lives", async () => {
    const { tree, indexDir, options } = setUp();
    const directory = indexFolder(detectTree(tree), indexDir);
    mkdirSync(directory, { recursive: true });
    const child = spawn(process.execPath, ["-e", ""]);
    await new Promise((resolve) => child.once("exit", resolve));
    const { hostname } = await import("node:os");
    writeFileSync(path.join(directory, "lock"), `${child.pid} ${hostname()} x`);
    expect((await updateIndex(tree, options)).updated).toBe(4);
    expect(existsSync(path.join(directory, "lock"))).toBe(false);

    writeFileSync(path.join(directory, "lock"), "1 another-host x");
    utimesSync(path.join(directory, "lock"), 1, 1);
    expect((await updateIndex(tree, options)).updated).toBe(0);

    const unlock = await lockIndex(directory);
    let finished = false;
    const waiting = updateIndex(tree, options).then(() => {
      finished = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(finished).toBe(false);
    unlock();
    await waiting;
  });

  it("removes what a killed build left behind", async () => {
    const { tree, options } = setUp();
    const { directory } = await updateIndex(tree, options);
    writeFileSync(path.join(directory, "g9-0-0.shard"), "half written");
    writeFileSync(path.join(directory, "head.tmp"), "half");
    await updateIndex(tree, { ...options, rebuild: true });
    expect(readdirSync(directory).sort()).toEqual(["g2-0-0.shard", "head.json"]);
  });
});
