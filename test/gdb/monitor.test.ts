// gdb's `monitor` commands, each over the bundled guest at its third timecounter, when the local APIC's timer has been calibrated.

import { beforeAll, expect, test } from "vitest";
import { monitorPackets } from "../../emulator/gdb/stub/monitor.ts";
import type { StubState } from "../../emulator/gdb/stub/state.ts";
import { openSession, type Session } from "../../emulator/launch.ts";

let session: Session;
beforeAll(async () => {
  session = openSession({ memory: "16M" });
  session.debugger.addBreakpoint({ kind: "function", name: "tc_init" });
  for (let stop = 0; stop < 3; stop++) await session.debugger.continue();
});

/** What gdb prints for `monitor LINE`. */
async function monitor(line: string): Promise<string> {
  let said = "";
  const send = (packet: string) => {
    said += Buffer.from(packet.slice(1), "hex").toString("utf8");
  };
  const rest = `,${Buffer.from(line, "utf8").toString("hex")}`;
  expect(
    await monitorPackets.packets.qRcmd!({ target: session.target, send } as unknown as StubState, rest),
  ).toBe("OK");
  return said;
}

test.each([
  ["info tsc", /^TSC: 1000\.000 MHz, \d+ ticks/, /IA32_TIME_STAMP_COUNTER +0x[0-9a-f]+/],
  ["info lapic", /^Local APIC: /, /Initial Count Register \(for Timer\) +0x/],
  ["lapic timer_initial_count", /^Local APIC: /, /^ {2}Initial Count Register[^\n]*\n( {4}[^\n]*\n)*$/m],
  ["info i8254", /^i8254[^:]*: counter 0 rate generator/, /Counter 0 +0x/],
  ["pit", /^i8254[^:]*: counter 0 rate generator/, /Status byte of counter 0/],
  ["info ioapic", /^I\/O APIC: /, /IOREDTBL2 +0x/],
  ["ioapic 2", /^I\/O APIC: /, /^ {2}IOREDTBL2 [^\n]*\n( {4}[^\n]*\n)*$/m],
  ["info cpuid", /^CPUID: /, /0x80000007|80000007/i],
  ["cpuid 0x80000007", /^CPUID: /, /0x80000007|80000007/i],
  ["info msr", /^MSRs?[^:]*: /, /IA32_APIC_BASE/],
  ["msr 0x1b", /^MSRs?[^:]*: /, /^ {2}0x1b IA32_APIC_BASE[^\n]*\n( {4}[^\n]*\n)*$/m],
  ["clocks", /^TSC: /, /\n\nLocal APIC: [\s\S]*\n\ni8254/],
  ["counters", /^instructions \d+\ntime \d+ ns\nstate [0-9a-f]+\n$/, /./],
])("monitor %s", async (line, head, row) => {
  const text = await monitor(line);
  expect(text).toMatch(head);
  expect(text).toMatch(row);
});

test("monitor help lists them; what is none is told", async () => {
  const help = await monitor("help");
  for (const each of [
    "info tsc",
    "info lapic",
    "info i8254",
    "info ioapic",
    "info cpuid",
    "info msr",
    "info clocks",
    "info counters",
    "type TEXT",
  ])
    expect(help).toContain(each);
  expect(await monitor("nonsense")).toContain('No monitor command "nonsense". There are:');
});
