// The wire between the debugger's thread and the one with the QMP socket. Answers come through a Mailbox.

import type { Place } from "../place.ts";

/** A command to send: a JSON object without its id. */
export interface QmpRequest {
  id: number;
  execute: string;
  arguments?: Readonly<Record<string, unknown>>;
}

export type QmpEvent =
  | { kind: "ready"; version: string }
  | { kind: "failed"; code: string }
  | { kind: "event"; name: string; data: Readonly<Record<string, unknown>> }
  | { kind: "lost"; message: string };

export interface QmpLinkData {
  place: Place;
  shared: SharedArrayBuffer;
}

/** What the socket's thread does with a request, and "close". */
export type QmpOrder = { kind: "execute"; request: QmpRequest } | { kind: "close" };
