// A machine behind a gdb stub (QEMU, Firecracker, our own) as a Target. Everything that a stub may lack is asked first.

import type { RegisterName } from "../../cpu/registers.ts";
import { bytesOf, hex, unsignedOf } from "../../debugger/numbers.ts";
import {
  type ClockInspection,
  type Resume,
  type Stop,
  type Target,
  UnavailableRegister,
  type Watchpoint,
} from "../../debugger/target.ts";
import { MemoryError } from "../../symbols/memory.ts";
import { bytesOfHex, hexOf } from "../hex.ts";
import { RemoteBreakpoints } from "./breakpoints.ts";
import type { Connection } from "./connection.ts";
import { qemuClocks } from "./qemu-clocks.ts";
import { RemoteThreads } from "./remote-threads.ts";
import { stopOf } from "./stop-reply.ts";
import { type Layout, layoutOf } from "./target-xml.ts";
import { RemoteWatchpoints } from "./watchpoints.ts";

/** What the stub said about itself. */
interface Abilities {
  /** Bytes of a packet. */
  packetSize: number;
  vCont: boolean;
  features: ReadonlySet<string>;
}

export class RemoteTarget implements Target {
  readonly #connection: Connection;
  readonly #abilities: Abilities;
  readonly #layout: Layout;
  readonly #breakpoints: RemoteBreakpoints;
  readonly threads: RemoteThreads;
  /** The thread of the last stop: it may stand at a breakpoint that has had its stop. */
  #stoppedThread = 1;
  readonly #watchpoints: RemoteWatchpoints;
  #wantedWatches: readonly Watchpoint[] = [];
  /** Present where the stub's monitor is QEMU's. */
  readonly clocks?: ClockInspection;
  readonly #stepBits: StepBits | undefined;
  #registers: Uint8Array | undefined;
  /** Hexadecimal digits of `g`, for the registers that the stub marks with x. */
  #digits = "";
  #running = false;
  #interrupted = false;
  #replant = false;
  #said = "";

  constructor(
    connection: Connection,
    readonly name: string,
  ) {
    this.#connection = connection;
    connection.onOutput = (text) => {
      this.#said = (this.#said + text).slice(-10_000);
    };
    this.#abilities = negotiate(connection);
    this.#layout = layoutOf((annex) => readDocument(connection, annex, this.#abilities));
    connection.exchange("?");
    this.threads = new RemoteThreads(
      (packet) => connection.exchange(packet),
      () => !this.#running && connection.lost === undefined,
      () => {
        this.#registers = undefined;
      },
    );
    this.#breakpoints = new RemoteBreakpoints(connection, () => this.#paging());
    this.#watchpoints = new RemoteWatchpoints(connection, name, (address, length) =>
      this.#peek(address, length),
    );
    const clocks = qemuClocks((line) => this.monitor(line));
    if (clocks) this.clocks = clocks;
    this.#stepBits = stepBits(connection);
    this.#maskInterrupts(false);
  }

  /** Only memory, by linear address; a stub that has none says so when the first is set. */
  readonly watchpoints = {
    set: (list: readonly Watchpoint[]): void => {
      this.#wantedWatches = list;
      if (!this.#running) this.#watchpoints.set(list);
      else {
        this.#replant = true;
        this.#connection.interrupt();
      }
    },
  };

  readonly vectors = {
    read: (name: string): Uint8Array => this.#bytes(name),
    write: (name: string, bytes: Uint8Array): void => this.#write(name, bytes),
  };

  readRegister(name: RegisterName): bigint {
    return unsignedOf(this.#bytes(name));
  }

  writeRegister(name: RegisterName, value: bigint): void {
    this.#write(name, bytesOf(value, this.#layout.get(name)?.size ?? 8));
  }

  #bytes(name: string): Uint8Array {
    const place = this.#layout.get(name);
    const bytes = this.#allRegisters();
    if (!place || place.offset + place.size > bytes.length) throw new UnavailableRegister(name, this.name);
    const digits = this.#digits.slice(place.offset * 2, (place.offset + place.size) * 2);
    if (digits.includes("x")) throw new UnavailableRegister(name, this.name);
    return bytes.slice(place.offset, place.offset + place.size);
  }

  #allRegisters(): Uint8Array {
    if (this.#registers) return this.#registers;
    const reply = this.#connection.exchange("g");
    if (!/^[0-9a-fx]*$/i.test(reply) || reply === "") throw new Error(`${this.name} does not tell its registers: ${reply || "empty reply"}`); // biome-ignore format: one thought
    this.#digits = reply.toLowerCase();
    this.#registers = bytesOfHex(this.#digits.replaceAll("x", "0").slice(0, reply.length & ~1));
    return this.#registers;
  }

  #write(name: string, bytes: Uint8Array): void {
    const place = this.#layout.get(name);
    if (!place) throw new UnavailableRegister(name, this.name);
    const value = new Uint8Array(place.size);
    value.set(bytes.subarray(0, place.size));
    let reply = this.#connection.exchange(`P${place.number.toString(16)}=${hexOf(value)}`);
    if (reply === "") {
      const all = this.#allRegisters().slice();
      all.set(value, place.offset);
      reply = this.#connection.exchange(`G${hexOf(all)}`);
    }
    this.#registers = undefined;
    if (reply !== "OK")
      throw new Error(`${this.name} does not let ${name} be written: ${reply || "empty reply"}`);
  }

  /** Linear addresses go through page tables; undefined where the stub does not tell. */
  #paging(): boolean | undefined {
    if (!this.#layout.has("cr0")) return undefined;
    return (this.readRegister("cr0") & 0x8000_0000n) !== 0n;
  }

  readMemory(address: bigint, length: number): Uint8Array {
    const out = new Uint8Array(length);
    const most = Math.max(16, Math.min(this.#abilities.packetSize / 2 - 8, 0x2000)) | 0;
    for (let done = 0; done < length; ) {
      const at = BigInt.asUintN(64, address + BigInt(done));
      const size = Math.min(most, length - done);
      const reply = this.#connection.exchange(`m${at.toString(16)},${size.toString(16)}`);
      if (!/^(?:[0-9a-f]{2})+$/i.test(reply)) throw new MemoryError(at);
      const bytes = bytesOfHex(reply).subarray(0, size);
      out.set(bytes, done);
      done += bytes.length;
    }
    return out;
  }

  #peek(address: bigint, length: number): Uint8Array | undefined {
    try {
      return this.readMemory(address, length);
    } catch (error) {
      if (error instanceof MemoryError) return undefined;
      throw error;
    }
  }

  writeMemory(address: bigint, bytes: Uint8Array): void {
    const most = Math.max(8, Math.min(this.#abilities.packetSize / 2 - 32, 0x1000)) | 0;
    for (let done = 0; done < bytes.length; done += most) {
      const part = bytes.subarray(done, done + most);
      const at = BigInt.asUintN(64, address + BigInt(done));
      const reply = this.#connection.exchange(
        `M${at.toString(16)},${part.length.toString(16)}:${hexOf(part)}`,
      );
      if (reply !== "OK") throw new MemoryError(at);
    }
    this.#registers = undefined;
  }

  /** While the guest runs, it is stopped for a moment to plant them. */
  setBreakpoints(addresses: Iterable<bigint>): void {
    this.#breakpoints.want(addresses);
    if (!this.#running) {
      this.#breakpoints.plant();
      return;
    }
    this.#replant = true;
    this.#connection.interrupt();
  }

  async resume(how: Resume): Promise<Stop> {
    this.#interrupted = false;
    this.#said = "";
    this.#watchpoints.look();
    if (how.kind === "step") return this.#step();
    for (;;) {
      const passed = await this.#passBreakpoint();
      if (passed && passed.kind !== "step") return passed;
      if (this.#interrupted) return { kind: "interrupted" };
      const stop = await this.#go(this.#abilities.vCont ? "vCont;c" : "c");
      if (stop === "unchanged") continue;
      if (!this.#replant || this.#interrupted || stop.kind !== "interrupted") return stop;
      this.#replant = false;
      this.#breakpoints.plant();
      this.#watchpoints.set(this.#wantedWatches);
    }
  }

  /** A breakpoint on the instruction to resume from has had its stop: the instruction runs without it. */
  async #passBreakpoint(): Promise<Stop | undefined> {
    this.threads.select(this.#stoppedThread);
    if (!this.#breakpoints.has(this.readRegister("rip"))) return undefined;
    // An interrupt taken instead of the instruction would come back to the breakpoint.
    this.#maskInterrupts(true);
    const stop = await this.#step();
    if (this.#connection.lost === undefined) this.#maskInterrupts(false);
    return stop;
  }

  #maskInterrupts(masked: boolean): void {
    const bits = this.#stepBits;
    if (bits) this.#connection.exchange(`Qqemu.sstep=${(masked ? bits.all : bits.enable).toString(16)}`);
  }

  async #step(): Promise<Stop> {
    const rip = this.readRegister("rip");
    const covered = this.#breakpoints.lift(rip);
    const stop = await this.#go(this.#abilities.vCont ? this.threads.stepAction : "s", true);
    if (covered && this.#connection.lost === undefined) this.#breakpoints.plant();
    return stop === "unchanged" ? { kind: "step" } : stop;
  }

  async #go(packet: string, step = false): Promise<Stop | "unchanged"> {
    this.#registers = undefined;
    this.#running = true;
    try {
      const reply = await this.#connection.resume(packet);
      this.#running = false;
      return this.#stopOf(reply, step);
    } finally {
      this.#running = false;
    }
  }

  /** "unchanged": a watchpoint was hit that looks for changes only. */
  #stopOf(reply: string, step: boolean): Stop | "unchanged" {
    const told = stopOf(reply, this.#said.trim(), this.#connection.lost);
    if (this.#connection.lost === undefined) this.threads.stopped(told.thread);
    this.#stoppedThread = this.threads.selected;
    if (told.stop) return told.stop;
    const hits = this.#watchpoints.hits(reply, this.readRegister("rip"));
    if (hits) return hits.length > 0 ? { kind: "watchpoint", hits } : "unchanged";
    if (step) return { kind: "step" };
    const rip = this.readRegister("rip");
    if (this.#breakpoints.has(rip)) return { kind: "breakpoint", address: rip };
    return this.#interrupted || this.#replant
      ? { kind: "interrupted" }
      : { kind: "limit", message: `${this.name} stopped at ${hex(rip)}` };
  }

  interrupt(): void {
    this.#interrupted = true;
    if (this.#running) this.#connection.interrupt();
  }

  /** The stub's own commands: QEMU's monitor, our clock state. Throws an Error where there are none. */
  monitor(line: string): string {
    const reply = this.#connection.exchange(`qRcmd,${hexOf(Buffer.from(line, "utf8"))}`);
    if (reply === "") throw new Error(`${this.name} has no monitor commands.`);
    if (/^E(?:\.|[0-9a-f]{2}$)/.test(reply)) throw new Error(`${this.name}: ${reply}`);
    const text = reply === "OK" ? "" : reply.replace(/^O/, "");
    return Buffer.from(text, "hex").toString("utf8").replaceAll("\r", "");
  }

  /** The guest runs on without breakpoints. */
  dispose(): void {
    if (this.#connection.lost === undefined && !this.#running) {
      this.#breakpoints.want([]);
      this.#breakpoints.plant();
      this.#watchpoints.set([]);
      this.#connection.exchange("D");
    }
    this.#connection.close();
  }
}

function negotiate(connection: Connection): Abilities {
  const reply = connection.exchange("qSupported:swbreak+;hwbreak+;vContSupported+;xmlRegisters=i386");
  const features = new Set(
    reply
      .split(";")
      .filter((word) => word.endsWith("+"))
      .map((word) => word.slice(0, -1)),
  );
  const size = Number.parseInt(/PacketSize=([0-9a-f]+)/i.exec(reply)?.[1] ?? "190", 16);
  if (features.has("QStartNoAckMode")) connection.exchange("QStartNoAckMode");
  const vCont = /;c\b/.test(connection.exchange("vCont?"));
  return { packetSize: Math.max(64, size), vCont, features };
}

/** A document of qXfer:features, whole; undefined where there is none. */
function readDocument(
  connection: Connection,
  annex: string,
  { features, packetSize }: Abilities,
): string | undefined {
  if (!features.has("qXfer:features:read")) return undefined;
  let text = "";
  const size = Math.max(32, packetSize - 32);
  while (text.length < 1 << 20) {
    const range = `${text.length.toString(16)},${size.toString(16)}`;
    const reply = connection.exchange(`qXfer:features:read:${annex}:${range}`);
    if (!/^[ml]/.test(reply)) return undefined;
    text += reply.slice(1);
    if (reply.startsWith("l") || reply.length === 1) return text;
  }
  return text;
}

/** What QEMU does while stepping (docs/system/gdb: qqemu.sstep): step at all, and with interrupts masked and timers stopped. */
interface StepBits {
  enable: number;
  all: number;
}

/** Undefined where the stub is not QEMU's. QEMU masks and stops unless told otherwise. */
function stepBits(connection: Connection): StepBits | undefined {
  const bits = connection.exchange("qqemu.sstepbits");
  const named = (name: string) =>
    Number.parseInt(new RegExp(`${name}=([0-9a-f]+)`).exec(bits)?.[1] ?? "0", 16);
  const enable = named("ENABLE");
  return enable === 0 ? undefined : { enable, all: enable | named("NOIRQ") | named("NOTIMER") };
}
