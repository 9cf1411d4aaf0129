// What the server says of its index, and how it lives with trees that are empty, unreadable, changed under it or no trees at all.
import { chmodSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import type { IndexStatus } from "../../server/protocol.ts";
import { type Session, startSession } from "./session.ts";

async function symbolNames(session: Session, query: string): Promise<string[]> {
  const found: { name: string }[] = await session.client.sendRequest("workspace/symbol", { query });
  return found.map(({ name }) => name);
}

/** A status without what differs from run to run. */
function steady(session: Session, status: IndexStatus): object {
  const text = JSON.stringify(status).replaceAll(session.root, "TREE");
  const { bytes, seconds, directory, ...rest } = JSON.parse(text);
  return rest;
}

test("a tree: building, then ready, with the figures", async () => {
  await using session = await startSession();
  const end = await session.ended();
  expect(session.statuses[0]).toMatchObject({ state: "building", usable: false });
  expect(steady(session, end)).toMatchInlineSnapshot(`
    {
      "files": 5,
      "os": "netbsd",
      "skipped": [],
      "skippedCount": 0,
      "state": "ready",
      "symbols": 19,
      "tree": "TREE",
      "updated": 5,
    }
  `);
  expect(end).toEqual(await session.client.sendRequest("clockpath/indexStatus", null));
});

test("a folder that is no kernel tree: said once, and then every request is answered with nothing", async () => {
  await using session = await startSession({
    bare: true,
    files: "//- src/main.c\nint ma$0in(void) { return 0; }\n",
  });
  const end = await session.ended();
  expect(steady(session, end)).toMatchInlineSnapshot(`
    {
      "reason": "no kernel tree: TREE holds no sys/kern/kern_tc.c",
      "state": "none",
    }
  `);
  expect(await session.client.sendRequest("textDocument/definition", session.cursor())).toBeNull();
  expect(await session.client.sendRequest("textDocument/prepareCallHierarchy", session.cursor())).toBeNull();
  expect(await symbolNames(session, "main")).toEqual([]);
  expect(await session.client.sendRequest("clockpath/rebuildIndex", null)).toEqual(end);
  expect(session.statuses.length).toBe(1);
  expect(session.log.length).toBe(1);
});

test("no folder, or one that is not there", async () => {
  for (const folders of [() => [], (root: string) => [path.join(root, "gone")]]) {
    await using session = await startSession({ folders });
    expect(await session.ended()).toMatchObject({ state: "none" });
  }
});

test("the folder may be sys itself", async () => {
  await using session = await startSession({ folders: (root) => [path.join(root, "sys")] });
  expect(await session.ended()).toMatchObject({ state: "ready" });
  expect(await symbolNames(session, "tc_init")).toContain("tc_init");
});

test("a kernel's source opened from elsewhere brings its tree along", async () => {
  await using session = await startSession({
    files: "//- sys/kern/a.c\nint f(void) { return tc_in$0it(0); }\n//- elsewhere/notes.txt\n",
    folders: (root) => [path.join(root, "elsewhere")],
  });
  expect(await session.ended()).toMatchObject({ state: "none" });
  await session.edit("sys/kern/a.c", "int f(void) { return tc_init(0); }\n");
  expect(steady(session, await session.ended(2))).toMatchObject({ state: "ready", tree: "TREE" });
  expect(await session.client.sendRequest("textDocument/definition", session.cursor())).toMatchObject([
    { uri: session.uri("sys/kern/kern_tc.c") },
  ]);
});

test("a file that changes on disk: the index follows", async () => {
  await using session = await startSession();
  await session.ended();
  const file = path.join(session.root, "sys/kern/kern_new.c");
  writeFileSync(file, "void\nbrand_new(void)\n{\n}\n");
  const changed = (type: number) =>
    session.client.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: pathToFileURL(file).href, type }],
    });
  await changed(1);
  await session.ended(2);
  expect(await symbolNames(session, "brand_new")).toEqual(["brand_new"]);
  rmSync(file);
  await changed(3);
  await session.ended(3);
  expect(await symbolNames(session, "brand_new")).toEqual([]);
});

test("a folder that goes and comes back is one event, for all files in it", async () => {
  await using session = await startSession({ files: "//- sys/dev/toy/toy.c\nint toy_unit;\n" });
  await session.ended();
  const folder = path.join(session.root, "sys/dev/toy");
  const tell = (file: string, type: number) =>
    session.client.sendNotification("workspace/didChangeWatchedFiles", {
      changes: [{ uri: pathToFileURL(file).href, type }],
    });
  renameSync(folder, path.join(session.root, "away"));
  await tell(folder, 3);
  await session.ended(2);
  expect(await symbolNames(session, "toy_unit")).toEqual([]);
  // What is no source and no folder of the tree is no reason to look.
  const object = path.join(session.root, "sys/kern/kern_tc.o");
  await tell(object, 3);
  renameSync(path.join(session.root, "away"), folder);
  await tell(folder, 1);
  await session.ended(3);
  expect(await symbolNames(session, "toy_unit")).toEqual(["toy_unit"]);
  expect(session.statuses.filter(({ state }) => state === "ready")).toHaveLength(3);
});

test("rebuild: answers when it is done; two at once do not disturb each other", async () => {
  await using session = await startSession();
  await session.ended();
  const rebuild = () => session.client.sendRequest<IndexStatus>("clockpath/rebuildIndex", null);
  const [first, second] = await Promise.all([rebuild(), rebuild()]);
  expect(first).toMatchObject({ state: "ready", updated: 5 });
  expect(second).toMatchObject({ state: "ready", updated: 5 });
  expect(await symbolNames(session, "tc_init")).toContain("tc_init");
});

test.skipIf(process.getuid?.() === 0 || process.platform === "win32")(
  "unreadable files are left out and told (skipped as root, who reads everything)",
  async () => {
    await using session = await startSession({ files: "//- sys/kern/secret.c\nint secret;\n" });
    await session.ended();
    chmodSync(path.join(session.root, "sys/kern/secret.c"), 0);
    expect(await session.client.sendRequest("clockpath/rebuildIndex", null)).toMatchObject({
      skippedCount: 1,
    });
  },
);

test("an index folder that cannot be made: one clear message, no crash", async () => {
  await using session = await startSession({
    files: "//- blocked\na file\n",
    initializationOptions: {},
  });
  expect(await session.ended()).toMatchObject({ state: "ready" });
  await using broken = await startSession({
    initializationOptions: { indexDir: path.join(session.root, "blocked/index") },
  });
  const end = await broken.ended();
  expect(end).toMatchObject({
    state: "failed",
    usable: false,
    message: expect.stringContaining(
      `cannot make the index folder ${path.join(session.root, "blocked/index")}`,
    ),
  });
  expect(await symbolNames(broken, "tc_init")).toEqual([]);
});

test("a client that shows no status itself gets work-done progress", async () => {
  await using session = await startSession({
    capabilities: { window: { workDoneProgress: true } },
    initializationOptions: { showsIndexStatus: false },
  });
  const kinds: string[] = [];
  session.client.onRequest("window/workDoneProgress/create", () => null);
  session.client.onNotification("$/progress", ({ value }: { value: { kind: string } }) => {
    kinds.push(value.kind);
  });
  await session.ended();
  await session.client.sendRequest("clockpath/rebuildIndex", null);
  expect(kinds[0]).toBe("begin");
  expect(kinds.filter((kind) => kind === "begin").length).toBe(kinds.filter((kind) => kind === "end").length);
});

test("requests before the index is there are answered, not refused", async () => {
  await using session = await startSession({
    files: "//- sys/kern/a.c\nint f(void) { return tc_in$0it(0); }\n",
  });
  expect(await session.client.sendRequest("textDocument/definition", session.cursor())).toSatisfy(
    (answer) => answer === null || Array.isArray(answer),
  );
  await session.ended();
});

test("documents that are no files, and positions that are nowhere", async () => {
  await using session = await startSession({ files: "//- sys/kern/a.c\nint a$0;\n" });
  await session.ended();
  const { textDocument } = session.cursor();
  const at = (uri: string, line: number, character: number) => ({
    textDocument: { uri },
    position: { line, character },
  });
  for (const cursor of [
    at("untitled:Untitled-1", 0, 0),
    at("git:/a.c?{}", 0, 0),
    at("file:///no/such/file.c", 3, 3),
    at("nonsense", 0, 0),
    at("file://%zz/a.c", 0, 0),
    at(textDocument.uri, 1_000_000, 0),
    at(textDocument.uri, 0, 1_000_000),
  ]) {
    for (const method of [
      "textDocument/definition",
      "textDocument/hover",
      "textDocument/prepareCallHierarchy",
    ]) {
      expect(await session.client.sendRequest(method, cursor)).toBeNull();
    }
  }
});
