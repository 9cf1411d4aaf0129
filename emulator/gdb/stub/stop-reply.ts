// Why the guest stopped, as gdb wants to hear it (gdb manual, E.3 "Stop Reply Packets"). The machine's own endings stay
// stops, not exits, so that their state can be looked at; what happened is told as console text before.

import type { Stop } from "../../debugger/target.ts";
import { hexOf } from "../hex.ts";
import type { StubState } from "./state.ts";
import { selectedThread } from "./threads.ts";

/** gdb's signal numbers (include/gdb/signals.def). */
const SIGNALS = { int: "02", trap: "05", abort: "06", ill: "04", alarm: "0e", stop: "11" } as const;

export function stopReply(state: StubState, stop: Stop): string {
  const signal = signalOf(stop);
  return `T${signal}thread:${selectedThread(state).toString(16).padStart(2, "0")};${reasonOf(state, stop)}`;
}

function signalOf(stop: Stop): string {
  switch (stop.kind) {
    case "interrupted":
      return SIGNALS.int;
    case "limit":
      return SIGNALS.alarm;
    case "halted":
      return SIGNALS.stop;
    case "shutdown":
      return SIGNALS.abort;
    case "unsupported":
      return SIGNALS.ill;
    default:
      return SIGNALS.trap;
  }
}

/** Which breakpoint or watchpoint it was; only in words that gdb has announced to understand. */
function reasonOf(state: StubState, stop: Stop): string {
  if (stop.kind === "breakpoint") {
    const reason = state.hardware.has(stop.address) ? "hwbreak" : "swbreak";
    return state.announced.has(reason) ? `${reason}:;` : "";
  }
  // gdb finds its own watchpoint by the address, and compares old and new value itself.
  const watch = stop.kind === "watchpoint" ? state.watches[stop.hits[0]!.id] : undefined;
  return watch ? `${WATCH_REASONS[watch.access]}:${watch.address.toString(16)};` : "";
}

const WATCH_REASONS = { write: "watch", read: "rwatch", access: "awatch" } as const;

/** Console text that gdb prints: only between a resume and its stop reply, and in front of a qRcmd's reply. */
export function say(state: StubState, text: string): void {
  for (let at = 0; at < text.length; at += 4000)
    state.send(`O${hexOf(Buffer.from(text.slice(at, at + 4000), "utf8"))}`);
}
