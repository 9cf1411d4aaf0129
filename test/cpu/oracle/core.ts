// Executes conformance cases on our own core: 64-bit user code over a small page table, each exception vector with a gate of its own, so that
// what the processor delivers can be read back. Knows the state layout; knows nothing of opcodes.
import { type Cpu, createCpu } from "../../../emulator/cpu/cpu.ts";
import type { CpuHost } from "../../../emulator/cpu/host.ts";
import {
  FCS, FCW, FDP, FIP, FOP, FPR, FSW, FTW, MXCSR, RAM_BASE, REGS, RIP, SEG_SELECTOR, SEG_SIZE, SEGS, XCR0, XMM,
} from "../../../emulator/cpu/layout.ts"; // biome-ignore format: a list
import { differences } from "./compare.ts";
import type { Row } from "./rows.ts";
import {
  AT, type Case, CODE_AT, COMPLETED, decodeReply, encodeRequests, FX_SIZE, type Outcome, REPLY_SIZE, REPLY_STATE, REQUEST_STATE, STATUS_FLAGS, WINDOW,
} from "./state.ts"; // biome-ignore format: a list

/** Linear address of physical 0, for the supervisor only: far from what cases touch, where a user program has nothing. */
const SYSTEM = 0x7e00_0000_0000;

// Physical memory.
const PML4 = 0x1000;
const PDPT = 0x2000;
const DIRECTORY = 0x3000;
const SYSTEM_PDPT = 0x6000;
const SYSTEM_DIRECTORY = 0x7000;
const CODE_TABLE = 0x4000;
const DATA_TABLE = 0x5000;
const CODE_PAGE = 0x10000;
const DATA_PAGE = 0x11000;
const IDT = 0x20000;
const TSS = 0x21000;
const GDT = 0x22000;
/** One jump to itself a vector, 16 bytes apart. */
const GATES = 0x24000;
const FAULT_STACK = 0x30000;
const RAM = 0x400000;

/** A bit for each vector that pushes an error code. */
const HAS_ERROR = 0x27d00;

const PRESENT = 1;
const WRITABLE = 2;
const USER = 4;
const LARGE = 0x80;

/** Memory outside RAM, ports and the like: no case may reach them. */
const host: CpuHost = {
  mmioRead: () => 0xffffffff,
  mmioWrite: () => {},
  portIn: () => 0xffffffff,
  portOut: () => {},
  cpuid: () => [0, 0, 0, 0],
  readMsr: () => undefined,
  writeMsr: () => false,
  timestamp: () => 0n,
  acknowledgeInterrupt: () => -1,
  undefinedOpcode: () => undefined,
  readCr8: () => 0,
  writeCr8: () => {},
};

function quads(...values: bigint[]): Uint8Array {
  return new Uint8Array(BigUint64Array.from(values).buffer);
}

function writeTables(cpu: Cpu): void {
  const entry = (table: number, index: number, target: number, bits: number) =>
    cpu.writeRam(table + index * 8, quads(BigInt(target | bits)));
  const user = PRESENT | WRITABLE | USER;
  entry(PML4, 0, PDPT, user);
  entry(PDPT, 0, DIRECTORY, user);
  entry(PML4, SYSTEM / 2 ** 39, SYSTEM_PDPT, user);
  entry(SYSTEM_PDPT, 0, SYSTEM_DIRECTORY, user);
  entry(SYSTEM_DIRECTORY, 0, 0, PRESENT | WRITABLE | LARGE);
  entry(DIRECTORY, 0x10000000 >> 21, CODE_TABLE, user);
  entry(DIRECTORY, 0x20000000 >> 21, DATA_TABLE, user);
  entry(CODE_TABLE, 0, CODE_PAGE, user);
  entry(DATA_TABLE, 0, DATA_PAGE, user);
  // Flat 64-bit kernel code at 0x08, user code of 32 bits, data and code at 0x23, 0x2b and 0x33 as Linux has them.
  cpu.writeRam(
    GDT,
    quads(
      0n,
      0x00af9b000000ffffn,
      0x00cf93000000ffffn,
      0n,
      0x00cffb000000ffffn,
      0x00cff3000000ffffn,
      0x00affb000000ffffn,
    ),
  );
  cpu.writeRam(TSS + 0x66, Uint8Array.of(0x68, 0)); // the I/O map base is behind the limit: no port is allowed
  cpu.writeRam(TSS + 0x24, quads(BigInt(SYSTEM + FAULT_STACK)));
  for (let vector = 0; vector < 32; vector++) {
    const offset = BigInt(SYSTEM + GATES + vector * 16);
    // Interrupt gate through stack 1 of the interrupt stack table.
    const privilege = vector === 3 || vector === 4 ? 3n : 0n; // as Linux has them
    const low =
      (((offset >> 16n) & 0xffffn) << 48n) | 0x8e01_0008_0000n | (privilege << 45n) | (offset & 0xffffn);
    cpu.writeRam(IDT + vector * 16, quads(low, offset >> 32n));
    cpu.writeRam(GATES + vector * 16, Uint8Array.of(0xeb, 0xfe));
  }
}

function enterUserMode(cpu: Cpu, bits: 64 | 32): void {
  const all = 0xffffffff;
  cpu.setRegister("efer", 0xd01n); // NXE LMA LME SCE
  cpu.setRegister("cr4", 0x40620n); // OSXSAVE OSXMMEXCPT OSFXSR PAE
  cpu.setRegister("cr3", BigInt(PML4));
  cpu.setRegister("cr0", 0x80010033n); // PG WP NE ET MP PE
  cpu.setDescriptorTable("gdtr", BigInt(SYSTEM + GDT), 7 * 8 - 1);
  cpu.setDescriptorTable("idtr", BigInt(SYSTEM + IDT), 32 * 16 - 1);
  cpu.setSegment("ldtr", { selector: 0, base: 0n, limit: 0, attributes: 0 });
  cpu.setSegment("tr", { selector: 0x18, base: BigInt(SYSTEM + TSS), limit: 0x67, attributes: 0x8b });
  const code = bits === 64 ? { selector: 0x33, attributes: 0xa0fb } : { selector: 0x23, attributes: 0xc0fb };
  cpu.setSegment("cs", { ...code, base: 0n, limit: all });
  for (const name of ["ss", "ds", "es"] as const) {
    cpu.setSegment(name, { selector: 0x2b, base: 0n, limit: all, attributes: 0xc0f3 });
  }
  for (const name of ["fs", "gs"] as const)
    cpu.setSegment(name, { selector: 0, base: 0n, limit: 0, attributes: 0 });
}

/** A core ready for cases. */
export class Core {
  readonly cpu: Cpu;
  private readonly start: ReturnType<Cpu["save"]>;

  /** The data page before a case: zeros in front of the window. */
  private readonly page = new Uint8Array(0x1000);

  private readonly view: DataView;
  private readonly memory: Uint8Array;
  /** The code page before a case. */
  private readonly codePage = new Uint8Array(0x1000).fill(0xcc);
  /** The code page, and the window of the data page, as they are in RAM. */
  private readonly code: Uint8Array;
  private readonly window: Uint8Array;

  /** `translated`: each case's instruction is a block of its own, translated before it runs. */
  constructor(
    module: WebAssembly.Module,
    private readonly translated = false,
  ) {
    this.cpu = createCpu(module, host, RAM);
    if (translated) this.cpu.translateAfter = 1;
    this.cpu.reset();
    writeTables(this.cpu);
    enterUserMode(this.cpu, 64);
    this.view = new DataView(this.cpu.memory.buffer);
    this.view.setBigUint64(XCR0, 3n, true);
    this.start = this.cpu.save();
    this.memory = new Uint8Array(this.cpu.memory.buffer);
    this.code = this.cpu.ram.subarray(CODE_PAGE, CODE_PAGE + 0x1000);
    this.window = this.cpu.ram.subarray(DATA_PAGE + 0x1000 - WINDOW, DATA_PAGE + 0x1000);
  }

  /** Differences from what a processor made of the case; an opcode the core refuses is one. */
  check(row: Row, test: Case, expected: Outcome): string[] {
    const reply = new Uint8Array(REPLY_SIZE);
    const failure = this.tryExecute(encodeRequests([test]), 0, reply, 0);
    if (failure !== undefined) return [failure];
    return differences(row, test, expected, decodeReply(reply, 0, test.before.bits));
  }

  /** execute(); when the core gives up, its complaint, and it is ready for the next case. */
  tryExecute(requests: Uint8Array, from: number, replies: Uint8Array, to: number): string | undefined {
    try {
      this.execute(requests, from, replies, to);
      return undefined;
    } catch (error) {
      this.cpu.load(this.start);
      return String(error);
    }
  }

  /** Executes the `struct request` at `from` and writes the `struct reply` to `to`, as recorder.c does. Throws when the core gives up. */
  execute(requests: Uint8Array, from: number, replies: Uint8Array, to: number): void {
    const { cpu } = this;
    const bits = requests[from + 16]!;
    if (cpu.getSegment("cs").selector !== (bits === 64 ? 0x33 : 0x23))
      enterUserMode(cpu, bits === 64 ? 64 : 32);
    this.putSegments();
    this.putCode(requests.subarray(from, from + 16));
    const state = from + REQUEST_STATE;
    this.page.set(requests.subarray(state + AT.window, state + AT.end), this.page.length - WINDOW);
    cpu.writeRam(DATA_PAGE, this.page);
    this.putState(requests, state);
    for (let pass = 0; pass < 1000; pass++) {
      const exit = cpu.run(cpu.instructions + 1);
      if (exit.kind === "unsupported" || exit.kind === "shutdown") throw new Error(exit.message);
      if (exit.kind === "halt" || !this.atStart() || !repeats(requests, from)) break;
    }
    this.takeReply(replies, to);
  }

  /** DS and ES again after a case that loaded them. */
  private putSegments(): void {
    for (const name of ["ds", "es"] as const) {
      const at = SEGS + SEG_SIZE * (name === "ds" ? 3 : 0) + SEG_SELECTOR;
      if (this.view.getUint16(at, true) !== 0x2b)
        this.cpu.setSegment(name, { selector: 0x2b, base: 0n, limit: 0xffffffff, attributes: 0xc0f3 });
    }
  }

  /** Code that is there already stays decoded. The rest of its page is INT3, whatever the case before has written there. */
  private putCode(code: Uint8Array): void {
    this.codePage.set(code, Number(CODE_AT & 0xfffn));
    if (Buffer.compare(this.code, this.codePage) !== 0) this.cpu.writeRam(CODE_PAGE, this.codePage);
    if (!this.translated) return;
    let length = code.length;
    while (code[length - 1] === 0xcc) length--;
    this.cpu.setBreakpoints([CODE_AT + BigInt(length)]);
  }

  private atStart(): boolean {
    return this.view.getUint32(RIP, true) === Number(CODE_AT) && this.view.getUint32(RIP + 4, true) === 0;
  }

  private putState(from: Uint8Array, at: number): void {
    const { view, memory } = this;
    const fx = new DataView(from.buffer, from.byteOffset + at + AT.fx, FX_SIZE);
    memory.set(from.subarray(at + AT.gpr, at + AT.rip), REGS);
    const status = fx.getUint16(2, true);
    view.setUint16(FCW, fx.getUint16(0, true), true);
    view.setUint16(FSW, status, true);
    view.setUint16(FTW, fx.getUint8(4), true);
    view.setUint16(FOP, fx.getUint16(6, true), true);
    view.setBigUint64(FIP, fx.getBigUint64(8, true), true);
    view.setBigUint64(FDP, fx.getBigUint64(16, true), true);
    view.setUint32(FCS, 0, true); // and FDS: what the kernel's 64-bit XRSTOR makes of them
    view.setUint32(MXCSR, fx.getUint32(24, true), true);
    // ST(0) is R[TOP]: the registers turn by TOP.
    const top = (status >> 11) & 7;
    const st = at + AT.fx + 32;
    memory.set(from.subarray(st, st + 16 * (8 - top)), FPR + 16 * top);
    memory.set(from.subarray(st + 16 * (8 - top), st + 128), FPR);
    memory.set(from.subarray(at + AT.fx + 160, at + AT.fx + FX_SIZE), XMM);
    this.cpu.setRegister("eflags", BigInt(from[at + AT.flags]! | (from[at + AT.flags + 1]! << 8) | 0x202));
    view.setBigUint64(RIP, CODE_AT, true);
  }

  private takeReply(to: Uint8Array, at: number): void {
    const out = new DataView(to.buffer, to.byteOffset);
    const gate = Number(this.cpu.getRegister("rip")) - SYSTEM - GATES;
    const vector = gate >= 0 && gate < 32 * 16 ? gate >> 4 : -1;
    this.takeState(to, at + REPLY_STATE);
    out.setUint32(at, vector < 0 ? COMPLETED : vector, true);
    out.setUint32(at + 4, 0, true);
    out.setBigUint64(at + 8, vector === 14 ? this.cpu.getRegister("cr2") : 0n, true);
    if (vector < 0) return;
    // The frame on the interrupt stack: SS RSP RFLAGS CS RIP, then the error code of those that have one.
    const frame = RAM_BASE + FAULT_STACK - 48;
    if ((HAS_ERROR >> vector) & 1) out.setUint32(at + 4, this.view.getUint32(frame, true), true);
    const state = at + REPLY_STATE;
    out.setBigUint64(state + AT.rip, this.view.getBigUint64(frame + 8, true), true);
    out.setUint32(state + AT.flags, this.view.getUint32(frame + 24, true) & STATUS_FLAGS, true);
    out.setBigUint64(state + AT.gpr + 32, this.view.getBigUint64(frame + 32, true), true);
  }

  private takeState(to: Uint8Array, at: number): void {
    const { view, memory } = this;
    const out = new DataView(to.buffer, to.byteOffset + at);
    to.set(memory.subarray(REGS, REGS + 128), at + AT.gpr);
    out.setBigUint64(AT.rip, this.cpu.getRegister("rip"), true);
    out.setBigUint64(AT.flags, this.cpu.getRegister("eflags") & BigInt(STATUS_FLAGS), true);
    const status = view.getUint16(FSW, true);
    const fx = AT.fx;
    to.fill(0, at + fx, at + fx + 32);
    out.setUint16(fx, view.getUint16(FCW, true), true);
    out.setUint16(fx + 2, status, true);
    out.setUint8(fx + 4, view.getUint8(FTW));
    if (status & 0x80) {
      // Saved only while an exception is pending (core/fxsave.ts).
      out.setUint16(fx + 6, view.getUint16(FOP, true), true);
      out.setBigUint64(fx + 8, view.getBigUint64(FIP, true), true);
      out.setBigUint64(fx + 16, view.getBigUint64(FDP, true), true);
    }
    out.setUint32(fx + 24, view.getUint32(MXCSR, true), true);
    const top = (status >> 11) & 7;
    to.set(memory.subarray(FPR + 16 * top, FPR + 128), at + fx + 32);
    to.set(memory.subarray(FPR, FPR + 16 * top), at + fx + 32 + 16 * (8 - top));
    to.set(memory.subarray(XMM, XMM + 256), at + fx + 160);
    to.set(this.window, at + AT.window);
  }
}

const PREFIXES = new Set([0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0]);

/** A REP prefix: the instruction comes again until its count is used up. */
function repeats(requests: Uint8Array, from: number): boolean {
  let at = from;
  while (PREFIXES.has(requests[at]!)) at++;
  return requests[at] === 0xf2 || requests[at] === 0xf3;
}
