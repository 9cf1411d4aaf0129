// Executes conformance cases on our own core: 64-bit user code over a small page table, each exception vector with a gate of its own, so that
// what the processor delivers can be read back. Knows the state layout; knows nothing of opcodes.
import { type Cpu, createCpu } from "../../../emulator/cpu/cpu.ts";
import type { CpuHost } from "../../../emulator/cpu/host.ts";
import { FCS, FCW, FDP, FIP, FOP, FPR, FSW, FTW, MXCSR, REGS, XMM } from "../../../emulator/cpu/layout.ts";
import { differences } from "./compare.ts";
import type { Row } from "./rows.ts";
import { type Case, CODE_AT, COMPLETED, type Outcome, STATUS_FLAGS, type State, WINDOW } from "./state.ts";

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
  cpu.writeRam(TSS + 0x24, quads(BigInt(SYSTEM + FAULT_STACK)));
  for (let vector = 0; vector < 32; vector++) {
    const offset = BigInt(SYSTEM + GATES + vector * 16);
    // Interrupt gate through stack 1 of the interrupt stack table.
    const low = (((offset >> 16n) & 0xffffn) << 48n) | 0xee01_0008_0000n | (offset & 0xffffn);
    cpu.writeRam(IDT + vector * 16, quads(low, offset >> 32n));
    cpu.writeRam(GATES + vector * 16, Uint8Array.of(0xeb, 0xfe));
  }
}

function enterUserMode(cpu: Cpu, bits: 64 | 32): void {
  const all = 0xffffffff;
  cpu.setRegister("efer", 0xd01n); // NXE LMA LME SCE
  cpu.setRegister("cr4", 0x620n); // OSXMMEXCPT OSFXSR PAE
  cpu.setRegister("cr3", BigInt(PML4));
  cpu.setRegister("cr0", 0x80010033n); // PG WP NE ET MP PE
  cpu.setDescriptorTable("gdtr", BigInt(SYSTEM + GDT), 7 * 8 - 1);
  cpu.setDescriptorTable("idtr", BigInt(SYSTEM + IDT), 32 * 16 - 1);
  cpu.setSegment("tr", { selector: 0x18, base: BigInt(SYSTEM + TSS), limit: 0x67, attributes: 0x8b });
  const code = bits === 64 ? { selector: 0x33, attributes: 0xa0fb } : { selector: 0x23, attributes: 0xc0fb };
  cpu.setSegment("cs", { ...code, base: 0n, limit: all });
  for (const name of ["ss", "ds", "es", "fs", "gs"] as const) {
    cpu.setSegment(name, { selector: 0x2b, base: 0n, limit: all, attributes: 0xc0f3 });
  }
}

/** A core ready for cases. */
export class Core {
  readonly cpu: Cpu;
  private readonly start: ReturnType<Cpu["save"]>;

  /** The data page before a case: zeros in front of the window. */
  private readonly page = new Uint8Array(0x1000);

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
    this.start = this.cpu.save();
  }

  run(test: Case): Outcome {
    const { cpu } = this;
    const selector = test.before.bits === 64 ? 0x33 : 0x23;
    if (cpu.getSegment("cs").selector !== selector) enterUserMode(cpu, test.before.bits);
    const code = new Uint8Array(32).fill(0xcc);
    code.set(test.code);
    cpu.writeRam(CODE_PAGE + Number(CODE_AT & 0xfffn), code);
    this.page.set(test.before.window, this.page.length - WINDOW);
    cpu.writeRam(DATA_PAGE, this.page);
    this.putState(test.before);
    if (this.translated) cpu.setBreakpoints([BigInt.asUintN(64, CODE_AT + BigInt(test.code.length))]);
    const repeats = test.code.subarray(0, 4).some((byte) => byte === 0xf2 || byte === 0xf3);
    for (let pass = 0; pass < 1000; pass++) {
      const exit = cpu.run(cpu.instructions + 1);
      if (exit.kind === "unsupported" || exit.kind === "shutdown") throw new Error(exit.message);
      if (!repeats || cpu.getRegister("rip") !== CODE_AT || exit.kind === "halt") break;
    }
    return this.takeOutcome(test.before);
  }

  /** Differences from what a processor made of the case; an opcode the core refuses is one. */
  check(row: Row, test: Case, expected: Outcome): string[] {
    try {
      return differences(row, test, expected, this.run(test));
    } catch (error) {
      this.cpu.load(this.start);
      return [String(error)];
    }
  }

  private view(): DataView {
    return new DataView(this.cpu.memory.buffer);
  }

  private putState(state: State): void {
    const view = this.view();
    state.gpr.forEach((value, index) => {
      view.setBigUint64(REGS + index * 8, value, true);
    });
    const fx = new DataView(state.fx.buffer, state.fx.byteOffset);
    view.setUint16(FCW, fx.getUint16(0, true), true);
    const status = fx.getUint16(2, true);
    view.setUint16(FSW, status, true);
    view.setUint16(FTW, fx.getUint8(4), true);
    view.setUint16(FOP, fx.getUint16(6, true), true);
    view.setBigUint64(FIP, fx.getBigUint64(8, true), true);
    view.setBigUint64(FDP, fx.getBigUint64(16, true), true);
    view.setUint32(FCS, 0, true); // and FDS: what the kernel's 64-bit XRSTOR makes of them
    view.setUint32(MXCSR, fx.getUint32(24, true), true);
    for (let i = 0; i < 8; i++) {
      const at = FPR + (((status >> 11) + i) & 7) * 16;
      view.setBigUint64(at, fx.getBigUint64(32 + 16 * i, true), true);
      view.setBigUint64(at + 8, BigInt(fx.getUint16(40 + 16 * i, true)), true);
    }
    new Uint8Array(view.buffer, XMM, 256).set(state.fx.subarray(160, 416));
    this.cpu.setRegister("eflags", BigInt(state.flags | 0x202));
    this.cpu.setRegister("rip", state.rip);
  }

  private takeOutcome(before: State): Outcome {
    const rip = Number(this.cpu.getRegister("rip"));
    const gate = rip - SYSTEM - GATES;
    const vector = gate >= 0 && gate < 32 * 16 ? gate >> 4 : -1;
    const after = this.takeState(before);
    if (vector < 0) return { vector: COMPLETED, error: 0, cr2: 0n, after };
    // The frame on the interrupt stack: SS RSP RFLAGS CS RIP, then the error code of those that have one.
    const frame = new DataView(this.cpu.ram.buffer, this.cpu.ram.byteOffset + FAULT_STACK - 48, 48);
    const hasError = (0x27d00 >> vector) & 1;
    after.rip = frame.getBigUint64(8, true);
    after.flags = frame.getUint32(24, true) & STATUS_FLAGS;
    after.gpr[4] = BigInt.asUintN(before.bits, frame.getBigUint64(32, true));
    return {
      vector,
      error: hasError ? frame.getUint32(0, true) : 0,
      cr2: vector === 14 ? this.cpu.getRegister("cr2") : 0n,
      after,
    };
  }

  private takeState(before: State): State {
    const view = this.view();
    const fx = new Uint8Array(416);
    const out = new DataView(fx.buffer);
    const status = view.getUint16(FSW, true);
    out.setUint16(0, view.getUint16(FCW, true), true);
    out.setUint16(2, status, true);
    out.setUint16(4, view.getUint8(FTW), true);
    if (status & 0x80) {
      // Saved only while an exception is pending (core/fxsave.ts).
      out.setUint16(6, view.getUint16(FOP, true), true);
      out.setBigUint64(8, view.getBigUint64(FIP, true), true);
      out.setBigUint64(16, view.getBigUint64(FDP, true), true);
    }
    out.setUint32(24, view.getUint32(MXCSR, true), true);
    for (let i = 0; i < 8; i++) {
      const at = FPR + (((status >> 11) + i) & 7) * 16;
      out.setBigUint64(32 + 16 * i, view.getBigUint64(at, true), true);
      out.setUint16(40 + 16 * i, view.getUint16(at + 8, true), true);
    }
    fx.set(new Uint8Array(view.buffer, XMM, 256), 160);
    return {
      bits: before.bits,
      gpr: before.gpr.map((_, index) =>
        BigInt.asUintN(before.bits, view.getBigUint64(REGS + index * 8, true)),
      ),
      rip: this.cpu.getRegister("rip"),
      flags: Number(this.cpu.getRegister("eflags")) & STATUS_FLAGS,
      fx,
      window: this.cpu.ram.slice(DATA_PAGE + 0x1000 - WINDOW, DATA_PAGE + 0x1000),
    };
  }
}
