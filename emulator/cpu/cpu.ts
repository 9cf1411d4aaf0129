// The x86-64 processors as the board sees them: a WebAssembly instance, its state and RAM, and the imports it calls. One processor
// is selected at a time: it runs, and registers, translations and segments are its own.
// Must not know: any device, virtual time, files. What the CPU asks of the board is CpuHost (host.ts).

import { type CoreExports, coreImports, UNWIND } from "./core-imports.ts";
import type { CpuExit, CpuHost } from "./host.ts";
import * as L from "./layout.ts";
import type { RegisterName } from "./registers.ts";
import { readState, registerSlot, SEGMENT_NAMES } from "./state.ts";
import { Translator } from "./translate/translator.ts";
import {
  type Caught,
  type CpuWatch,
  type CpuWatchHit,
  takeCaught,
  takeHits,
  writeCatch,
  writeCatchOnce,
  writeWatches,
} from "./watch.ts";

/** Segment registers with a hidden part, in the order of the state layout. */
export type SegmentName = "es" | "cs" | "ss" | "ds" | "fs" | "gs" | "ldtr" | "tr";

/** A segment register: selector and hidden part (SDM 3A 3.4.3). */
export interface Segment {
  selector: number;
  base: bigint;
  /** In bytes, granularity already applied: the last valid offset. */
  limit: number;
  /** Bits 8-15 and 20-23 of a descriptor's second dword, shifted right by 8: type, S, DPL, P, AVL, L, D/B, G at bits 0-7 and 12-15. */
  attributes: number;
}

/** Everything a checkpoint needs. Opaque; only load() of the same build understands it. */
export interface CpuSnapshot {
  /** By processor. */
  readonly states: readonly Uint8Array[];
  readonly instructions: number;
  /** The non-zero pages of RAM by page number, ascending. */
  readonly pages: ReadonlyMap<number, Uint8Array>;
}

export interface Cpu {
  readonly memory: WebAssembly.Memory;
  /** Guest RAM, physical address 0 first. READ ONLY by convention: write through writeRam, which keeps decoded code and the hash honest. */
  readonly ram: Uint8Array;
  /** Writes physical RAM (loaders, DMA, debugger); decoded code there is dropped. Throws RangeError outside RAM. */
  writeRam(address: number, bytes: Uint8Array): void;

  readonly processors: number;
  /** The processor whose state is in place; the first one at first. */
  readonly selected: number;
  /** Not from inside a host callback. */
  select(processor: number): void;

  /** Instructions retired since reset, by all processors; inside a host callback: those before the current one. */
  readonly instructions: number;
  /** Runs until exactly `untilInstruction` instructions have retired since reset, or another exit. */
  run(untilInstruction: number): CpuExit;
  /** Work units (a few ns of host time each) that run() may do in repeated string instructions and deliveries before it comes back early, as for requestExit(). */
  workLeft: number;
  /** Counts work of the board against workLeft. */
  spend(units: number): void;
  /** From inside a host callback: run() returns {kind:"limit"} right after the current instruction. */
  requestExit(): void;
  /** INTR pin of a processor, a level. While asserted and RFLAGS.IF=1 and no STI/MOV SS shadow, host.acknowledgeInterrupt() gives the vector. */
  setInterruptLine(asserted: boolean, processor?: number): void;
  /** Edge: an NMI is pending and is delivered at the next instruction boundary (blocked until IRET while one is in service). */
  raiseNmi(processor?: number): void;
  /** RFLAGS.IF of a processor, between instructions. */
  interruptible(processor: number): boolean;
  /** Delivers an exception or interrupt through the IDT now, before the next instruction (not from inside a host callback). */
  inject(vector: number, errorCode?: number): void;

  getRegister(name: RegisterName): bigint;
  /** Sets architectural state; for segment names only the selector is set (see setSegment). Flushes what depends on it. */
  setRegister(name: RegisterName, value: bigint): void;
  getSegment(name: SegmentName): Segment;
  setSegment(name: SegmentName, segment: Segment): void;
  getDescriptorTable(name: "gdtr" | "idtr"): { base: bigint; limit: number };
  setDescriptorTable(name: "gdtr" | "idtr", base: bigint, limit: number): void;
  /** XMM register as 16 bytes, a live view (read only by convention). */
  xmm(index: number): Uint8Array;
  setXmm(index: number, bytes: Uint8Array): void;

  /** Execution ends before these linear addresses with {kind:"breakpoint"}; once per arrival, and no instruction count changes. */
  setBreakpoints(addresses: Iterable<bigint>): void;
  /** The instruction at the current RIP counts as already reported: the next run() executes it even if it has a breakpoint. */
  passBreakpoint(): void;

  /** Replaces the watched ranges. run() returns {kind:"limit"} after an instruction that touched one; takeWatchHits() tells which. */
  setWatches(list: readonly CpuWatch[]): void;
  takeWatchHits(): CpuWatchHit[];
  /** Replaces the set of vectors whose faults (before delivery) and interrupts (after it) make run() return {kind:"limit"}; takeCaught() tells. */
  setCatch(vectors: Iterable<number>): void;
  /** Inside a host callback that is about to make a fault: that fault is caught. */
  catchNextFault(): void;
  takeCaught(): Caught | undefined;

  /** Executions after which a block of code is translated to WebAssembly; 0, as at first: never. What the guest does, and all counts, are the same either way. */
  translateAfter: number;
  /** Translations made so far. */
  readonly translations: number;

  /** Linear to physical under the current paging, no A/D side effects, no permission checks; undefined when not mapped. */
  translate(linear: bigint): number | undefined;
  flushTlb(): void;

  /** Power-on values (SDM 3A 9.1.1), RAM and count untouched. Boot protocols then set what they need. */
  reset(): void;
  /** INIT: as reset(), but x87, SSE and most MSRs keep their values (SDM 3A table 9-1). */
  init(): void;
  /** SIPI after INIT: execution starts in real mode at vector * 4096 (SDM 3A 8.4.4). */
  startUp(vector: number): void;
  save(): CpuSnapshot;
  load(snapshot: CpuSnapshot): void;
  /** 64-bit hash over architectural state, instruction count and RAM. Equal states give equal hashes. Costs only pages written since the last call. */
  stateHash(): bigint;
}

const PAGE = 4096;
const WASM_PAGE = 65536;
/** The memory that the compiled core asks for at least (asconfig.json: initialMemory). */
const CORE_PAGES = 1024;

/** What INIT sets to 0: from the general registers to CPL, and segments to EFER, debug registers (SDM 3A table 9-1). */
const LOST_AT_INIT: readonly (readonly [first: number, end: number])[] = [
  [L.REGS, L.COUNT],
  [L.SEGS, L.CR0],
  [L.CR2, L.STAR],
  [L.DEBUG_PENDING, L.RANDOM],
];

/** Every feature of features.ts. */
const ALL_FEATURES = 0xffffffff;

/** Makes a CPU with `ramBytes` (a multiple of 64 KiB, at most 3 GiB) of zeroed RAM from the compiled core (dist/cpu.wasm).
 * `features`: the FEATURE_* bits (features.ts) that it offers; the rest raises #UD or is reserved. `randomSeed`: of RDRAND's numbers. */
export function createCpu(
  module: WebAssembly.Module,
  host: CpuHost,
  ramBytes: number,
  features = ALL_FEATURES,
  randomSeed = 0,
  processors = 1,
): Cpu {
  if (ramBytes <= 0 || ramBytes % WASM_PAGE !== 0 || ramBytes > 3 * 2 ** 30) {
    throw new RangeError(`RAM must be a multiple of 64 KiB up to 3 GiB, not ${ramBytes} bytes`);
  }
  if (!(processors >= 1 && processors <= L.MAX_PROCESSORS)) throw new RangeError(`${processors} processors`);
  return new Core(module, host, ramBytes, features, BigInt(randomSeed), processors);
}

class Core implements Cpu {
  readonly memory: WebAssembly.Memory;
  readonly ram: Uint8Array;
  readonly #host: CpuHost;
  readonly #core: CoreExports;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #randomSeed: bigint;
  readonly #translator: Translator;
  readonly processors: number;

  constructor(
    module: WebAssembly.Module,
    host: CpuHost,
    ramBytes: number,
    features: number,
    randomSeed: bigint,
    processors: number,
  ) {
    this.#randomSeed = randomSeed;
    this.processors = processors;
    const pages = Math.max(CORE_PAGES, (L.RAM_BASE + ramBytes) / WASM_PAGE);
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: 65536 });
    this.#host = host;
    this.#view = new DataView(this.memory.buffer);
    this.#bytes = new Uint8Array(this.memory.buffer);
    this.ram = new Uint8Array(this.memory.buffer, L.RAM_BASE, ramBytes);
    const instance = new WebAssembly.Instance(module, {
      env: { memory: this.memory },
      host: coreImports(host, this.#view, (block) => this.#translator.hot(block)),
    });
    this.#core = instance.exports as unknown as CoreExports;
    this.#translator = new Translator(this.memory, instance.exports);
    this.#core.init(ramBytes, processors);
    this.#view.setUint32(L.FEATURES, features, true);
    for (let n = processors - 1; n >= 0; n--) {
      this.select(n);
      this.reset();
    }
  }

  get selected(): number {
    return this.#bytes[L.SELECTED]!;
  }
  select(processor: number): void {
    if (!(processor >= 0 && processor < this.processors)) throw new RangeError(`no processor ${processor}`);
    this.#core.selectProcessor(processor);
  }

  writeRam(address: number, bytes: Uint8Array): void {
    if (address < 0 || address + bytes.length > this.ram.length) {
      throw new RangeError(`write outside RAM: 0x${address.toString(16)}, ${bytes.length} bytes`);
    }
    if (bytes.length === 0) return;
    this.#core.touchRam(address, bytes.length);
    this.ram.set(bytes, address);
  }

  get workLeft(): number {
    return this.#view.getFloat64(L.WORK_LEFT, true);
  }
  set workLeft(units: number) {
    this.#view.setFloat64(L.WORK_LEFT, units, true);
  }
  spend(units: number): void {
    this.workLeft -= units;
  }

  get instructions(): number {
    return this.#core.instructions();
  }

  run(untilInstruction: number): CpuExit {
    this.#view.setBigUint64(L.LIMIT, BigInt(Math.max(0, Math.floor(untilInstruction))), true);
    this.#view.setUint32(L.EXIT, 0, true);
    for (;;) {
      try {
        this.#core.run();
      } catch (error) {
        if (error !== UNWIND) throw error;
        continue; // run() delivers what the handler noted
      }
      return this.#exit();
    }
  }

  #exit(): CpuExit {
    const address = this.#view.getBigUint64(L.RIP, true);
    switch (this.#view.getUint32(L.EXIT, true)) {
      case L.EXIT_LIMIT:
        return { kind: "limit" };
      case L.EXIT_PAUSE:
        return { kind: "pause" };
      case L.EXIT_HALT:
        return { kind: "halt", interruptible: (this.#view.getUint32(L.EFLAGS, true) & 0x200) !== 0 };
      case L.EXIT_BREAKPOINT:
        return { kind: "breakpoint", address };
      case L.EXIT_FUTILE:
        return { kind: "shutdown", message: futileMessage(address) };
      case L.EXIT_SHUTDOWN:
        return { kind: "shutdown", message: this.#shutdownMessage() };
      default:
        return this.#unsupported(address);
    }
  }

  #shutdownMessage(): string {
    const first = this.#bytes[L.FAULT_CHAIN + 1];
    const rip = this.#view.getBigUint64(L.FAULT_RIP, true);
    const cr2 = this.#view.getBigUint64(L.CR2, true);
    return `triple fault: exception ${first} while delivering a double fault; the first fault was at RIP 0x${rip.toString(16)}, CR2 0x${cr2.toString(16)}`;
  }

  #unsupported(address: bigint): CpuExit {
    const bytes: number[] = [];
    const base = (this.#view.getUint32(L.MODE, true) & 3) === L.MODE_64 ? 0n : this.getSegment("cs").base;
    for (let i = 0n; i < 15n; i++) {
      const at = this.translate(base + address + i);
      if (at === undefined || at >= this.ram.length) break;
      bytes.push(this.ram[at]!);
    }
    const shown = bytes.map((b) => b.toString(16).padStart(2, "0")).join(" ");
    const mode = ["16-bit", "32-bit", "64-bit"][this.#view.getUint32(L.MODE, true) & 3];
    const message =
      bytes.length === 0
        ? `code outside RAM at 0x${address.toString(16)}`
        : `instruction not implemented in ${mode} mode at 0x${address.toString(16)}: ${shown}`;
    return { kind: "unsupported", address, opcode: Uint8Array.from(bytes), message };
  }

  requestExit(): void {
    this.#core.requestExit();
  }
  setInterruptLine(asserted: boolean, processor = this.selected): void {
    this.#core.setInterruptLine(processor, asserted ? 1 : 0);
  }
  raiseNmi(processor = this.selected): void {
    this.#core.raiseNmi(processor);
  }
  interruptible(processor: number): boolean {
    const kept = L.CPU_SLOTS + processor * L.CPU_SLOT + L.EFLAGS - L.STATE;
    return (this.#view.getUint32(processor === this.selected ? L.EFLAGS : kept, true) & 0x200) !== 0;
  }
  inject(vector: number, errorCode?: number): void {
    try {
      this.#core.inject(vector, errorCode ?? -1);
    } catch (error) {
      if (error !== UNWIND) throw error; // a fault while delivering: the next run() goes on from there
    }
  }

  getRegister(name: RegisterName): bigint {
    if (name === "eflags") return BigInt(this.#core.getFlags() >>> 0);
    if (name === "cr8") return BigInt(this.#host.readCr8());
    if (name === "rip") return this.#instructionPointer();
    return readState(this.#view, registerSlot(name));
  }

  /** RIP. Inside a host callback that of the current instruction: the state holds the end of its block then. */
  #instructionPointer(): bigint {
    const block = this.#view.getUint32(L.BLOCK, true);
    if (block === 0) return this.#view.getBigUint64(L.RIP, true);
    let rip = this.#view.getBigUint64(block + L.B_LINEAR, true);
    const current = this.#view.getUint32(L.CUR, true);
    for (let record = block + L.BLOCK_HEADER; record < current; record += L.RECORD_SIZE) {
      rip += BigInt(this.#bytes[record + L.R_LEN]!);
    }
    return (this.#view.getUint32(block + L.B_MODE, true) & 3) === L.MODE_64 ? rip : rip & 0xffffffffn;
  }

  setRegister(name: RegisterName, value: bigint): void {
    if (name === "eflags") {
      this.#core.putFlags(Number(value & 0xffffffffn));
      this.#core.updateAttention();
      return;
    }
    if (name === "cr8") {
      this.#host.writeCr8(Number(value & 15n));
      return;
    }
    const slot = registerSlot(name);
    if (slot.bytes === 8) this.#view.setBigUint64(slot.address, BigInt.asUintN(64, value), true);
    else if (slot.bytes === 4) this.#view.setUint32(slot.address, Number(BigInt.asUintN(32, value)), true);
    else this.#view.setUint16(slot.address, Number(BigInt.asUintN(16, value)), true);
    if (/^cr|^efer$/.test(name)) {
      this.#core.flushTlb();
      this.#core.updateMode();
    }
  }

  getSegment(name: SegmentName): Segment {
    const at = L.SEGS + SEGMENT_NAMES.indexOf(name) * L.SEG_SIZE;
    return {
      selector: this.#view.getUint16(at + L.SEG_SELECTOR, true),
      base: this.#view.getBigUint64(at + L.SEG_BASE, true),
      limit: this.#view.getUint32(at + L.SEG_LIMIT, true),
      attributes: this.#view.getUint32(at + L.SEG_ATTR, true),
    };
  }

  /** For CS the mode, for SS the privilege level (its DPL) follow. */
  setSegment(name: SegmentName, segment: Segment): void {
    const at = L.SEGS + SEGMENT_NAMES.indexOf(name) * L.SEG_SIZE;
    this.#view.setUint16(at + L.SEG_SELECTOR, segment.selector, true);
    this.#view.setBigUint64(at + L.SEG_BASE, BigInt.asUintN(64, segment.base), true);
    this.#view.setUint32(at + L.SEG_LIMIT, segment.limit, true);
    this.#view.setUint32(at + L.SEG_ATTR, segment.attributes, true);
    if (name === "ss") this.#view.setUint32(L.CPL, (segment.attributes >> 5) & 3, true);
    if (name === "cs" || name === "ss") this.#core.updateMode();
  }

  getDescriptorTable(name: "gdtr" | "idtr"): { base: bigint; limit: number } {
    const at = name === "gdtr" ? L.GDTR_BASE : L.IDTR_BASE;
    return { base: this.#view.getBigUint64(at, true), limit: this.#view.getUint32(at + 8, true) };
  }
  setDescriptorTable(name: "gdtr" | "idtr", base: bigint, limit: number): void {
    const at = name === "gdtr" ? L.GDTR_BASE : L.IDTR_BASE;
    this.#view.setBigUint64(at, base, true);
    this.#view.setUint32(at + 8, limit, true);
  }
  xmm(index: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, L.XMM + (index & 15) * 16, 16);
  }
  setXmm(index: number, bytes: Uint8Array): void {
    this.xmm(index).set(bytes.subarray(0, 16));
  }

  setBreakpoints(addresses: Iterable<bigint>): void {
    const sorted = [...new Set([...addresses].map((a) => BigInt.asUintN(64, a)))].sort((a, b) =>
      a < b ? -1 : 1,
    );
    if (sorted.length > L.BREAKPOINT_MAX) throw new RangeError(`at most ${L.BREAKPOINT_MAX} breakpoints`);
    sorted.forEach((address, i) => {
      this.#view.setBigUint64(L.BREAKPOINT_TABLE + i * 8, address, true);
    });
    this.#view.setUint32(L.BREAKPOINTS, sorted.length, true);
    this.#core.dropCode();
  }
  passBreakpoint(): void {
    this.#core.passBreakpoint();
  }

  setWatches(list: readonly CpuWatch[]): void {
    writeWatches(this.#view, list);
    this.#core.retagAll();
  }
  takeWatchHits(): CpuWatchHit[] {
    return takeHits(this.#view);
  }
  setCatch(vectors: Iterable<number>): void {
    writeCatch(this.#view, vectors);
  }
  catchNextFault(): void {
    writeCatchOnce(this.#view);
  }
  takeCaught(): Caught | undefined {
    return takeCaught(this.#view);
  }

  get translateAfter(): number {
    return this.#translator.after;
  }
  get translations(): number {
    return this.#translator.made;
  }
  set translateAfter(executions: number) {
    this.#translator.after = executions;
    this.#core.dropCode();
  }

  translate(linear: bigint): number | undefined {
    const a = BigInt.asUintN(64, linear);
    const physical = this.#core.translate(Number(a & 0xffffffffn), Number(a >> 32n));
    return physical < 0 ? undefined : physical;
  }
  flushTlb(): void {
    this.#core.flushTlb();
  }

  reset(): void {
    const count = this.#view.getBigUint64(L.COUNT, true);
    this.#bytes.fill(0, L.STATE, L.STATE_END);
    this.#view.setBigUint64(L.COUNT, count, true);
    this.#bytes.fill(0, L.STATE_END, L.RAM_SIZE);
    this.#view.setInt32(L.DELIVERING, -1, true);
    this.#view.setFloat64(L.WORK_LEFT, Number.MAX_VALUE, true);
    this.#view.setUint32(L.MXCSR, 0x1f80, true);
    this.#view.setUint16(L.FCW, 0x40, true);
    this.#view.setUint16(L.FTW, 0xff, true);
    this.#view.setBigUint64(L.RANDOM, this.#randomSeed + (BigInt(this.selected) << 32n), true);
    this.#view.setBigUint64(L.XCR0, 1n, true);
    this.#view.setUint32(L.CR0, 0x60000010, true);
    this.#initialize();
  }

  init(): void {
    for (const [first, end] of LOST_AT_INIT) this.#bytes.fill(0, first, end);
    // CD and NW stay, ET is always set.
    this.#view.setBigUint64(L.CR0, (this.#view.getBigUint64(L.CR0, true) & 0x60000000n) | 0x10n, true);
    this.#initialize();
  }

  startUp(vector: number): void {
    this.setSegment("cs", {
      selector: vector << 8,
      base: BigInt(vector << 12),
      limit: 0xffff,
      attributes: 0x9b,
    });
    this.setRegister("rip", 0n);
  }

  /** What reset and INIT have in common. */
  #initialize(): void {
    this.#core.putFlags(2);
    this.#view.setBigUint64(L.RIP, 0xfff0n, true);
    this.#view.setBigUint64(L.DR + 48, 0xffff0ff0n, true);
    this.#view.setBigUint64(L.DR + 56, 0x400n, true);
    for (const name of SEGMENT_NAMES) {
      this.setSegment(name, { selector: 0, base: 0n, limit: 0xffff, attributes: 0x93 });
    }
    this.setSegment("cs", { selector: 0xf000, base: 0xffff0000n, limit: 0xffff, attributes: 0x9b });
    this.setSegment("ldtr", { selector: 0, base: 0n, limit: 0xffff, attributes: 0x82 });
    this.setSegment("tr", { selector: 0, base: 0n, limit: 0xffff, attributes: 0x8b });
    this.setDescriptorTable("gdtr", 0n, 0xffff);
    this.setDescriptorTable("idtr", 0n, 0xffff);
    this.setRegister("rdx", 0x600n);
    this.#core.followDebugRegisters();
    this.#core.flushTlb();
    this.#core.updateMode();
  }

  save(): CpuSnapshot {
    const pages = new Map<number, Uint8Array>();
    for (let i = 0; i < this.ram.length / PAGE; i++) {
      if (this.#bytes[L.PAGE_FLAGS + i]! & L.PAGE_USED)
        pages.set(i, this.ram.slice(i * PAGE, (i + 1) * PAGE));
    }
    this.#core.storeSelected();
    const states = Array.from({ length: this.processors }, (_, n) => {
      const slot = L.CPU_SLOTS + n * L.CPU_SLOT;
      return this.#bytes.slice(slot, slot + L.STATE_END - L.STATE);
    });
    return { states, instructions: this.instructions, pages };
  }

  load(snapshot: CpuSnapshot): void {
    if (snapshot.states.length !== this.processors) throw new RangeError("a snapshot of another machine");
    if (snapshot.states.some((state) => state.length !== L.STATE_END - L.STATE))
      throw new RangeError("a snapshot of another build");
    const zero = new Uint8Array(PAGE);
    for (let i = 0; i < this.ram.length / PAGE; i++) {
      const page = snapshot.pages.get(i);
      if (page) this.writeRam(i * PAGE, page);
      else if (this.#bytes[L.PAGE_FLAGS + i]! & L.PAGE_USED) this.writeRam(i * PAGE, zero);
    }
    const { selected } = this;
    snapshot.states.forEach((state, n) => {
      this.select(n);
      this.#bytes.set(state, L.STATE);
      this.#view.setUint32(L.ATTN, 0, true);
      this.#view.setUint32(L.RECOVER, 0, true);
      this.#view.setUint32(L.BLOCK, 0, true);
      this.#view.setBigUint64(L.REPORTED, 0n, true);
      this.#view.setBigUint64(L.CAUGHT_COUNT, 0n, true);
      this.#core.followDebugRegisters();
      this.#core.flushTlb();
      this.#core.updateMode();
    });
    this.select(selected);
    this.#view.setBigUint64(L.COUNT, BigInt(snapshot.instructions), true);
    this.#core.dropCode();
    takeHits(this.#view);
    takeCaught(this.#view);
  }

  stateHash(): bigint {
    this.#core.stateHash(L.HOST);
    return this.#view.getBigUint64(L.HOST, true);
  }
}

function futileMessage(rip: bigint): string {
  return `no progress: ${L.FUTILE_MAX} exceptions or interrupts in a row, and not one instruction retired between them; now at RIP 0x${rip.toString(16)}`;
}

export type { Caught, CpuExit, CpuHost, CpuWatch, CpuWatchHit, RegisterName };
