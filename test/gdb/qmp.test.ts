// QEMU's machine protocol: the conversation with a server as it should be and as it should not; then QEMU itself, whose own human
// monitor is the oracle for what the views show.

import net from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { Conversation } from "../../emulator/qemu/qmp-conversation.ts";
import { MAX_MESSAGE, MessageReader } from "../../emulator/qemu/qmp-messages.ts";
import { Client } from "../adapter/client.ts";
import { hasQemu, type Qemu, startQemu, typed } from "./qemu.ts";
import { root } from "./run.ts";

const GREETING = '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": "Debian"}, "capabilities": []}}\r\n'; // biome-ignore format: one line

/** What a conversation tells and sends, in order. */
function converse(...chunks: string[]): string[] {
  const said: string[] = [];
  const conversation = new Conversation(
    {
      ready: (version) => said.push(`ready ${version}`),
      refused: (why) => said.push(`refused ${why}`),
      event: (name, data) => said.push(`event ${name} ${JSON.stringify(data)}`),
      replied: (id, reply) => said.push(`reply ${id} ${JSON.stringify(reply)}`),
    },
    (text) => said.push(`> ${text}`),
  );
  for (const chunk of chunks) conversation.receive(chunk);
  return said;
}

describe("a conversation", () => {
  test("greeting, capabilities, replies by their ids, events between them", () => {
    const event = '{"timestamp": {"seconds": 1, "microseconds": 2}, "event": "STOP"}\r\n';
    const said = converse(GREETING, event, '{"return": {}}\r\n', '{"return": "a\\n}", "id": 7}\r\n{"error": {"class": "GenericError", "desc": "no"}, "id": 8}\r\n'); // biome-ignore format: one line
    expect(said).toEqual([
      '> {"execute":"qmp_capabilities"}',
      "event STOP {}",
      "ready 7.2.22 (Debian)",
      'reply 7 {"value":"\\"a\\\\n}\\""}',
      'reply 8 {"error":"no"}',
    ]);
  });

  test("byte by byte, and in QEMU's pretty form", () => {
    const pretty = JSON.stringify(JSON.parse(GREETING), null, 4);
    expect(converse(...pretty)).toEqual(['> {"execute":"qmp_capabilities"}']);
  });

  test.each([
    [
      "QEMU 7.2.22 monitor - type 'help' for more information\r\n(qemu) ",
      /human monitor: start QEMU with -qmp/,
    ],
    ["HTTP/1.1 400 Bad Request\r\n\r\n", /no QMP server/],
    ['{"QMP": 5}\n', /no QMP server/],
    ["[[[]]]\n", /no QMP server/],
  ])("%j is refused", (text, why) => {
    const said = converse(text, GREETING);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(why);
  });

  test("a message without end is thrown away, not kept", () => {
    const reader = new MessageReader();
    for (let i = 0; i < 40; i++) expect([...reader.read(`${i === 0 ? '{"x": "' : ""}${"x".repeat(MAX_MESSAGE / 16)}`)]).toEqual([]); // biome-ignore format: one line
    expect([...reader.read('"}')]).toEqual([{ kind: "noise", text: "a message of more than 1 MiB" }]);
    expect([...reader.read('{"event": "STOP"}\n')]).toMatchObject([{ kind: "event", name: "STOP" }]);
  });
});

const guest = `${root}/emulator/guest/guest.elf`;
const kernel = process.env.CLOCKPATH_NETBSD_KERNEL;

let machine: Qemu | undefined;
let client: Client | undefined;
afterEach(() => {
  client?.kill();
  machine?.child.kill("SIGKILL");
});

/** A session over a QEMU with QMP, at the first of these breakpoints. */
async function attached(
  file: string,
  breaks: string[],
  cpus = 1,
): Promise<{ machine: Qemu; client: Client }> {
  machine = await startQemu(file, { cpus });
  client = new Client();
  await client.request("initialize", { adapterID: "clockpath", pathFormat: "path" });
  await client.request("attach", { target: machine.gdb, kernel: file, qmp: `unix:${machine.qmp}` });
  await client.event("initialized");
  await client.breakOn(...breaks);
  await client.request("configurationDone");
  await client.event("stopped");
  return { machine, client };
}

/** The numbers of `info lapic` and `info pic`, as a person reads them there, by our registers' names. */
async function byHand(monitor: string): Promise<Record<string, number>> {
  const text = (await typed(monitor, "info lapic")) + (await typed(monitor, "info pic"));
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1]);
  const pins = [...text.matchAll(/pin (\d+)\s+(0x[0-9a-f]+)/g)].map(([, pin, value]) => [
    `pin${pin}`,
    Number(value),
  ]);
  return {
    lvt_timer: number(/LVTT\s+(\S+)/),
    lvt_lint0: number(/LVT0\s+(\S+)/),
    lvt_error: number(/LVTERR\s+(\S+)/),
    timer_initial_count: number(/initial_count = (\d+)/),
    timer_divide: number(/DCR=(\S+)/),
    svr: number(/SPIV\s+(\S+)/),
    icr_low: number(/ICR\s+(\S+)/),
    tpr: number(/TPR (\S+)/),
    timer_current_count: number(/current_count = (\d+)/),
    ...Object.fromEntries(pins),
  };
}

/** The same by the console's `info lapic` and `info ioapic`. */
async function shown(session: Client): Promise<Record<string, number>> {
  const text = async (what: string): Promise<string> =>
    (await session.request("evaluate", { expression: `info ${what}`, context: "repl" })).result;
  const { devices } = await session.request("clockpath.clockDevices");
  const lapic = devices.find(({ id }: { id: string }) => id === "lapic");
  const registers: [string, number][] = lapic.registers.map(({ id, value }: { id: string; value: string }) => [id, Number(value)]); // biome-ignore format: one line
  const pins = [...(await text("ioapic")).matchAll(/IOREDTBL(\d+)\s+(0x[0-9a-f]+)/g)].map(([, pin, value]) => [`pin${pin}`, Number(value)]); // biome-ignore format: one line
  expect(await text("lapic")).toContain("Initial Count Register");
  expect(await text("tsc")).toContain("QEMU does not tell the counter");
  return Object.fromEntries([...registers, ...pins]);
}

describe.skipIf(!hasQemu)(`QEMU's own monitor${hasQemu ? "" : " (skipped: no qemu-system-x86_64)"}`, () => {
  test("the views' numbers are the monitor's; they are read while the guest runs; QEMU's end is told", async () => {
    const { machine, client } = await attached(guest, ["tsc_tc_init"]);
    expect(client.said).toMatch(/QMP: QEMU \d+\.\d+\.\d+.*, 1 processor, prelaunch\./);
    expect(await shown(client)).toMatchObject(await byHand(machine.monitor));
    const hover = await client.request("evaluate", { expression: "LAPIC_ICR_TIMER", context: "hover" });
    expect(hover.result).toMatch(/^0x[0-9a-f]+ {2}\d+ ticks, .* — Initial Count Register/);
    await client.breakOn();
    await client.request("continue", { threadId: 1 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const running = await client.request("clockpath.clockDevices");
    expect(running.running).toBe(true);
    expect(running.devices.map(({ id }: { id: string }) => id)).toEqual(["tsc", "lapic"]);
    machine.child.kill("SIGTERM");
    await client.event("terminated");
    expect(client.said).toContain("QEMU ended: a signal.");
    expect((await client.raw("stackTrace", { threadId: 1 })).message).toBe("The session has ended.");
    await client.request("disconnect");
  });

  test.skipIf(!kernel)(
    `the real kernel with two processors${kernel ? "" : " (skipped: CLOCKPATH_NETBSD_KERNEL is not set)"}`,
    async () => {
      const { machine, client } = await attached(kernel!, ["tc_init", "lapic_calibrate_timer"], 2);
      for (let stop = 0; stop < 4; stop++) {
        expect(await shown(client)).toMatchObject(await byHand(machine.monitor));
        await client.request("continue", { threadId: 1 });
        await client.event("stopped");
      }
      await client.request("disconnect");
    },
  );

  test("two clients: the second one is told, not left waiting", async () => {
    machine = await startQemu(guest);
    const first = net.connect(machine.qmp);
    await new Promise((resolve) => first.once("data", resolve));
    client = new Client();
    await client.request("initialize", { adapterID: "clockpath", pathFormat: "path" });
    const refused = await client.raw("attach", {
      target: machine.gdb,
      kernel: guest,
      qmp: `unix:${machine.qmp}`,
    });
    expect(refused.message).toMatch(/^QMP at .*: no greeting in 5 s \(QEMU greets one client at a time\)$/);
    first.destroy();
  });
});
