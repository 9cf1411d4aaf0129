// A machine behind a gdb stub (QEMU, Firecracker, our own) as a Target. Everything that a stub may lack is asked first.

import type { RegisterName } from "../../cpu/registers.ts";
import { bytesOf, hex, unsignedOf } from "../../debugger/numbers.ts";
import type { ClockInspection, Resume, Stop, Target, Watchpoint } from "../../debugger/target.ts";
import { qemuClocks } from "../../qemu/clocks.ts";
import type { QemuMonitor } from "../../qemu/machine-monitor.ts";
import { MemoryError } from "../../symbols/memory.ts";
import { bytesOfHex, hexOf } from "../hex.ts";
import { type Abilities, negotiate, readDocument, type StepBits, stepBits } from "./abilities.ts";
import { RemoteBreakpoints } from "./breakpoints.ts";
import type { CodeCheck } from "./code-check.ts";
import type { Connection } from "./connection.ts";
import { RemoteRegisters } from "./remote-registers.ts";
import { RemoteThreads } from "./remote-threads.ts";
import { stopOf } from "./stop-reply.ts";
import { layoutOf } from "./target-xml.ts";
import { RemoteWatchpoints } from "./watchpoints.ts";

/** What is known of the machine beside its stub. */
export interface Beside {
  /** QEMU's monitor by QMP. */
  monitor?: QemuMonitor | undefined;
  code?: CodeCheck | undefined;
}

const NOBODY: ReadonlySet<number> = new Set();

export class RemoteTarget implements Target {
  readonly #connection: Connection;
  readonly #abilities: Abilities;
  readonly #registers: RemoteRegisters;
  readonly #breakpoints: RemoteBreakpoints;
  readonly threads: RemoteThreads;
  /** The thread of the last stop: it may stand at a breakpoint that has had its stop. */
  #stoppedThread = 1;
  readonly #watchpoints: RemoteWatchpoints;
  #wantedWatches: readonly Watchpoint[] = [];
  /** Present where the stub's monitor is QEMU's. */
  readonly clocks?: ClockInspection;
  readonly #stepBits: StepBits | undefined;
  #running = false;
  #interrupted = false;
  #replant = false;
  /** A thread whose step was under way when another one stopped: a stub may tell its end later. */
  #stepping: number | undefined;
  /** A step over a breakpoint that an interrupt came before. */
  #awaited: { thread: number; rip: bigint; rsp: bigint } | undefined;
  #said = "";

  constructor(
    connection: Connection,
    readonly name: string,
    readonly beside: Beside = {},
  ) {
    this.#connection = connection;
    connection.onOutput = (text) => {
      this.#said = (this.#said + text).slice(-10_000);
    };
    this.#abilities = negotiate(connection);
    const layout = layoutOf((annex) => readDocument(connection, annex, this.#abilities));
    this.#registers = new RemoteRegisters(connection, layout, name);
    connection.exchange("?");
    this.threads = new RemoteThreads(
      (packet) => connection.exchange(packet),
      () => !this.#running && connection.lost === undefined,
      () => this.#registers.forget(),
    );
    this.#breakpoints = new RemoteBreakpoints(
      connection,
      (address) => this.#peek(address, 1)?.[0],
      () => this.#paging(),
    );
    this.#watchpoints = new RemoteWatchpoints(connection, name, (address, length) =>
      this.#peek(address, length),
    );
    this.threads.list();
    const byStub = { ask: (line: string, processor: number) => this.#askStub(line, processor) };
    const clocks = qemuClocks(beside.monitor ?? byStub, () => this.threads.processors);
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
    read: (name: string): Uint8Array => this.#registers.read(name),
    write: (name: string, bytes: Uint8Array): void => this.#registers.write(name, bytes),
  };

  readRegister(name: RegisterName): bigint {
    return unsignedOf(this.#registers.read(name));
  }

  writeRegister(name: RegisterName, value: bigint): void {
    this.#registers.write(name, bytesOf(value, this.#registers.layout.get(name)?.size ?? 8));
  }

  /** Linear addresses go through page tables; undefined where the stub does not tell. */
  #paging(): boolean | undefined {
    if (!this.#registers.layout.has("cr0")) return undefined;
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
    this.#breakpoints.uncover(address, out);
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
    this.#registers.forget();
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
    const held = how.held ?? NOBODY;
    if (this.#replant) this.#plantAnew();
    this.#watchpoints.look();
    if (how.kind === "step") return this.#step(held);
    for (;;) {
      const passed = await this.#passBreakpoint(held);
      if (passed && passed.kind !== "step") return passed;
      if (this.#interrupted) return { kind: "interrupted" };
      this.#breakpoints.settle();
      const stop = await this.#go(this.#abilities.vCont ? this.threads.continuePacket(held) : "c");
      if (stop === "unchanged" || this.#isReturn(stop) || this.#isLate(stop)) continue;
      if (!this.#replant || this.#interrupted || stop.kind !== "interrupted") return stop;
      this.#plantAnew();
    }
  }

  #plantAnew(): void {
    this.#replant = false;
    this.#breakpoints.plant();
    this.#watchpoints.set(this.#wantedWatches);
  }

  /** A breakpoint on the instruction to resume from has had its stop: the instruction runs without it. */
  async #passBreakpoint(held: ReadonlySet<number>): Promise<Stop | undefined> {
    this.threads.select(this.#stoppedThread);
    const [rip, rsp] = [this.readRegister("rip"), this.readRegister("rsp")];
    if (!this.#breakpoints.has(rip)) return undefined;
    this.#maskInterrupts(true);
    const stop = await this.#step(held);
    if (this.#connection.lost !== undefined) return stop;
    this.#maskInterrupts(false);
    const own = this.#stoppedThread === this.threads.selected && stop.kind === "step";
    const top = own ? this.#peek(this.readRegister("rsp"), 48) : undefined;
    this.#awaited =
      top && interruptFrameOf(top, rip, rsp) ? { thread: this.#stoppedThread, rip, rsp } : undefined;
    return stop;
  }

  /** The interrupt that was taken instead of an instruction has returned to it: the breakpoint there has had its stop. */
  #isReturn(stop: Stop): boolean {
    const awaited = this.#awaited;
    if (!awaited || stop.kind !== "breakpoint" || stop.address !== awaited.rip) return false;
    if (this.#stoppedThread !== awaited.thread || this.readRegister("rsp") !== awaited.rsp) return false;
    this.#awaited = undefined;
    return true;
  }

  /** The end of a step that another thread's stop has overtaken. */
  #isLate(stop: Stop): boolean {
    if (stop.kind !== "limit" || this.#stepping !== this.#stoppedThread) return false;
    this.#stepping = undefined;
    return true;
  }

  #maskInterrupts(masked: boolean): void {
    const bits = this.#stepBits;
    if (bits) this.#connection.exchange(`Qqemu.sstep=${(masked ? bits.all : bits.enable).toString(16)}`);
  }

  async #step(held: ReadonlySet<number>): Promise<Stop> {
    const rip = this.readRegister("rip");
    const own = this.threads.selected;
    const covered = this.#breakpoints.lift(rip);
    const stop = await this.#go(this.#abilities.vCont ? this.threads.stepPacket(held) : "s", own);
    if (covered && this.#connection.lost === undefined) this.#breakpoints.plant();
    return stop === "unchanged" ? { kind: "step" } : stop;
  }

  /** `stepping`: the thread whose step it is. */
  async #go(packet: string, stepping?: number): Promise<Stop | "unchanged"> {
    this.#registers.forget();
    this.#running = true;
    try {
      const reply = await this.#connection.resume(packet);
      this.#running = false;
      if (this.#connection.lost !== undefined || /^[WX]/.test(reply)) return this.#gone();
      return this.#stopOf(reply, stepping);
    } finally {
      this.#running = false;
    }
  }

  /** The machine has ended while the guest ran, or the connection: QEMU's other socket may say why. */
  async #gone(): Promise<Stop> {
    const lost = this.#connection.lost;
    const message = lost === undefined ? "The machine has ended" : `The connection has ended: ${lost}`;
    this.#connection.end(message);
    const ended = await this.beside.monitor?.farewell();
    return { kind: "gone", message: `${ended ?? (this.#said.trim() || message)}.` };
  }

  /** "unchanged": a watchpoint was hit that looks for changes only. */
  #stopOf(reply: string, stepping: number | undefined): Stop | "unchanged" {
    const told = stopOf(reply, this.#said.trim());
    this.threads.stopped(told.thread);
    this.#stoppedThread = this.threads.selected;
    if (told.stop) return told.stop;
    const rip = this.readRegister("rip");
    const hits = this.#watchpoints.hits(reply, rip);
    if (hits) return hits.length > 0 ? { kind: "watchpoint", hits } : "unchanged";
    if (stepping === this.#stoppedThread) return { kind: "step" };
    // Another thread came to a breakpoint meanwhile.
    if (stepping !== undefined) this.#stepping = stepping;
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

  /** QEMU's monitor by the stub sees the first processor, unless it is told another's APIC. */
  #askStub(line: string, processor: number): string {
    return this.monitor(line === "info lapic" && processor > 0 ? `${line} ${processor}` : line);
  }

  takeNotices(): string[] {
    const { monitor, code } = this.beside;
    const check = () => code?.look((address, length) => this.#peek(address, length), this.#paging());
    const warning = this.#running || this.#connection.lost !== undefined ? undefined : check();
    return [
      ...(monitor?.takeNotices() ?? []),
      ...this.#breakpoints.takeNotices(),
      ...(warning ? [warning] : []),
    ];
  }

  /** The guest runs on without breakpoints. */
  dispose(): void {
    try {
      if (this.#connection.lost === undefined && !this.#running) this.#detach();
    } catch {
      // It has gone in this very moment.
    }
    this.#connection.close();
    this.beside.monitor?.close();
  }

  #detach(): void {
    this.#breakpoints.want([]);
    this.#breakpoints.plant();
    this.#watchpoints.set([]);
    this.#connection.exchange("D");
  }
}

/**
 * True where a processor in 64-bit mode has pushed an interrupt's frame that returns to `rip` (SDM 3A, 6.14.2: RIP, CS, RFLAGS, RSP,
 * SS from the top, perhaps behind an error code).
 */
function interruptFrameOf(top: Uint8Array, rip: bigint, rsp: bigint): boolean {
  const word = (n: number) => unsignedOf(top.subarray(8 * n, 8 * n + 8));
  return [0, 1].some((n) => word(n) === rip && word(n + 3) === rsp);
}
