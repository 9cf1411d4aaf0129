// The processor as gdb's one thread.

import { hexOf } from "../hex.ts";
import type { PacketGroup } from "./group.ts";

/** 0 is any thread, -1 are all. */
const isKnown = (id: string): boolean => /^(?:-1|0*[01])$/.test(id);

export const threadPackets: PacketGroup = {
  packets: {
    H: (_state, rest) => (/^[cg]/.test(rest) && isKnown(rest.slice(1)) ? "OK" : "E16"),
    T: (_state, rest) => (isKnown(rest) ? "OK" : "E16"),
    qC: () => "QC1",
    qfThreadInfo: () => "m1",
    qsThreadInfo: () => "l",
    qThreadExtraInfo: () => hexOf(Buffer.from("cpu0")),
  },
};
