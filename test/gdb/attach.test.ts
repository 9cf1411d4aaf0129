// `clockpath attach` and the adapter's attach request: our own stub always, QEMU where it is installed, the real kernel where
// CLOCKPATH_NETBSD_KERNEL names one.

import net from "node:net";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { Client } from "../adapter/client.ts";
import { attach, bootFrames, frames } from "./attach-run.ts";
import { hasQemu, startQemu, typed } from "./qemu.ts";
import { root, serve } from "./run.ts";

const guest = path.join(root, "emulator/guest/guest.elf");
const kernel = process.env.CLOCKPATH_NETBSD_KERNEL;

/** The first value is read before paging is on: nothing is there. */
const CHANGED =
  /Old value = <unreadable>\nNew value = 0x\w+ <i8254_timecounter>[\s\S]*Old value = 0x\w+ <i8254_timecounter>\nNew value = 0x\w+ <\w+_timecounter>/;

describe("attach to our own stub", () => {
  test("stops, arguments and lines are those of boot", async () => {
    const served = await serve();
    const { status, stdout } = await attach(`127.0.0.1:${served.port}`, "--symbols", guest, "--break", "tc_init", "--stops", "4", "--monitor", "info tsc"); // biome-ignore format: one line
    expect(frames(stdout).map((line) => line.replaceAll("emulator/guest/", ""))).toEqual(bootFrames());
    expect(stdout).toContain("! TSC: 1000.000 MHz");
    expect(stdout).toMatch(/4 stops, done\n$/);
    expect(status).toBe(0);
    await served.printed("gdb has detached: the guest runs on.");
    served.interrupt();
    expect((await served.ended).status).toBe(0);
  });

  test("memory is watched through the stub; what is no memory is refused", async () => {
    const served = await serve();
    const where = `127.0.0.1:${served.port}`;
    const watched = await attach(where, "--symbols", guest, "--watch", "timecounter", "--stops", "2");
    expect(watched.stdout).toMatch(CHANGED);
    expect(watched.status).toBe(0);
    const refused = await attach(where, "--symbols", guest, "--watch", "msr 0x1b");
    expect(refused.stderr).toContain("watches memory by its linear address only, not a msr");
    served.interrupt();
    await served.ended;
  });

  test("the adapter attaches: breakpoint, stack, step, pause, disconnect", async () => {
    const served = await serve();
    const client = new Client();
    await client.request("initialize", { adapterID: "clockpath", pathFormat: "path" });
    await client.request("attach", { target: `127.0.0.1:${served.port}`, kernel: guest });
    await client.event("initialized");
    const set = await client.request("setFunctionBreakpoints", { breakpoints: [{ name: "tc_init" }] });
    expect(set.breakpoints).toMatchObject([{ verified: true, line: 86 }]);
    await client.request("configurationDone");
    expect(await client.event("stopped")).toMatchObject({ reason: "function breakpoint" });
    await client.request("next", { threadId: 1 });
    await client.event("stopped");
    const { stackFrames } = await client.request("stackTrace", { threadId: 1 });
    expect(stackFrames[0]).toMatchObject({ line: 89, source: { name: "kern_tc.c" } });
    await client.request("setFunctionBreakpoints", { breakpoints: [] });
    await client.request("continue", { threadId: 1 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await client.request("pause", { threadId: 1 });
    expect(await client.event("stopped")).toMatchObject({ reason: "pause" });
    await client.request("disconnect");
    await served.printed("gdb has detached");
    served.interrupt();
    expect((await served.ended).status).toBe(0);
  });
});

/** A session with a breakpoint that the second and third processor come to: each stop is its own, and is stepped from. */
async function severalProcessors(target: string, file: string): Promise<void> {
  const client = new Client();
  await client.request("initialize", { adapterID: "clockpath", pathFormat: "path" });
  await client.request("attach", { target, kernel: file });
  await client.event("initialized");
  await client.breakOn("ap_main");
  await client.request("configurationDone");
  const seen: number[] = [];
  for (let stop = 0; stop < 2; stop++) {
    const { reason, threadId } = await client.event("stopped");
    expect(reason).toBe("function breakpoint");
    seen.push(threadId);
    const { stackFrames } = await client.request("stackTrace", { threadId });
    expect(stackFrames[0]).toMatchObject({ name: "ap_main()" });
    const { threads } = await client.request("threads");
    expect(threads.map(({ name }: { name: string }) => name.replace(/ \(.*/, ""))).toEqual(["CPU 0", "CPU 1", "CPU 2"]); // biome-ignore format: one line
    await client.request("continue", { threadId });
  }
  expect(seen.sort()).toEqual([2, 3]);
  await client.request("disconnect");
}

const smp = path.join(root, "test/machine/smp/smp.elf");

test("several processors behind our own stub: a breakpoint is everyone's, a stop says whose", async () => {
  const served = await serve(smp, "--cpus", "3");
  await severalProcessors(`127.0.0.1:${served.port}`, smp);
  served.interrupt();
  await served.ended;
});

describe("attach fails with what to do", () => {
  test.each([
    [["127.0.0.1:1"], /^clockpath: 127\.0\.0\.1:1: nothing listens there \(QEMU: start it with -s -S/],
    [["./no/such/socket"], /^clockpath: \.\/no\/such\/socket: no such socket/],
    [[], /attach takes one HOST:PORT or socket/],
    [["127.0.0.1:1", "--symbols", "/no/such/kernel"], /no such file/],
  ])("%j", async (args, message) => {
    const { status, stderr } = await attach(...args);
    expect(stderr.trimEnd()).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(status).toBe(1);
  });

  test("a server that is no stub ends in a clear error, not in a hang", async () => {
    const server = net.createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as net.AddressInfo;
    const { status, stderr } = await attach(`127.0.0.1:${port}`, "--symbols", guest, "--break", "main");
    server.close();
    expect(stderr).toMatch(/^clockpath: 127\.0\.0\.1:\d+: the connection has ended/);
    expect(status).toBe(1);
  });
});

describe.skipIf(!hasQemu)(
  `attach to QEMU's microvm${hasQemu ? "" : " (skipped: no qemu-system-x86_64)"}`,
  () => {
    test("the bundled guest: the four stops, and QEMU's own LAPIC state", async () => {
      const { gdb, child } = await startQemu(guest);
      const { status, stdout } = await attach(gdb, "--symbols", guest, "--break", "tc_init", "--stops", "4", "--monitor", "info lapic"); // biome-ignore format: one line
      child.kill();
      expect(frames(stdout).map((line) => line.replaceAll("emulator/guest/", ""))).toEqual(bootFrames());
      expect(stdout).toContain("dumping local APIC state for CPU 0");
      expect(status).toBe(0);
    });

    test("a variable is watched by QEMU, with old and new value; the LAPIC is told at each stop", async () => {
      const { gdb, child } = await startQemu(guest);
      const { status, stdout } = await attach(gdb, "--symbols", guest, "--watch", "timecounter", "--stops", "2"); // biome-ignore format: one line
      child.kill();
      expect(stdout).toMatch(CHANGED);
      expect(stdout).toMatch(/Local APIC {2}periodic, (masked|vector 0x\w+), every \d+\.\d+ ms, next in/);
      expect(frames(stdout)[0]).toMatch(/tc_switch|tc_init/);
      expect(status).toBe(0);
    });

    test("QEMU that is killed in the middle ends the session; another kernel's file is told", async () => {
      const { gdb, child } = await startQemu(guest);
      const client = new Client();
      await client.request("initialize", { adapterID: "clockpath", pathFormat: "path" });
      await client.request("attach", { target: gdb, kernel: smp });
      await client.event("initialized");
      await client.request("configurationDone");
      await new Promise((resolve) => setTimeout(resolve, 500));
      await client.request("pause", { threadId: 1 });
      await client.event("stopped");
      expect(client.said).toMatch(/The code in memory is not that of .*smp\.elf: \d+ of \d+ places differ/);
      await client.request("continue", { threadId: 1 });
      child.kill("SIGKILL");
      await client.event("terminated");
      expect(client.said).toMatch(/(The connection|machine) has ended/);
      await client.request("disconnect");
    });

    test.skipIf(!kernel)(
      `the real kernel with four processors: pauses, and goes on when the session ends${kernel ? "" : " (skipped: CLOCKPATH_NETBSD_KERNEL is not set)"}`,
      async () => {
        const { gdb, monitor, child } = await startQemu(kernel!, { cpus: 4 });
        const client = new Client();
        await client.request("initialize", { adapterID: "clockpath", pathFormat: "path" });
        await client.request("attach", { target: gdb, kernel });
        await client.event("initialized");
        await client.breakOn("cpu_hatch");
        await client.request("configurationDone");
        const seen = new Set<number>();
        for (let stop = 0; stop < 3; stop++) {
          const { threadId } = await client.event("stopped");
          seen.add(threadId);
          const { stackFrames } = await client.request("stackTrace", { threadId });
          expect(stackFrames[0].name).toMatch(/^cpu_hatch\(/);
          await client.request("continue", { threadId });
        }
        expect([...seen].sort()).toEqual([2, 3, 4]);
        const pauses: number[] = [];
        for (let n = 0; n < 10; n++) {
          await new Promise((resolve) => setTimeout(resolve, 150));
          const began = performance.now();
          await client.request("pause", { threadId: 1 });
          const { threadId } = await client.event("stopped");
          pauses.push(Math.round(performance.now() - began));
          await client.request("continue", { threadId });
        }
        console.log(`pauses of a NetBSD with 4 processors on QEMU, in ms: ${pauses.join(" ")}`);
        await client.request("disconnect");
        expect(await typed(monitor, "info status")).toContain("VM status: running");
        child.kill();
      },
    );

    test.skipIf(!kernel)(
      `the real kernel${kernel ? "" : " (skipped: CLOCKPATH_NETBSD_KERNEL is not set)"}`,
      async () => {
        const { gdb, child } = await startQemu(kernel!);
        const { status, stdout } = await attach(
          gdb,
          "--symbols",
          kernel!,
          "--break",
          "tc_init",
          "--stops",
          "4",
        );
        child.kill();
        expect(frames(stdout)).toEqual(bootFrames(kernel!, "--cmdline", "console=com -a"));
        expect(status).toBe(0);
      },
    );
  },
);
