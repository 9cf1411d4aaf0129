// The wire between the debugger's thread and the one with the socket. Requests go by message; the answer to a synchronous
// one comes through shared memory, so that the debugger's thread can wait for it without an event loop.

/** What the debugger's thread asks. */
export type LinkRequest =
  /** Send a packet; its reply goes into the shared memory. */
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
  /** "HOST:PORT", or the path of a Unix socket. */
  where: { host: string; port: number } | { path: string };
  shared: SharedArrayBuffer;
}

// Shared memory: status, length (Int32 each), then the reply's bytes.
export const STATUS = 0;
export const LENGTH = 1;
export const HEADER_BYTES = 8;
export const WAITING = 0;
export const ANSWERED = 1;
export const FAILED = 2;
export const SHARED_BYTES = 1 << 20;
