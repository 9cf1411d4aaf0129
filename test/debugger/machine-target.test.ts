// Running the machine in slices: what the guest does must not depend on how its time is sliced, paced or stepped.
import { expect, test } from "vitest";
import type { Session } from "../../emulator/launch.ts";
import { openSession } from "../../emulator/launch.ts";

const START = 535_000;

async function runTo(session: Session, maxInstructions: number): Promise<void> {
  session.target.limits = { maxInstructions };
  expect((await session.target.resume({ kind: "continue" })).kind).toBe("limit");
}

const moment = ({ target: { counters } }: Session) => ({
  instructions: counters.instructions(),
  timeNs: counters.timeNs(),
  hash: counters.stateHash(),
});

test("slices, single steps and pacing lead to the same state", async () => {
  const whole = openSession({});
  await runTo(whole, START + 3000);

  const stepped = openSession({});
  await runTo(stepped, START);
  stepped.target.limits = {};
  for (let count = 0; count < 3000; count++)
    expect(await stepped.target.resume({ kind: "step" })).toEqual({ kind: "step" });
  expect(moment(stepped)).toEqual(moment(whole));

  const sliced = openSession({});
  for (let at = 7919; at < START + 3000; at += 7919) await runTo(sliced, at);
  await runTo(sliced, START + 3000);
  expect(moment(sliced)).toEqual(moment(whole));

  const paced = openSession({});
  paced.target.pacedByHost = true;
  await runTo(paced, START + 3000);
  expect(moment(paced)).toEqual(moment(whole));
});

test("scripted input comes at the same instruction however the run is sliced, and again after a restart", async () => {
  const typing = async (slice: number) => {
    const session = openSession({});
    session.target.setScript([{ after: "lapic0: ", text: "hello" }]);
    for (let at = slice; at < START; at += slice) await runTo(session, at);
    await runTo(session, START);
    return { session, after: moment(session) };
  };
  const silent = openSession({});
  await runTo(silent, START);
  const { session, after } = await typing(START);
  expect(after.hash).not.toBe(moment(silent).hash);
  expect((await typing(7919)).after).toEqual(after);
  session.target.restart();
  await runTo(session, START);
  expect(moment(session)).toEqual(after);
});

test("an idle guest keeps the pace of the host's clock when it is asked to", async () => {
  const session = openSession({});
  session.target.limits = { untilConsole: "idling" };
  await session.target.resume({ kind: "continue" });
  session.target.limits = {};
  session.target.pacedByHost = true;
  const { counters } = session.target;
  const before = counters.timeNs();
  setTimeout(() => session.target.interrupt(), 500);
  expect(await session.target.resume({ kind: "continue" })).toEqual({ kind: "interrupted" });
  const guestMs = (counters.timeNs() - before) / 1e6;
  expect(guestMs).toBeGreaterThan(250);
  expect(guestMs).toBeLessThan(1000);
});

test("a breakpoint on the current instruction has had its stop: resuming executes it", async () => {
  const { target } = openSession({});
  target.limits = { maxInstructions: 1_000_000 };
  const seen: number[] = [];
  await target.resume({ kind: "step" });
  target.setBreakpoints([target.readRegister("rip")]);
  target.limits = { maxInstructions: 1000 };
  expect((await target.resume({ kind: "continue" })).kind).toBe("limit");
  seen.push(target.counters.instructions());
  expect(seen).toEqual([1000]);
});

test("restart gives the state of a new machine, breakpoints stay", async () => {
  const session = openSession({});
  const fresh = moment(session);
  const [site] = session.symbols.functionSites("tc_init");
  session.target.setBreakpoints([site!.address]);
  expect((await session.target.resume({ kind: "continue" })).kind).toBe("breakpoint");
  const first = moment(session);
  session.target.restart();
  expect(moment(session)).toEqual(fresh);
  expect((await session.target.resume({ kind: "continue" })).kind).toBe("breakpoint");
  expect(moment(session)).toEqual(first);
});

test("unmapped memory is an error that names the first byte that cannot be read", () => {
  const { target } = openSession({});
  expect(() => target.readMemory(0xffff_ffff_ffff_f000n, 8)).toThrow(/Cannot access memory at address 0x/);
});
