// Running the guest: c, s, C, S, vCont with its range stepping. Timers and interrupts stay on while stepping.

import type { Stop } from "../../debugger/target.ts";
import { BadPacket, numberOf } from "../hex.ts";
import type { PacketGroup } from "./group.ts";
import type { StubState } from "./state.ts";
import { say, stopReply } from "./stop-reply.ts";
import { selectedThread, type ThreadId, threadIdOf, threadsOf } from "./threads.ts";

/** Single steps between two looks at the event loop, so that an interrupt comes through. */
const STEPS_PER_YIELD = 2000;

const NOBODY: ReadonlySet<number> = new Set();

async function run(state: StubState, kind: "continue" | "step", held = NOBODY): Promise<string> {
  return stopped(state, await state.resume({ kind, held }));
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
async function stepInRange(state: StubState, range: string, held: ReadonlySet<number>): Promise<string> {
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
    stop = await state.resume({ kind: "step", held });
    pc = state.target.readRegister("rip");
    if (state.software.has(pc) || state.hardware.has(pc))
      state.lastStop = stop = { kind: "breakpoint", address: pc };
  } while (stop.kind === "step" && pc >= low && pc < high);
  return stopped(state, stop);
}

interface Action {
  what: string;
  thread: ThreadId;
}

/** Who does what: the thread that steps, or undefined where all go on; threads that no action is for stand. */
interface Plan {
  action: string;
  thread: number | undefined;
  held: ReadonlySet<number>;
}

function actionsOf(rest: string): Action[] {
  const words = rest.split(";").filter(Boolean);
  return words.map((word) => {
    const [what = "", id] = word.split(":", 2);
    return { what, thread: id === undefined ? "all" : threadIdOf(id) };
  });
}

/**
 * The leftmost action that names a thread is the thread's (gdb manual, E.3 "vCont"). One thread steps, the selected one where the packet
 * names none; others that were to step as well go on meanwhile.
 */
function planOf(state: StubState, rest: string): Plan {
  const actions = actionsOf(rest);
  if (actions.length === 0) throw new BadPacket("no action");
  const threads = threadsOf(state).map(({ id }) => id);
  const selected = selectedThread(state);
  const given = new Map<number, string>();
  for (const id of threads) {
    const own = actions.find(
      ({ thread }) => thread === id || thread === "all" || (thread === "any" && id === selected),
    );
    if (own) given.set(id, own.what);
  }
  const steppers = [...given].filter(([, what]) => /^[sSr]/.test(what));
  const stepper = steppers.find(([id]) => id === selected) ?? steppers[0];
  const held = new Set(threads.filter((id) => !given.has(id)));
  if (held.size === threads.length) throw new BadPacket("no thread of these");
  return { action: stepper?.[1] ?? [...given.values()][0]!, thread: stepper?.[0], held };
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
      const { action, thread, held } = planOf(state, rest);
      const runner = thread ?? threadsOf(state).find(({ id }) => !held.has(id))?.id;
      if (runner !== undefined && (thread !== undefined || held.has(selectedThread(state))))
        state.target.threads?.select(runner);
      if (/^(?:c|C[0-9a-f]{2})$/i.test(action)) return run(state, "continue", held);
      if (/^[sS](?:[0-9a-f]{2})?$/.test(action)) return run(state, "step", held);
      if (action.startsWith("r")) return stepInRange(state, action.slice(1), held);
      throw new BadPacket(`no action ${action}`);
    },
  },
  features: () => ["vContSupported+"],
};
