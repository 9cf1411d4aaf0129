// From a packet to its handler, and from what a handler throws to an error reply. A packet that no group knows gets the
// empty reply, as the protocol wants. What qSupported offers is asked of the groups, so it cannot disagree with them.

import { MemoryError } from "../../symbols/memory.ts";
import { BadPacket } from "../hex.ts";
import { breakpointPackets } from "./breakpoints.ts";
import type { PacketGroup } from "./group.ts";
import { memoryPackets } from "./memory.ts";
import { monitorPackets } from "./monitor.ts";
import { processPackets } from "./process.ts";
import { registerPackets } from "./registers.ts";
import { resumePackets } from "./resume.ts";
import { searchPackets } from "./search.ts";
import type { StubState } from "./state.ts";
import { supportPackets } from "./support.ts";
import { threadPackets } from "./threads.ts";
import { transferPackets } from "./transfer.ts";

const GROUPS: readonly PacketGroup[] = [
  supportPackets(() => GROUPS),
  processPackets,
  threadPackets,
  registerPackets,
  memoryPackets,
  searchPackets,
  breakpointPackets,
  resumePackets,
  transferPackets,
  monitorPackets,
];

const HANDLERS = new Map(GROUPS.flatMap(({ packets }) => Object.entries(packets)));

/** `qXfer:features:read:...` is "qXfer" and the rest; `m80,4` is "m" and "80,4". */
function split(packet: string): [name: string, rest: string] {
  const name = /^(?:[qQv][A-Za-z.]*\??|[\s\S])/.exec(packet)?.[0] ?? "";
  return [name, packet.slice(name.length)];
}

/** The reply to a packet; undefined for one that gets none. Never throws. */
export async function reply(state: StubState, packet: string): Promise<string | undefined> {
  const [name, rest] = split(packet);
  const handler = HANDLERS.get(name);
  if (!handler) return "";
  try {
    return await handler(state, rest);
  } catch (error) {
    return errorReply(error);
  }
}

/** `E.text` is an error wherever gdb looks for one; memory errors are a number, since gdb words them itself. */
function errorReply(error: unknown): string {
  if (error instanceof MemoryError) return "E0e";
  if (error instanceof BadPacket) return "E16";
  return `E.${(error instanceof Error ? error.message : String(error)).replace(/[^ -~]/g, " ")}`;
}
