// `attach` to a stub that behaves as Firecracker's (firecracker-stub.ts, from its sources): no binary and no KVM are needed. The bundled
// guest and the tests' kernel for several processors; the real kernel where CLOCKPATH_NETBSD_KERNEL names one.

import { mkdtempSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { Client } from "../adapter/client.ts";
import { attach, bootFrames, frames } from "./attach-run.ts";
import { type FirecrackerStub, serveFirecracker } from "./firecracker-stub.ts";
import { Vmm } from "./firecracker-vmm.ts";
import { root } from "./run.ts";

const guest = path.join(root, "emulator/guest/guest.elf");
const smp = path.join(root, "test/machine/smp/smp.elf");
const kernel = process.env.CLOCKPATH_NETBSD_KERNEL;

let vmm: Vmm;
let close: () => void = () => {};
let client: Client | undefined;
afterEach(() => {
  client?.kill();
  client = undefined;
  vmm.shutdown();
  close();
});

/** A VM that stands at its entry, its stub listening. */
async function start(
  file: string,
  cpus = 1,
  cmdline = "",
): Promise<{ socket: string; stub: Promise<FirecrackerStub> }> {
  vmm = new Vmm(readFileSync(file), cmdline, cpus);
  const socket = path.join(mkdtempSync(path.join(os.tmpdir(), "clockpath-firecracker-")), "gdb.socket");
  const served = await serveFirecracker(socket, vmm);
  close = served.close;
  return { socket, stub: served.stub };
}

/** A debug session over it, with breakpoints on these functions. */
async function session(
  file: string,
  cpus: number,
  ...breaks: string[]
): Promise<{ client: Client; stub: FirecrackerStub }> {
  const { socket, stub } = await start(file, cpus);
  client = new Client();
  await client.request("initialize", { adapterID: "clockpath", pathFormat: "path" });
  await client.request("attach", { target: socket, kernel: file });
  await client.event("initialized");
  await client.breakOn(...breaks);
  await client.request("configurationDone");
  return { client, stub: await stub };
}

const top = async (session: Client, threadId = 1) =>
  (await session.request("stackTrace", { threadId })).stackFrames[0];

describe.skipIf(process.platform === "win32")("Firecracker's stub", () => {
  test("the four stops, from before paging on; it ends with its debugger", async () => {
    const { socket, stub } = await start(guest);
    const { status, stdout, stderr } = await attach(
      socket,
      "--symbols",
      guest,
      "--break",
      "tc_init",
      "--stops",
      "4",
    );
    expect(stderr).toBe("");
    expect(frames(stdout).map((line) => line.replaceAll("emulator/guest/", ""))).toEqual(bootFrames());
    expect(status).toBe(0);
    expect((await stub).why).toBe("detached");
  });

  test.skipIf(!kernel)(
    `the real kernel${kernel ? "" : " (skipped: CLOCKPATH_NETBSD_KERNEL is not set)"}`,
    async () => {
      const { socket } = await start(kernel!, 1, "console=com -a");
      const { stdout } = await attach(socket, "--symbols", kernel!, "--break", "tc_init", "--stops", "4");
      expect(frames(stdout)).toEqual(bootFrames(kernel!, "--cmdline", "console=com -a"));
    },
  );

  test("six breakpoints before paging: four debug registers, and the others when there is memory for them", async () => {
    const names = [
      "cpu_configure",
      "startrtclock",
      "configure2",
      "tsc_tc_init",
      "lapic_calibrate_timer",
      "tc_init",
    ];
    const { socket, stub } = await start(guest);
    const breaks = names.flatMap((name) => ["--break", name]);
    const { stdout, status } = await attach(socket, "--symbols", guest, ...breaks, "--stops", "6");
    expect(stdout.match(/waits for a stop at which its page is mapped/g)).toHaveLength(2);
    const functions = frames(stdout).filter((line) => line.startsWith("#0 ")).map((line) => /#0 +(?:0x\w+ in )?(\w+)/.exec(line)![1]); // biome-ignore format: one line
    const expected = ["cpu_configure", "startrtclock", "tc_init", "lapic_calibrate_timer", "configure2", "lapic_calibrate_timer"]; // biome-ignore format: one line
    expect(functions).toEqual(expected);
    expect(status).toBe(0);
    const { log } = await stub;
    expect(log.filter((packet) => packet.startsWith("Z1,")).length).toBeGreaterThan(4);
    expect(log.filter((packet) => packet.startsWith("Z0,")).length).toBeGreaterThan(4);
  });

  test("steps, writes by G, what it does not tell, memory without INT3, pause", async () => {
    const { client, stub } = await session(guest, 1, "tc_init");
    await client.event("stopped");
    expect(await top(client)).toMatchObject({ line: 86, name: expect.stringContaining("tc_init(") });
    const { instructionPointerReference } = await top(client);
    const { data } = await client.request("readMemory", {
      memoryReference: instructionPointerReference,
      count: 1,
    });
    expect(Buffer.from(data, "base64")[0]).not.toBe(0xcc);
    await client.request("next", { threadId: 1 });
    await client.event("stopped");
    expect(await top(client)).toMatchObject({ line: 89 });
    const ask = async (expression: string) => (await client.raw("evaluate", { expression, context: "repl" })).body?.result ?? "refused"; // biome-ignore format: one line
    expect(await ask("p/x $r12 = 0x1234")).toMatch(/0x1234$/);
    expect(await ask("p/x $r12")).toMatch(/0x1234$/);
    expect(await ask("info registers cr0")).toMatch(/^cr0 +<not saved>/);
    const device = await client.raw("evaluate", { expression: "x/wx 0xfee00020", context: "repl" });
    expect(device.message).toMatch(/Cannot access memory at address 0xfee00020/);
    await client.breakOn();
    await client.request("continue", { threadId: 1 });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const began = performance.now();
    await client.request("pause", { threadId: 1 });
    expect(await client.event("stopped")).toMatchObject({ reason: "pause" });
    expect(performance.now() - began).toBeLessThan(5000);
    expect(stub.log.filter((packet) => /^vCont;s(;|$)/.test(packet))).toEqual([]);
    await client.request("disconnect");
  });

  test("several vCPUs: who stops is told, the others run on and are asked nothing", async () => {
    const { client, stub } = await session(smp, 3, "ap_main");
    const { threadId } = await client.event("stopped");
    expect([2, 3]).toContain(threadId);
    const { threads } = await client.request("threads");
    expect(threads.map(({ name }: { name: string }) => name)).toEqual(["CPU 0", "CPU 1", "CPU 2"]);
    expect(await top(client, threadId)).toMatchObject({ name: "ap_main()" });
    // The other one comes to the breakpoint while this one steps; the end of the step, told late, is no stop of its own.
    await client.request("next", { threadId });
    const other = await client.event("stopped");
    expect(other).toMatchObject({ reason: "function breakpoint", threadId: 5 - threadId });
    await client.breakOn();
    await client.request("continue", { threadId: other.threadId });
    await client.event("terminated");
    expect(client.said).toContain("The connection has ended");
    expect(stub.why).toMatch(/^The guest/);
    await client.request("disconnect");
  });
});
