// Running the guest: c, s, C, S, vCont with its range stepping. Timers and interrupts stay on while stepping.

import type { Stop } from "../../debugger/target.ts";
import { BadPacket, numberOf } from "../hex.ts";
import type { PacketGroup } from "./group.ts";
import type { StubState } from "./state.ts";
import { say, stopReply } from "./stop-reply.ts";
import { selectedThread, threadIdOf } from "./threads.ts";

/** Single steps between two looks at the event loop, so that an interrupt comes through. */
const STEPS_PER_YIELD = 2000;

async function run(state: StubState, how: "continue" | "step"): Promise<string> {
  return stopped(state, await state.resume({ kind: how }));
}

/** The end of a run; what the machine has to say of it comes first, for gdb's console. */
function stopped(state: StubState, stop: Stop): string {
  state.forgetInterrupt();
  if ("message" in stop) say(state, `${stop.message}\n`);
  return stopReply(state, stop);
}

/** `c ADDRESS`: execution goes on there. */
function jump(state: StubState, address: string): void {
  if (address !== "") state.target.writeRegister("rip", numberOf(address));
}

/** vCont;rSTART,END: steps while the pc stays in the range, without a packet for each. */
async function stepInRange(state: StubState, range: string): Promise<string> {
  const [low, high] = range.split(",", 2).map((text) => numberOf(text));
  if (low === undefined || high === undefined) throw new BadPacket("r takes START,END");
  let stop: Stop;
  let pc: bigint;
  let steps = 0;
  do {
    if (++steps % STEPS_PER_YIELD === 0) await new Promise((resolve) => setImmediate(resolve));
    if (state.interruptWanted) {
      state.lastStop = stop = { kind: "interrupted" };
      break;
    }
    stop = await state.resume({ kind: "step" });
    pc = state.target.readRegister("rip");
    if (state.software.has(pc) || state.hardware.has(pc))
      state.lastStop = stop = { kind: "breakpoint", address: pc };
  } while (stop.kind === "step" && pc >= low && pc < high);
  return stopped(state, stop);
}

/**
 * What is to be done, and by which thread. A thread that steps decides: the others have their turns meanwhile, whether gdb lets
 * them go on or would have them stand. Where it names none, the selected one steps.
 */
function actionOf(state: StubState, rest: string): { what: string; thread: number } {
  const selected = selectedThread(state);
  const actions = rest
    .split(";")
    .filter(Boolean)
    .map((action) => {
      const [what = "", id] = action.split(":", 2);
      const thread = id === undefined ? "all" : threadIdOf(id);
      return { what, thread: typeof thread === "number" ? thread : selected };
    });
  const action = actions.find(({ what }) => /^[sSr]/.test(what)) ?? actions[0];
  if (!action) throw new BadPacket("no action");
  return action;
}

export const resumePackets: PacketGroup = {
  packets: {
    c(state, rest) {
      jump(state, rest);
      return run(state, "continue");
    },
    s(state, rest) {
      jump(state, rest);
      return run(state, "step");
    },
    // With a signal: a machine has none to take.
    C(state, rest) {
      jump(state, rest.split(";")[1] ?? "");
      return run(state, "continue");
    },
    S(state, rest) {
      jump(state, rest.split(";")[1] ?? "");
      return run(state, "step");
    },
    "vCont?": () => "vCont;c;C;s;S;r",
    vCont(state, rest) {
      const { what, thread } = actionOf(state, rest);
      if (/^(?:c|C[0-9a-f]{2})$/i.test(what)) return run(state, "continue");
      state.target.threads?.select(thread);
      if (/^[sS](?:[0-9a-f]{2})?$/.test(what)) return run(state, "step");
      if (what.startsWith("r")) return stepInRange(state, what.slice(1));
      throw new BadPacket(`no action ${what}`);
    },
  },
  features: () => ["vContSupported+"],
};
