// `clockpath boot --gdb`: says where gdb can connect and what it does, and ends when the machine is wanted no more.

import type { Target } from "../debugger/target.ts";
import { type ServerEvents, serveGdb } from "../gdb/server.ts";
import { type Address, placeName } from "../place.ts";

/** Serves until the machine is wanted no more; says why. Throws UserError where the port cannot be had. */
export async function gdbSession(
  target: Target,
  address: Address,
  say: (text: string) => void,
): Promise<string> {
  let end: (why: string) => void = () => {};
  const ended = new Promise<string>((resolve) => {
    end = resolve;
  });
  const server = await serveGdb(
    target,
    address,
    eventsOf(say, (why) => end(why)),
  );
  say(`Waiting for gdb: target remote ${placeName(server.address)}`);
  const onInterrupt = () => end("Interrupted");
  process.once("SIGINT", onInterrupt);
  try {
    return await ended;
  } finally {
    process.removeListener("SIGINT", onInterrupt);
    await server.close();
  }
}

const LEFT = {
  detached: "gdb has detached: the guest runs on. Connect again, or end with Ctrl-C.",
  lost: "gdb has gone: the guest stands. Connect again, or end with Ctrl-C.",
} as const;

const eventsOf = (say: (text: string) => void, end: (why: string) => void): ServerEvents => ({
  connected: () => say("gdb is connected."),
  left: (how) => (how === "killed" ? end("gdb switched the machine off") : say(LEFT[how])),
  ended: (stop) => end("message" in stop ? stop.message : stop.kind),
});
