// The wire between the debugger's thread and the one with the socket. Requests go by message; the answer to a synchronous
// one comes through a Mailbox.

import type { Place } from "../../place.ts";

/** What the debugger's thread asks. */
export type LinkRequest =
  /** Send a packet; its reply goes into the mailbox. */
  | { kind: "exchange"; packet: string }
  /** Send a packet that resumes the guest; its stop reply comes as a LinkEvent. */
  | { kind: "resume"; packet: string }
  | { kind: "interrupt" }
  | { kind: "close" };

/** What the socket's thread tells by itself. */
export type LinkEvent =
  | { kind: "connected" }
  | { kind: "failed"; message: string }
  | { kind: "stopped"; reply: string }
  /** Text for the console (`O` packets) while the guest runs. */
  | { kind: "output"; text: string }
  | { kind: "lost"; message: string };

export interface LinkData {
  place: Place;
  shared: SharedArrayBuffer;
}
