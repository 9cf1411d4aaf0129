// A connection to a gdb stub from the debugger's side: packets and replies, synchronous while the guest stands, by promise
// while it runs. The socket lives in a worker thread (worker.ts); waiting for it needs no event loop here.

import { Worker } from "node:worker_threads";
import { remoteWorkerPath } from "../../assets.ts";
import { UserError } from "../../errors.ts";
import { Mailbox } from "../../mailbox.ts";
import { connectError, type Place, placeName } from "../../place.ts";
import type { LinkData, LinkEvent, LinkRequest } from "./link.ts";

/** A stub that does not answer a request in this time is taken for dead. */
const ANSWER_MS = 10_000;
const CONNECT_MS = 10_000;

/** The stub does not answer, or the connection has ended. */
export class ConnectionLost extends Error {}

export class Connection {
  readonly #worker: Worker;
  readonly #mailbox: Mailbox;
  #stopped: ((reply: string) => void) | undefined;
  #lost: string | undefined;
  onOutput: (text: string) => void = () => {};

  private constructor(worker: Worker, mailbox: Mailbox) {
    this.#worker = worker;
    this.#mailbox = mailbox;
    worker.on("message", (event: LinkEvent) => this.#handle(event));
  }

  /** Connects. Throws UserError that says what to do. */
  static async open(place: Place): Promise<Connection> {
    const mailbox = new Mailbox();
    const workerData: LinkData = { place, shared: mailbox.shared };
    const worker = new Worker(remoteWorkerPath(), { workerData });
    const connection = new Connection(worker, mailbox);
    const outcome = await new Promise<string | undefined>((resolve) => {
      const timer = setTimeout(() => resolve("no answer"), CONNECT_MS);
      worker.once("message", (event: LinkEvent) => {
        clearTimeout(timer);
        resolve(event.kind === "failed" ? event.message : undefined);
      });
    });
    if (outcome === undefined) return connection;
    void worker.terminate();
    throw new UserError(`${placeName(place)}: ${connectError(outcome, NOBODY)}`);
  }

  get lost(): string | undefined {
    return this.#lost;
  }

  #handle(event: LinkEvent): void {
    if (event.kind === "stopped") this.#end(event.reply);
    else if (event.kind === "output") this.onOutput(event.text);
    else if (event.kind === "lost") {
      this.#lost = event.message;
      this.#end("");
    }
  }

  #end(reply: string): void {
    const resolve = this.#stopped;
    this.#stopped = undefined;
    resolve?.(reply);
  }

  #post(request: LinkRequest): void {
    this.#worker.postMessage(request);
  }

  /** Sends a packet and waits for its reply. Throws ConnectionLost. */
  exchange(packet: string): string {
    if (this.#stopped) throw new Error("The guest is running.");
    if (this.#lost !== undefined) throw new ConnectionLost(this.#lost);
    this.#mailbox.clear();
    this.#post({ kind: "exchange", packet });
    const answer = this.#mailbox.wait(ANSWER_MS);
    if (answer.kind === "answer") return answer.text;
    this.#lost = answer.kind === "failed" ? answer.text : `no answer in ${ANSWER_MS / 1000} s to ${packet.slice(0, 40)}`; // biome-ignore format: one choice
    throw new ConnectionLost(this.#lost);
  }

  /** Sends a packet that resumes the guest; resolves with its stop reply, "" when the connection ends. */
  resume(packet: string): Promise<string> {
    if (this.#lost !== undefined) return Promise.resolve("");
    return new Promise((resolve) => {
      this.#stopped = resolve;
      this.#post({ kind: "resume", packet });
    });
  }

  /** The stub has said that it ends: nothing is asked any more. */
  end(why: string): void {
    this.#lost ??= why;
  }

  interrupt(): void {
    this.#post({ kind: "interrupt" });
  }

  close(): void {
    this.#lost ??= "closed";
    this.#post({ kind: "close" });
    // A guest that runs must not keep the process.
    this.#worker.unref();
    setTimeout(() => void this.#worker.terminate(), 500).unref();
  }
}

const NOBODY = "QEMU: start it with -s -S; Clockpath: boot with --gdb";
