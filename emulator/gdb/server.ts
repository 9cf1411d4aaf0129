// The stub on a TCP port: one gdb at a time; between two, the guest stands, or runs on after `detach`. An edge: uses net.
// Listens on 127.0.0.1 unless told otherwise: whoever connects controls the guest.

import net from "node:net";
import type { Stop, Target } from "../debugger/target.ts";
import { UserError } from "../errors.ts";
import { type Address, placeName } from "../place.ts";
import { FrameReader, frameOf } from "./framing.ts";
import { reply } from "./stub/packets.ts";
import { type Ending, StubState } from "./stub/state.ts";

/** Packets that a client may have under way; gdb has one. */
const MAX_QUEUED = 64;

/** What a server tells its owner. */
export interface ServerEvents {
  /** Somebody has connected; packets are answered when this is done. */
  connected(): void | Promise<void>;
  /** "detached": the guest runs on; "killed": gdb wants the machine gone; "lost": the connection ended, the guest stands. */
  left(how: Ending | "lost"): void;
  /** A guest that runs on alone has stopped. */
  ended(stop: Stop): void;
}

export interface GdbServer {
  /** Where it listens: the port that was given, or a free one for 0. */
  readonly address: Address;
  close(): Promise<void>;
}

/** Serves a target. Throws UserError where the port cannot be had. */
export async function serveGdb(target: Target, address: Address, events: ServerEvents): Promise<GdbServer> {
  const alone = new RunAlone(target, events);
  let current: net.Socket | undefined;
  const server = net.createServer((socket) => {
    if (current) {
      socket.destroy();
      return;
    }
    current = socket;
    void converse(socket, target, alone, events).finally(() => {
      current = undefined;
    });
  });
  await listen(server, address);
  return {
    address: { ...address, port: (server.address() as net.AddressInfo).port },
    close: async () => {
      current?.destroy();
      target.interrupt();
      await new Promise((resolve) => server.close(resolve));
      await alone.close();
    },
  };
}

function listen(server: net.Server, { host, port }: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "the port is in use" : error.message;
      reject(new UserError(`Cannot listen for gdb on ${placeName({ host, port })}: ${why}.`));
    });
    server.listen(port, host, resolve);
  });
}

/** The guest's run after `detach`, until someone connects. */
class RunAlone {
  #run: Promise<void> | undefined;
  /** The server is closed: nobody could stop the guest any more. */
  #closed = false;

  constructor(
    readonly target: Target,
    readonly events: ServerEvents,
  ) {}

  start(): void {
    if (this.#closed) return;
    this.#run = this.target.resume({ kind: "continue" }).then((stop) => {
      this.#run = undefined;
      if (stop.kind !== "interrupted") this.events.ended(stop);
    });
  }

  async stop(): Promise<void> {
    this.target.interrupt();
    await this.#run;
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.stop();
  }
}

/** One connection, from its first byte to its end. */
async function converse(
  socket: net.Socket,
  target: Target,
  alone: RunAlone,
  events: ServerEvents,
): Promise<void> {
  socket.setNoDelay(true);
  await alone.stop();
  await events.connected();
  const state = new StubState(target, (packet) => void socket.write(frameOf(packet), "latin1"));
  const connection = new Connection(socket, state);
  await connection.closed;
  if (!state.ending) state.clear();
  events.left(state.ending ?? "lost");
  if (state.ending === "detached") alone.start();
}

/** Frames in, replies out, in order. An interrupt overtakes what is queued. */
class Connection {
  readonly closed: Promise<void>;
  readonly #reader = new FrameReader();
  #queue: Promise<void> = Promise.resolve();
  #queued = 0;
  #last = "";

  constructor(
    readonly socket: net.Socket,
    readonly state: StubState,
  ) {
    const ended = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    this.closed = ended.then(() => {
      state.interrupt();
      return this.#queue;
    });
    socket.on("error", () => socket.destroy());
    socket.on("data", (data) => this.#receive(data.toString("latin1")));
  }

  #receive(chunk: string): void {
    for (const frame of this.#reader.read(chunk)) {
      if (frame.kind === "interrupt") {
        if (this.#queued > 0) this.state.interrupt();
      } else if (frame.kind === "nak") this.socket.write(this.#last, "latin1");
      else if (frame.kind === "too-long") this.#answer("E.packet longer than PacketSize");
      else if (frame.kind === "packet") this.#packet(frame.data, frame.good);
    }
  }

  #packet(data: string, good: boolean): void {
    if (this.state.acknowledges) this.socket.write(good ? "+" : "-", "latin1");
    if (!good && this.state.acknowledges) return;
    if (this.#queued >= MAX_QUEUED) {
      this.socket.destroy();
      return;
    }
    this.#queued++;
    this.#queue = this.#queue.then(async () => {
      const answer = this.socket.destroyed ? undefined : await reply(this.state, data);
      this.#queued--;
      if (answer !== undefined) this.#answer(answer);
      if (this.state.ending) this.socket.end();
    });
  }

  #answer(packet: string): void {
    this.#last = frameOf(packet);
    if (!this.socket.destroyed) this.socket.write(this.#last, "latin1");
  }
}
