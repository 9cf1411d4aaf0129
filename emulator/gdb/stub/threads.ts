// The processors as gdb's threads, numbered from 1 (gdb manual, E.4: H, T, qC, qfThreadInfo, qThreadExtraInfo).

import type { Thread } from "../../debugger/target.ts";
import { BadPacket, hexOf } from "../hex.ts";
import type { PacketGroup } from "./group.ts";
import type { StubState } from "./state.ts";

/** A thread as packets name it: a number in hexadecimal, "any", or "all". */
export type ThreadId = number | "any" | "all";

export function threadIdOf(text: string): ThreadId {
  if (text === "-1") return "all";
  if (!/^[0-9a-f]{1,8}$/i.test(text)) throw new BadPacket(`no thread id: ${text}`);
  return Number.parseInt(text, 16) || "any";
}

const ALONE: readonly Thread[] = [{ id: 1, name: "CPU 0", activity: undefined }];

export const threadsOf = ({ target }: StubState): readonly Thread[] => target.threads?.list() ?? ALONE;
export const selectedThread = ({ target }: StubState): number => target.threads?.selected ?? 1;

const isKnown = (state: StubState, id: ThreadId): boolean =>
  typeof id === "string" || threadsOf(state).some((thread) => thread.id === id);

/** As QEMU writes it. */
function description({ name, activity }: Thread): string {
  return activity ? `${name} [${activity}]` : name;
}

export const threadPackets: PacketGroup = {
  packets: {
    /** Hg: the thread of the requests that follow; Hc: the thread that `s` steps. */
    H(state, rest) {
      const id = threadIdOf(rest.slice(1));
      if (!/^[cg]/.test(rest) || !isKnown(state, id)) return "E16";
      if (typeof id === "number") state.target.threads?.select(id);
      return "OK";
    },
    T: (state, rest) => (isKnown(state, threadIdOf(rest)) ? "OK" : "E16"),
    qC: (state) => `QC${selectedThread(state).toString(16)}`,
    qfThreadInfo: (state) =>
      `m${threadsOf(state)
        .map(({ id }) => id.toString(16))
        .join(",")}`,
    qsThreadInfo: () => "l",
    qThreadExtraInfo(state, rest) {
      const id = threadIdOf(rest.slice(1));
      const thread = threadsOf(state).find((each) => each.id === id);
      return thread ? hexOf(Buffer.from(description(thread))) : "E16";
    },
  },
};
