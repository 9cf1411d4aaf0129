// One QMP connection from its greeting to its end, as reactions to what comes: what to send, what to tell. The socket is elsewhere.

import { type Message, MessageReader } from "./qmp-messages.ts";

/** What the connection's owner is told. */
export interface Told {
  /** Commands can be given. */
  ready(version: string): void;
  /** The server is none, or says so: the connection is of no use. */
  refused(why: string): void;
  event(name: string, data: Readonly<Record<string, unknown>>): void;
  /** The reply to a command: a JSON text, or why there is none. */
  replied(id: number, reply: { value: string } | { error: string }): void;
}

const CAPABILITIES = { execute: "qmp_capabilities" };

export class Conversation {
  #state: "greeting" | "negotiating" | "ready" | "refused" = "greeting";
  #version = "";
  readonly #reader = new MessageReader();

  constructor(
    readonly told: Told,
    readonly send: (text: string) => void,
  ) {}

  receive(chunk: string): void {
    for (const message of this.#reader.read(chunk)) if (this.#state !== "refused") this.#handle(message);
  }

  #handle(message: Message): void {
    if (message.kind === "event") this.told.event(message.name, message.data);
    else if (this.#state === "greeting") this.#greet(message);
    else if (this.#state === "negotiating") this.#negotiated(message);
    else if (message.kind === "return" && message.id !== undefined)
      this.told.replied(message.id, { value: JSON.stringify(message.value ?? null) });
    else if (message.kind === "error" && message.id !== undefined)
      this.told.replied(message.id, { error: message.text });
  }

  #greet(message: Message): void {
    if (message.kind !== "greeting") {
      const human = message.kind === "noise" && /monitor/i.test(message.text);
      this.#refuse(
        human ? "this is QEMU's human monitor: start QEMU with -qmp" : "this is no QMP server (no greeting)",
      );
      return;
    }
    this.#version = message.version;
    this.#state = "negotiating";
    this.send(JSON.stringify(CAPABILITIES));
  }

  #negotiated(message: Message): void {
    if (message.kind === "error") this.#refuse(`QEMU refuses to talk: ${message.text}`);
    if (message.kind !== "return") return;
    this.#state = "ready";
    this.told.ready(this.#version);
  }

  #refuse(why: string): void {
    this.#state = "refused";
    this.told.refused(why);
  }
}
