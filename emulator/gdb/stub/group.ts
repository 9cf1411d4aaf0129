// What a file of packets consists of.

import type { Target } from "../../debugger/target.ts";
import type { StubState } from "./state.ts";

/** Gives the reply; undefined: none. Throws BadPacket, MemoryError, or an Error with a message for the user. */
export type PacketHandler = (
  state: StubState,
  rest: string,
) => string | undefined | Promise<string | undefined>;

export interface PacketGroup {
  /** By the packet's name: one letter, or the word after q, Q or v. */
  packets: Record<string, PacketHandler>;
  /** What qSupported offers of this group on a target: "swbreak+", "qXfer:features:read+". */
  features?(target: Target): string[];
}
