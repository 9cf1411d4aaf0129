// The registers of a machine behind a stub: read all at once and kept until the guest runs or something is written.

import { UnavailableRegister } from "../../debugger/target.ts";
import { bytesOfHex, hexOf } from "../hex.ts";
import type { Connection } from "./connection.ts";
import type { Layout } from "./target-xml.ts";

export class RemoteRegisters {
  #all: Uint8Array | undefined;
  /** Hexadecimal digits of `g`, for the registers that the stub marks with x. */
  #digits = "";

  constructor(
    readonly connection: Connection,
    readonly layout: Layout,
    /** The stub, for messages. */
    readonly name: string,
  ) {}

  /** Least significant byte first. Throws UnavailableRegister. */
  read(name: string): Uint8Array {
    const place = this.layout.get(name);
    const bytes = this.#whole();
    if (!place || place.offset + place.size > bytes.length) throw new UnavailableRegister(name, this.name);
    const digits = this.#digits.slice(place.offset * 2, (place.offset + place.size) * 2);
    if (digits.includes("x")) throw new UnavailableRegister(name, this.name);
    return bytes.slice(place.offset, place.offset + place.size);
  }

  write(name: string, bytes: Uint8Array): void {
    const place = this.layout.get(name);
    if (!place) throw new UnavailableRegister(name, this.name);
    const value = new Uint8Array(place.size);
    value.set(bytes.subarray(0, place.size));
    let reply = this.connection.exchange(`P${place.number.toString(16)}=${hexOf(value)}`);
    if (reply === "") {
      const all = this.#whole().slice();
      all.set(value, place.offset);
      reply = this.connection.exchange(`G${hexOf(all)}`);
    }
    this.forget();
    if (reply !== "OK")
      throw new Error(`${this.name} does not let ${name} be written: ${reply || "empty reply"}`);
  }

  /** The guest runs, another thread is looked at, or memory has been written. */
  forget(): void {
    this.#all = undefined;
  }

  #whole(): Uint8Array {
    if (this.#all) return this.#all;
    const reply = this.connection.exchange("g");
    if (!/^[0-9a-fx]*$/i.test(reply) || reply === "") throw new Error(`${this.name} does not tell its registers: ${reply || "empty reply"}`); // biome-ignore format: one thought
    this.#digits = reply.toLowerCase();
    this.#all = bytesOfHex(this.#digits.replaceAll("x", "0").slice(0, reply.length & ~1));
    return this.#all;
  }
}
