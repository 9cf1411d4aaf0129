// The processors behind a stub as threads: what is asked of the stub, and when.

import { expect, test } from "vitest";
import { RemoteThreads } from "../../emulator/gdb/client/remote-threads.ts";

/** Over a stub with these threads; `asked` are the packets that it got. */
function threadsOf(...ids: string[]) {
  const asked: string[] = [];
  const state = { standing: true };
  const answers: Record<string, string> = { qfThreadInfo: `m${ids.join(",")}`, qsThreadInfo: "l" };
  const exchange = (packet: string) => {
    if (!state.standing) throw new Error("The guest is running.");
    asked.push(packet);
    const extra = /^qThreadExtraInfo,0*(\d+)/.exec(packet)?.[1];
    if (extra) return Buffer.from(`CPU#${Number(extra) - 1} [halted ]`).toString("hex");
    return answers[packet] ?? "OK";
  };
  const threads = new RemoteThreads(
    exchange,
    () => state.standing,
    () => {},
  );
  return { threads, state, asked };
}

test("another processor is looked at while the guest runs: nothing is asked, and its clocks are shown", () => {
  const { threads, state, asked } = threadsOf("01", "02");
  threads.list();
  state.standing = false;
  threads.select(2);
  expect([threads.selected, threads.processors]).toEqual([2, { selected: 1, count: 2 }]);
  state.standing = true;
  threads.stopped("1");
  expect([threads.selected, asked.at(-1)]).toEqual([1, "Hg1"]);
  threads.select(2);
  threads.stopped(undefined);
  expect([threads.selected, asked.at(-1)]).toEqual([2, "Hg02"]);
});

test("a step names its thread, and those that are held are not named", () => {
  const { threads } = threadsOf("01", "02", "03");
  const held = new Set([3]);
  expect([threads.stepPacket(new Set()), threads.stepPacket(held)]).toEqual([
    "vCont;s:01;c",
    "vCont;s:01;c:02",
  ]);
  expect([threads.continuePacket(new Set()), threads.continuePacket(held)]).toEqual([
    "vCont;c",
    "vCont;c:01;c:02",
  ]);
  expect(threadsOf("01").threads.stepPacket(new Set())).toBe("vCont;s:01;c");
});
