// What is known while a region is being emitted: which guest registers are in locals, where the flags are, how many instructions have
// retired. The rest of this folder emits through it. Must not know: single operations.

import * as L from "../layout.ts";
import type { Block, DecodedRecord } from "./blocks.ts";
import { storeFlags } from "./flag-state.ts";
import { COUNT, type FlagPlace, GENERAL } from "./locals.ts";
import { Code, MEM, OP } from "./wasm.ts";

/** Functions of the core that translated code calls, in the order of import. */
export const CORE_FUNCTIONS = [
  "interpret",
  "interpretAndLeave",
  "conditionOf",
  "carryFlag",
  "rotateFlags",
  "mulHighSigned",
  "segmentsAreFlat",
] as const;
export type CoreFunction = (typeof CORE_FUNCTIONS)[number];

/** What holds at one point of the emitted code. Masks have a bit for each general register. */
export interface Flow {
  /** Local n has the register's value. */
  valid: number;
  /** It is newer than the state. */
  dirty: number;
  flags: FlagPlace;
  /** Instructions retired since COUNT was right, up to the start of the current block. */
  done: number;
  /** CR0 and CR4 are known to allow SSE. */
  sse: boolean;
  /** A handler was called in this block: something may want attention at its end. */
  attend: boolean;
}

export class Emitter {
  readonly code = new Code();
  flow: Flow;
  /** The block and record at hand. */
  block: Block | undefined;
  record: DecodedRecord | undefined;
  /** Registers that any path reads or writes, that any path writes. */
  used = 0;
  written = 0;
  /** Segment registers that must be flat (16- and 32-bit code). */
  segments = 0;
  /** Open `if`s around the code being emitted. */
  depth = 0;

  constructor(flow: Flow) {
    this.flow = flow;
  }

  callCore(name: CoreFunction): void {
    this.code.call(CORE_FUNCTIONS.indexOf(name));
  }

  // ---- registers ----

  /** Makes local `n` hold general register n. */
  need(n: number): number {
    const bit = 1 << n;
    this.used |= bit;
    if (!(this.flow.valid & bit)) {
      this.code.load(MEM.i64Load, L.REGS + n * 8).set(GENERAL + n);
      this.flow.valid |= bit;
    }
    return GENERAL + n;
  }

  /** Sets general register n from the stack. */
  assign(n: number): void {
    const bit = 1 << n;
    this.code.set(GENERAL + n);
    this.used |= bit;
    this.written |= bit;
    this.flow.valid |= bit;
    this.flow.dirty |= bit;
  }

  // ---- ways out ----

  /** Stores dirty registers and flags. The flow stays as it is: this may stand on a path that ends. */
  spill(): void {
    for (let n = 0; n < 16; n++) {
      if (!(this.flow.dirty & (1 << n))) continue;
      this.code
        .i32Const(0)
        .get(GENERAL + n)
        .memory(MEM.i64Store, L.REGS + n * 8);
    }
    this.spillFlags();
  }

  spillFlags(): void {
    storeFlags(this.code, this.flow.flags);
  }

  loadCount(): void {
    this.code.load(MEM.i64Load, L.COUNT).set(COUNT);
  }

  /** Instructions retired at the start of the current block. */
  pushCount(extra = 0): void {
    this.code.get(COUNT);
    if (this.flow.done + extra > 0) this.code.i64Const(BigInt(this.flow.done + extra)).op(OP.i64Add);
  }

  /** Returns with everything in the state and RIP from `rip`; `extra` instructions of the current block have retired. */
  leave(rip: () => void, extra: number, from: number): void {
    this.spill();
    this.code.i32Const(0);
    rip();
    this.code.memory(MEM.i64Store, L.RIP).i32Const(0);
    this.pushCount(extra);
    this.code.memory(MEM.i64Store, L.COUNT).i32Const(from).op(OP.return);
  }

  /** Pushes what the core's functions take first: the current record, its block, the count at its start. */
  pushPlace(): void {
    this.code.i32Const(this.record!.at).i32Const(this.block!.at);
    this.pushCount();
  }

  /** The current record is the interpreter's, and the region ends behind it. Nothing of the record may have happened yet. */
  giveUp(): void {
    this.spill();
    this.pushPlace();
    this.callCore("interpretAndLeave");
    this.code.i32Const(0).op(OP.return);
  }

  /** The same where the i32 on the stack is not 0. */
  giveUpIf(): void {
    this.code.if();
    this.giveUp();
    this.code.op(OP.end);
  }

  /** The current record by its handler; emission goes on behind it, with nothing known. */
  callHandler(): void {
    this.spill();
    this.pushPlace();
    this.callCore("interpret");
    this.code.op(OP.i32Eqz).if().i32Const(0).op(OP.return, OP.end);
    this.flow.valid = 0;
    this.flow.dirty = 0;
    this.flow.flags = { kind: "state" };
    this.flow.sse = false;
    this.flow.attend = true;
  }
}
