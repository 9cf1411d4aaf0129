// A gdb stub that behaves as Firecracker's: the packets of the Rust crate gdbstub 0.7.10 with what Firecracker switches on. What they do not
// know gets the empty reply, what they cannot do E79 or E16, and what they take for a mistake of the client ends the machine.

import net from "node:net";
import { bytesOf, unsignedOf } from "../../emulator/debugger/numbers.ts";
import { FrameReader, frameOf } from "../../emulator/gdb/framing.ts";
import { bytesOfHex, hexOf, numberOf } from "../../emulator/gdb/hex.ts";
import { type DebugExit, Refused, type Vmm } from "./firecracker-vmm.ts";

const OFFERS =
  "PacketSize=1000;vContSupported+;multiprocess+;QStartNoAckMode+;fork-events+;vfork-events+;vforkdone-events+;swbreak+;hwbreak+;qXfer:features:read+";
const TARGET_XML =
  '<target version="1.0"><architecture>i386:x86-64</architecture><feature name="org.gnu.gdb.i386.sse"></feature></target>';
const GENERAL = ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rip"] as const; // biome-ignore format: a table
/** X86_64CoreRegs: general, rip, eflags; segments, x87 and SSE are zeros. */
const REGISTER_BYTES = 0x218;

/** PacketUnexpected, MalformedCommand: run_blocking() ends, and with it the VMM. */
class Fatal extends Error {}

const tid = (vcpu: number): string => (vcpu + 1).toString(16).padStart(2, "0");

export class FirecrackerStub {
  readonly #reader = new FrameReader();
  #acknowledges = true;
  #memoryVcpu = 0;
  #resumeVcpu: number | "all" = 0;
  #deferred: string | undefined;
  #state: "idle" | "running" | "left" = "idle";
  #queue = Promise.resolve();
  /** Packets, for the test. */
  readonly log: string[] = [];
  why = "";

  constructor(
    readonly socket: net.Socket,
    readonly vmm: Vmm,
  ) {
    vmm.onEnd = (why) => this.#leave(why);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("data", (data) => {
      this.#queue = this.#queue.then(() => this.#receive(data.toString("latin1")));
    });
    socket.on("close", () => this.#leave("the client has gone"));
  }

  async #receive(text: string): Promise<void> {
    for (const frame of this.#reader.read(text)) {
      if (this.#state === "left") return;
      if (frame.kind === "interrupt") this.#interrupt();
      else if (frame.kind === "nak") this.#leave("ClientSentNack");
      else if (frame.kind === "packet") await this.#packet(frame.data);
    }
  }

  #leave(why: string): void {
    if (this.#state === "left") return;
    this.#state = "left";
    this.why = why;
    this.vmm.shutdown();
    this.socket.end();
  }

  #send(text: string): void {
    // Zeros are what run lengths are for (response_writer.rs); "0*" and the count as a character.
    const packed = text.replace(/0{20,97}/g, (zeros) => `0*${String.fromCharCode(29 + zeros.length - 1)}`);
    const framed = /\*[#$]/.test(packed) ? frameOf(text) : rawFrame(packed);
    if (!this.socket.destroyed) this.socket.write(framed, "latin1");
  }

  async #packet(data: string): Promise<void> {
    this.log.push(data);
    if (this.#acknowledges) this.socket.write("+");
    try {
      const reply = await this.#answer(data);
      if (reply !== undefined) this.#send(reply);
    } catch (error) {
      if (error instanceof Refused) this.#send("E79");
      else this.#leave(`${error instanceof Error ? error.message : error}: ${data}`);
    }
  }

  /** Commands are found by their beginnings, as gdbstub finds them. */
  #answer(data: string): string | undefined | Promise<string | undefined> {
    const [name, rest] = split(data);
    switch (name) {
      case "?":
        return `T05thread:${tid(0)};`;
      case "qSupported":
        return OFFERS;
      case "QStartNoAckMode":
        this.#acknowledges = false;
        return "OK";
      case "qXfer:features:read":
        return this.#description(rest);
      case "qAttached":
        return "1";
      case "qfThreadInfo":
        return `m${Array.from({ length: this.vmm.vcpus }, (_, vcpu) => tid(vcpu)).join(",")}`;
      case "qsThreadInfo":
        return "l";
      case "qThreadExtraInfo":
        return hexOf(Buffer.from(`Vcpu ID: ${this.#vcpu(rest.slice(1))}`));
      case "T":
        return this.#vcpu(rest) < this.vmm.vcpus ? "OK" : "E01";
      case "H":
        return this.#select(rest);
      case "g":
        return this.#registers();
      case "G":
        return this.#writeRegisters(rest);
      case "m":
        return hexOf(this.vmm.read(this.#memoryVcpu, ...range(rest)));
      case "M":
      case "X":
        return this.#write(name, rest);
      case "Z":
      case "z":
        return this.#breakpoint(name, rest);
      case "vCont?":
        return "vCont;c;C;s;S";
      case "vCont":
        return this.#resume(rest.split(";").slice(1));
      case "c":
      case "s":
        return this.#resume([this.#resumeVcpu === "all" ? name : `${name}:${this.#resumeVcpu + 1}`]);
      case "D":
        this.#send("OK");
        this.#leave("detached");
        return undefined;
      case "k":
      case "vKill":
        this.#leave("killed");
        return undefined;
      default:
        return "";
    }
  }

  #vcpu(id: string): number {
    if (!/^[0-9a-f]+$/i.test(id)) throw new Fatal("MalformedCommand");
    return Math.max(0, Number.parseInt(id, 16) - 1);
  }

  #select(rest: string): string {
    const id = rest.slice(1);
    if (rest.startsWith("c")) this.#resumeVcpu = id === "-1" ? "all" : this.#vcpu(id);
    else if (id === "-1") throw new Fatal("PacketUnexpected");
    else this.#memoryVcpu = this.#vcpu(id);
    return "OK";
  }

  #description(rest: string): string {
    const [, annex, area] = rest.split(":");
    if (annex !== "target.xml") return "E00";
    const [offset, length] = area!.split(",").map((digits) => Number.parseInt(digits, 16)) as [
      number,
      number,
    ];
    const piece = TARGET_XML.slice(offset, offset + length);
    return piece === "" ? "l" : `m${piece}`;
  }

  async #registers(): Promise<string> {
    await this.vmm.whenPaused(this.#memoryVcpu);
    const all = new Uint8Array(REGISTER_BYTES);
    for (const [n, name] of GENERAL.entries())
      all.set(bytesOf(this.vmm.machine.readRegister(name), 8), 8 * n);
    all.set(bytesOf(this.vmm.machine.readRegister("eflags"), 4), 8 * GENERAL.length);
    return hexOf(all);
  }

  async #writeRegisters(hex: string): Promise<string> {
    const all = bytesOfHex(hex);
    if (all.length < REGISTER_BYTES) throw new Fatal("TargetMismatch");
    await this.vmm.whenPaused(this.#memoryVcpu);
    for (const [n, name] of GENERAL.entries())
      this.vmm.machine.writeRegister(name, unsignedOf(all.subarray(8 * n, 8 * n + 8)));
    this.vmm.machine.writeRegister("eflags", unsignedOf(all.subarray(136, 140)));
    return "OK";
  }

  #write(name: "M" | "X", rest: string): string {
    const colon = rest.indexOf(":");
    const [address] = range(rest.slice(0, colon));
    const data = rest.slice(colon + 1);
    this.vmm.write(
      this.#memoryVcpu,
      address,
      name === "M" ? bytesOfHex(data) : Uint8Array.from(Buffer.from(data, "latin1")),
    );
    return "OK";
  }

  #breakpoint(name: "Z" | "z", rest: string): string {
    const [type, address] = rest.split(",");
    const at = numberOf(address);
    const calls = {
      Z0: () => this.vmm.addSoftware(at),
      z0: () => this.vmm.removeSoftware(at),
      Z1: () => this.vmm.addHardware(at),
      z1: () => this.vmm.removeHardware(at),
    };
    const call = calls[`${name}${type}` as keyof typeof calls];
    if (!call) return "";
    return call() ? "OK" : "E16";
  }

  /** do_vcont_multi_thread. */
  #resume(actions: readonly string[]): undefined {
    const { vmm } = this;
    vmm.singleStep.fill(false);
    const named = new Set<number>();
    let wildcard = false;
    for (const action of actions) {
      const [what = "", id] = action.split(":");
      const all = id === undefined || id === "-1" || id === "0";
      if (/^c$|^C../.test(what)) {
        if (all) wildcard = true;
        else named.add(this.#vcpu(id));
      } else if (/^s$|^S../.test(what)) {
        if (all) throw new Fatal("PacketUnexpected");
        vmm.singleStep[this.#vcpu(id)] = true;
        named.add(this.#vcpu(id));
      } else throw new Fatal("MalformedCommand");
    }
    vmm.resume(wildcard ? undefined : named);
    this.#state = "running";
    if (this.#deferred !== undefined) this.#stopped(this.#deferred);
    else void this.#awaitExit();
    return undefined;
  }

  async #awaitExit(): Promise<void> {
    const exit: DebugExit = await this.vmm.nextExit();
    if (this.#state !== "running") return this.vmm.keep(exit);
    const { vcpu, reason } = exit;
    this.vmm.pausedVcpu = vcpu;
    this.#memoryVcpu = vcpu;
    this.#resumeVcpu = vcpu;
    this.#stopped(`T05thread:${tid(vcpu)};${reason === "step" ? "" : `${reason}:;`}`);
  }

  #stopped(reply: string): void {
    this.#state = "idle";
    this.#deferred = undefined;
    this.#send(reply);
  }

  /** The first vCPU is paused, whichever it is that gdb looks at. */
  #interrupt(): void {
    this.vmm.pause(0);
    this.#memoryVcpu = 0;
    const reply = `T02thread:${tid(0)};`;
    if (this.#state === "running") this.#stopped(reply);
    else this.#deferred = reply;
  }
}

function rawFrame(text: string): string {
  let sum = 0;
  for (const c of text) sum = (sum + c.charCodeAt(0)) & 0xff;
  return `$${text}#${sum.toString(16).padStart(2, "0")}`;
}

function split(data: string): [name: string, rest: string] {
  const name = ["qSupported", "QStartNoAckMode", "qXfer:features:read", "qAttached", "qfThreadInfo", "qsThreadInfo", "qThreadExtraInfo", "vCont?", "vCont", "vKill"].find((each) => data.startsWith(each)); // biome-ignore format: one line
  if (name) return [name, data.slice(name.length)];
  return /^[?DgGHkmMTXcszZ]/.test(data) ? [data[0]!, data.slice(1)] : ["", data];
}

function range(text: string): [address: bigint, length: number] {
  const [address, length] = text.split(",");
  return [numberOf(address), Number(numberOf(length))];
}

/** One client, as Firecracker takes one. */
export function serveFirecracker(
  path: string,
  vmm: Vmm,
): Promise<{ stub: Promise<FirecrackerStub>; close(): void }> {
  return new Promise((listening) => {
    const server = net.createServer();
    const stub = new Promise<FirecrackerStub>((resolve) => {
      server.once("connection", (socket) => {
        resolve(new FirecrackerStub(socket, vmm));
        server.close();
      });
    });
    server.listen(path, () => listening({ stub, close: () => server.close() }));
  });
}
