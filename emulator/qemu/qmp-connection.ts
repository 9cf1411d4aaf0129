// A connection to QEMU's machine protocol from the debugger's side: a command and its reply, synchronous, whether the guest runs or
// not. The socket lives in a worker thread (qmp-worker.ts).

import { Worker } from "node:worker_threads";
import { qmpWorkerPath } from "../assets.ts";
import { UserError } from "../errors.ts";
import { Mailbox } from "../mailbox.ts";
import { connectError, type Place, placeName } from "../place.ts";
import type { QmpEvent, QmpLinkData, QmpOrder } from "./qmp-link.ts";

/** QEMU answers within milliseconds; views must not hang on one that does not. */
const ANSWER_MS = 2000;
/** QEMU greets one client at a time: a second one waits for ever. */
const GREETING_MS = 5000;

/** A command that was refused, or that got no answer. */
export class QmpError extends Error {}

export interface QmpListener {
  event(name: string, data: Readonly<Record<string, unknown>>): void;
  lost(message: string): void;
}

export class QmpConnection {
  readonly #worker: Worker;
  readonly #mailbox: Mailbox;
  #listener: QmpListener | undefined;
  #lost: string | undefined;
  #nextId = 1;
  /** Events from before anybody listened. */
  readonly #early: { name: string; data: Readonly<Record<string, unknown>> }[] = [];

  private constructor(
    worker: Worker,
    mailbox: Mailbox,
    readonly version: string,
  ) {
    this.#worker = worker;
    this.#mailbox = mailbox;
  }

  /** Connects, and waits for the greeting. Throws UserError that says what to do. */
  static async open(place: Place): Promise<QmpConnection> {
    const mailbox = new Mailbox();
    const workerData: QmpLinkData = { place, shared: mailbox.shared };
    const worker = new Worker(qmpWorkerPath(), { workerData });
    const first = await firstWord(worker);
    if (first.kind === "ready") {
      const connection = new QmpConnection(worker, mailbox, first.version);
      worker.on("message", (event: QmpEvent) => connection.#handle(event));
      return connection;
    }
    void worker.terminate();
    const why =
      first.kind === "failed"
        ? first.code
        : first.kind === "lost"
          ? first.message
          : `no greeting in ${GREETING_MS / 1000} s (QEMU greets one client at a time)`;
    throw new UserError(
      `QMP at ${placeName(place)}: ${connectError(why, "start QEMU with -qmp unix:PATH,server=on,wait=off")}`,
    );
  }

  get lost(): string | undefined {
    return this.#lost;
  }

  listen(listener: QmpListener): void {
    this.#listener = listener;
    for (const { name, data } of this.#early.splice(0)) listener.event(name, data);
  }

  #handle(event: QmpEvent): void {
    if (event.kind === "lost") this.#end(event.message);
    if (event.kind !== "event") return;
    if (this.#listener) this.#listener.event(event.name, event.data);
    else if (this.#early.length < 100) this.#early.push(event);
  }

  #end(message: string): void {
    if (this.#lost !== undefined) return;
    this.#lost = message;
    this.#listener?.lost(message);
  }

  #order(order: QmpOrder): void {
    this.#worker.postMessage(order);
  }

  /** Gives a command's return value. Throws QmpError. */
  execute(command: string, args?: Readonly<Record<string, unknown>>): unknown {
    if (this.#lost !== undefined) throw new QmpError(this.#lost);
    this.#mailbox.clear();
    const request = { id: this.#nextId++, execute: command, ...(args ? { arguments: args } : {}) };
    this.#order({ kind: "execute", request });
    const answer = this.#mailbox.wait(ANSWER_MS);
    if (answer.kind === "answer") return parsedReply(answer.text);
    this.#end(answer.kind === "failed" ? answer.text : `no answer in ${ANSWER_MS / 1000} s to ${command}`);
    throw new QmpError(this.#lost);
  }

  close(): void {
    this.#lost ??= "closed";
    this.#order({ kind: "close" });
    this.#worker.unref();
    setTimeout(() => void this.#worker.terminate(), 500).unref();
  }
}

function firstWord(worker: Worker): Promise<QmpEvent | { kind: "silent" }> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ kind: "silent" }), GREETING_MS);
    const look = (event: QmpEvent) => {
      // Events may come before the negotiation is over.
      if (event.kind === "event") return;
      clearTimeout(timer);
      worker.off("message", look);
      resolve(event);
    };
    worker.on("message", look);
  });
}

/** A reply as the worker puts it: "+" and JSON, or "-" and why not. */
function parsedReply(reply: string): unknown {
  const text = Buffer.from(reply.slice(1), "latin1").toString("utf8");
  if (reply.startsWith("-")) throw new QmpError(text);
  try {
    return JSON.parse(text);
  } catch {
    throw new QmpError("a reply that was cut off");
  }
}
