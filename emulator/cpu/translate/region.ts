// One region as one function: the tree's blocks in nested `if`s, ways back to the root as a `loop`. The function takes the instruction count at
// which it must return, and returns the block that it left from (0: unknown), with RIP and COUNT in the state.

import * as L from "../layout.ts";
import { ARITHMETIC, type Emit } from "./arithmetic.ts";
import { emitBranch } from "./control.ts";
import { Emitter, type Flow } from "./emitter.ts";
import { carryInLocals } from "./flags.ts";
import { COUNT, I32_LOCALS, I64_LOCALS, LIMIT } from "./locals.ts";
import { MOVES } from "./moves.ts";
import type { Size } from "./operands.ts";
import type { Node, Tree } from "./tree.ts";
import { VECTORS } from "./vector.ts";
import { Code, type FunctionBody, I32, I64, MEM, OP } from "./wasm.ts";

const EMITTERS = new Map<string, Emit>(Object.entries({ ...ARITHMETIC, ...MOVES, ...VECTORS }));

/** The index of the regions' type (limit: i64) -> i32 in every module. */
export const REGION_TYPE = 0;

/** Registers that a loop keeps in locals all the way round: those any way uses, and those any way writes. */
interface Kept {
  used: number;
  written: number;
}

export function emitRegion(tree: Tree): FunctionBody {
  let region = new Region(tree, undefined);
  let emitter = region.emit();
  if (tree.loops) {
    region = new Region(tree, { used: emitter.used, written: emitter.written });
    emitter = region.emit();
  }
  const code = new Code();
  guardSegments(code, emitter.segments);
  code.append(emitter.code.bytes);
  return {
    type: REGION_TYPE,
    locals: [
      [I64_LOCALS, I64],
      [I32_LOCALS, I32],
    ],
    code,
  };
}

/** Where code relies on flat segments, it returns at once when they are not. */
function guardSegments(code: Code, segments: number): void {
  if (segments === 0) return;
  const guard = new Emitter(flowAtEntry());
  guard.code.i32Const(segments);
  guard.callCore("segmentsAreFlat");
  guard.code.op(OP.i32Eqz).if().i32Const(0).op(OP.return, OP.end);
  code.append(guard.code.bytes);
}

function flowAtEntry(): Flow {
  return { valid: 0, dirty: 0, flags: { kind: "state" }, done: 0, sse: false, attend: false };
}

class Region {
  readonly #tree: Tree;
  readonly #kept: Kept | undefined;
  readonly #e = new Emitter(flowAtEntry());

  constructor(tree: Tree, kept: Kept | undefined) {
    this.#tree = tree;
    this.#kept = kept;
  }

  emit(): Emitter {
    const e = this.#e;
    const { loops, longest, root } = this.#tree;
    e.loadCount();
    e.code.get(LIMIT).i64Const(BigInt(longest)).op(OP.i64Sub).set(LIMIT);
    if (loops) {
      this.#enterLoop();
      e.code.loop();
    }
    e.code.get(COUNT).get(LIMIT).op(OP.i64GtS).if();
    e.leave(() => void e.code.i64Const(BigInt.asIntN(64, root.block.start)), 0, 0);
    e.code.op(OP.end);
    this.#node(root);
    if (loops) e.code.op(OP.end);
    e.code.op(0x00); // unreachable
    return e;
  }

  #enterLoop(): void {
    const e = this.#e;
    carryInLocals(e);
    if (!this.#kept) return;
    for (let n = 0; n < 16; n++) if (this.#kept.used & (1 << n)) e.need(n);
    e.flow.dirty = this.#kept.written;
  }

  #node(node: Node): void {
    const e = this.#e;
    const { block } = node;
    const go = (target: bigint) => this.#go(node, target);
    for (const [i, record] of block.records.entries()) {
      e.block = block;
      e.record = record;
      const last = i === block.records.length - 1;
      if (last && emitBranch(e, go)) return;
      const { stem, form, size } = record.operation;
      if (EMITTERS.get(stem)?.(e, form, size as Size)) continue;
      if (last || !this.#mayGoOn()) {
        this.#finish(last);
        return;
      }
      e.callHandler();
    }
    go(block.next);
  }

  /** In 16- and 32-bit code a handler might load a segment register that the code relies on. */
  #mayGoOn(): boolean {
    return (this.#e.block!.mode & 3) === L.MODE_64;
  }

  /** The current record is the last of this way, by its handler. */
  #finish(last: boolean): void {
    const e = this.#e;
    if (!last) {
      e.giveUp();
      return;
    }
    e.spill();
    e.pushPlace();
    e.callCore("interpret");
    e.code.op(0x1a).i32Const(e.block!.at).op(OP.return); // drop
  }

  /** From the end of a node to what follows at `target`. */
  #go(node: Node, target: bigint): void {
    const e = this.#e;
    const { block } = node;
    const child = node.next.get(target);
    const leave = () =>
      e.leave(() => void e.code.i64Const(BigInt.asIntN(64, target)), block.records.length, block.at);
    if (child === undefined) {
      leave();
      return;
    }
    if (e.flow.attend) {
      e.code.load(MEM.i32Load, L.ATTN).if();
      leave();
      e.code.op(OP.end);
    }
    if (child === "root") {
      this.#again(block.records.length);
      return;
    }
    e.flow = { ...e.flow, done: e.flow.done + block.records.length, attend: false };
    this.#node(child);
  }

  /** Back to the head of the loop, with what it expects. */
  #again(instructions: number): void {
    const e = this.#e;
    carryInLocals(e);
    for (let n = 0; n < 16; n++) if ((this.#kept?.used ?? 0) & (1 << n)) e.need(n);
    e.code
      .get(COUNT)
      .i64Const(BigInt(e.flow.done + instructions))
      .op(OP.i64Add)
      .set(COUNT)
      .branch(e.depth);
  }
}
