// gdb on the machine of a debug session (launch setting `gdb`): one machine, both hear of each stop, gdb has the say while it
// is connected.

import { afterEach, beforeEach, expect, test } from "vitest";
import { Packets } from "../gdb/packets.ts";
import { Client } from "./client.ts";

let client: Client;
let gdb: Packets | undefined;

beforeEach(() => {
  client = new Client();
});
afterEach(() => {
  gdb?.close();
  client.kill();
});

/** Launched with a stub at a free port, and a gdb connected while the guest stands at the first tc_init. */
async function connected(): Promise<Packets> {
  await client.launch({ gdb: "0" }, () => client.breakOn("tc_init"));
  await client.event("stopped");
  const port = Number(/target remote 127\.0\.0\.1:(\d+)/.exec(client.said)?.[1]);
  gdb = await Packets.connect(port);
  expect(await gdb.ask("?")).toMatch(/^T/);
  return gdb;
}

/** rip by the stub, as a number of gdb's target description. */
const rip = async (stub: Packets): Promise<bigint> =>
  BigInt(
    `0x${Buffer.from(await stub.ask("p10"), "hex")
      .reverse()
      .toString("hex")}`,
  );
const topOfStack = async (): Promise<bigint> =>
  BigInt((await client.request("stackTrace", { threadId: 1 })).stackFrames[0].instructionPointerReference);

test("what gdb runs to, the session shows: its own breakpoints and gdb's", async () => {
  const stub = await connected();
  expect(await stub.ask("vCont;c")).toMatch(/^T05/);
  await client.event("continued");
  expect(await client.event("stopped")).toMatchObject({ reason: "function breakpoint" });
  expect(await topOfStack()).toBe(await rip(stub));
  const there = await rip(stub);

  // A breakpoint of gdb's alone, where the session has none.
  await client.breakOn();
  expect(await stub.ask(`Z0,${there.toString(16)},1`)).toBe("OK");
  expect(await stub.ask("vCont;c")).toMatch(/^T05/);
  expect(await client.event("stopped")).toMatchObject({ reason: "breakpoint" });
  expect(await topOfStack()).toBe(there);
});

test("a flurry of gdb's steps is one run to the session", async () => {
  const stub = await connected();
  for (let step = 0; step < 20; step++) expect(await stub.ask("vCont;s")).toMatch(/^T05/);
  while (!(await client.raw("stackTrace", { threadId: 1 })).success)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await topOfStack()).toBe(await rip(stub));
  // On a loaded host some of the steps come late, and are runs of their own.
  expect(client.forget("stopped")).toBeLessThan(20);
});

test("while gdb is connected the session does not run the guest, but pauses it", async () => {
  const stub = await connected();
  for (const command of ["continue", "next", "restart"]) {
    const refused = await client.raw(command, { threadId: 1 });
    expect(refused.message, command).toMatch(/^gdb \(at 127\.0\.0\.1:\d+\) has the say/);
  }
  await client.breakOn();
  stub.send("vCont;c");
  await client.event("continued");
  await client.request("pause", { threadId: 1 });
  expect(await stub.reply()).toMatch(/^T02/);
  expect(await client.event("stopped")).toMatchObject({ reason: "pause" });
});

test("gdb detaches: the guest runs on, the session has it back", async () => {
  const stub = await connected();
  await client.breakOn();
  expect(await stub.ask("D")).toBe("OK");
  await client.event("continued");
  await client.request("pause", { threadId: 1 });
  expect(await client.event("stopped")).toMatchObject({ reason: "pause" });
  await client.request("next", { threadId: 1 });
  await client.event("stopped");
  await client.disconnect();
});

test("gdb comes while the guest runs: it stops for both", async () => {
  const stub = await connected();
  await client.breakOn();
  expect(await stub.ask("D")).toBe("OK");
  await client.event("continued");
  const again = await Packets.connect(stub.port);
  expect(await again.ask("?")).toMatch(/^T/);
  expect(await client.event("stopped")).toMatchObject({ reason: "pause" });
  expect(await topOfStack()).toBe(await rip(again));
  again.close();
});

test("gdb's kill ends the session", async () => {
  const stub = await connected();
  stub.send("k");
  await client.event("terminated");
});

test("a port that is in use is told at the launch", async () => {
  await connected();
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(client.said)?.[1]);
  const second = new Client();
  await second.initialize();
  const { message } = await second.raw("launch", { gdb: port });
  expect(message).toBe(`Cannot listen for gdb on 127.0.0.1:${port}: the port is in use.`);
  second.kill();
});
