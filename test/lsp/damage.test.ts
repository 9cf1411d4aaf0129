// The index's files are taken away or damaged under a running server: it answers, and makes the index anew.
import { readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import type { WorkspaceSymbol } from "vscode-languageserver/node";
import { type Session, startSession } from "./session.ts";

function indexFiles(session: Session): string[] {
  const folder = path.join(session.root, ".index");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => path.join(folder, file))
    .filter((file) => statSync(file).isFile());
}

async function found(session: Session): Promise<string[]> {
  const symbols = await session.client.sendRequest<WorkspaceSymbol[]>("workspace/symbol", {
    query: "tc_init",
  });
  return symbols.map(({ name }) => name);
}

/** A source changes on disk, and the server is told. */
async function change(session: Session, times: number): Promise<void> {
  const file = path.join(session.root, "sys/kern/new.c");
  writeFileSync(file, `int changed${times};\n`);
  await session.client.sendNotification("workspace/didChangeWatchedFiles", {
    changes: [{ uri: session.uri("sys/kern/new.c"), type: 2 }],
  });
  await session.ended(times);
}

test.each([
  ["removed", (file: string) => rmSync(file)],
  ["empty", (file: string) => truncateSync(file)],
  ["cut off", (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2))],
  ["noise", (file: string) => writeFileSync(file, Buffer.alloc(statSync(file).size, 0xa5))],
])("index files that are %s", async (_, damage) => {
  await using session = await startSession();
  await session.ended();
  expect(await found(session)).toContain("tc_init");
  for (const file of indexFiles(session)) damage(file);
  // Whatever it says now, it says something.
  await found(session).catch(({ message }: Error) => expect(message).toMatch(/index/));
  await session.client.sendRequest("clockpath/rebuildIndex", null);
  await change(session, 3);
  expect(await found(session)).toContain("tc_init");
  expect(session.statuses.at(-1)).toMatchObject({ state: "ready" });
});
