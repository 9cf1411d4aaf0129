// The life of the machine in gdb's words: why it stands, kill, detach, restart. gdb's process is the machine.

import type { PacketGroup } from "./group.ts";
import type { StubState } from "./state.ts";
import { stopReply } from "./stop-reply.ts";

function leave(state: StubState, ending: "detached" | "killed"): string {
  state.clear();
  state.ending = ending;
  return "OK";
}

function restart(state: StubState): void {
  if (!state.target.restart) throw new Error("this machine cannot start over");
  state.target.restart();
  state.plant();
  state.lastStop = { kind: "step" };
}

export const processPackets: PacketGroup = {
  packets: {
    "?": (state) => stopReply(state, state.lastStop),
    /** Extended mode: gdb's `run` starts the machine over. */
    "!": (state) => (state.target.restart ? "OK" : ""),
    k(state) {
      leave(state, "killed");
      return undefined;
    },
    vKill: (state) => leave(state, "killed"),
    D: (state) => leave(state, "detached"),
    R(state) {
      restart(state);
      return undefined;
    },
    vRun(state) {
      restart(state);
      return stopReply(state, state.lastStop);
    },
    /** 1: the machine was there before gdb came, so that gdb's `quit` detaches. */
    qAttached: () => "1",
  },
};
