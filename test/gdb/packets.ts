// A gdb without gdb: packets over a socket, one at a time.

import net from "node:net";
import { FrameReader, frameOf } from "../../emulator/gdb/framing.ts";

export class Packets {
  readonly #reader = new FrameReader();
  readonly #replies: string[] = [];
  #waiting: ((reply: string) => void) | undefined;

  private constructor(
    readonly socket: net.Socket,
    readonly port: number,
  ) {
    socket.on("data", (data) => {
      for (const frame of this.#reader.read(data.toString("latin1")))
        if (frame.kind === "packet") this.#take(frame.data);
    });
    socket.on("error", () => {});
  }

  static connect(port: number): Promise<Packets> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(port, "127.0.0.1", () => resolve(new Packets(socket, port)));
      socket.once("error", reject);
    });
  }

  #take(reply: string): void {
    // Text for the console (O packets) is not waited for.
    if (/^O[0-9a-f]/.test(reply)) return;
    const resolve = this.#waiting;
    this.#waiting = undefined;
    if (resolve) resolve(reply);
    else this.#replies.push(reply);
  }

  send(packet: string): void {
    this.socket.write(frameOf(packet), "latin1");
  }

  reply(): Promise<string> {
    const known = this.#replies.shift();
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  ask(packet: string): Promise<string> {
    this.send(packet);
    return this.reply();
  }

  close(): void {
    this.socket.destroy();
  }
}
