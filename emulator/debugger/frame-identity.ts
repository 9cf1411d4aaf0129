// What tells two frames apart while execution moves: gdb's frame_id. Inlined functions share their function's part of the stack and differ by
// where they begin and how deep they are inlined. Must not know run control.

import type { FrameState, FunctionInstance, SymbolFile } from "../symbols/api.ts";
import type { MemoryReader } from "../symbols/memory.ts";
import { lookupAddress } from "./frames.ts";

export interface FrameId {
  /** Canonical frame address: the stack pointer before the call. */
  readonly cfa: bigint;
  /** Where the function, or its inlined copy, begins. */
  readonly code: bigint | undefined;
  /** How many functions are inlined into each other here, this one included. */
  readonly depth: number;
}

/** Unknown frames are equal to none. */
export const sameFrame = (left: FrameId | undefined, right: FrameId | undefined): boolean =>
  left !== undefined &&
  right !== undefined &&
  left.cfa === right.cfa &&
  left.code === right.code &&
  left.depth === right.depth;

/** The frames that share a state, innermost first; the last is the function that has the part of the stack. Empty where that part is not known. */
export function frameIds(
  symbols: SymbolFile,
  state: FrameState,
  memory: MemoryReader,
  hidden = 0,
  instances = symbols.functionsAt(lookupAddress(state)),
): FrameId[] {
  const cfa = symbols.cfa?.(state, memory);
  if (cfa === undefined) return [];
  if (instances.length === 0) {
    const code = symbols.symbolAt(lookupAddress(state))?.symbol.address;
    return [{ cfa, code, depth: 0 }];
  }
  const visible = instances.slice(hidden);
  return visible.map(({ ranges }, index) => ({
    cfa,
    code: ranges[0]?.low,
    depth: visible.length - 1 - index,
  }));
}

/** The frame that has the state's part of the stack (gdb's get_stack_frame_id). */
export const stackFrameId = (
  symbols: SymbolFile,
  state: FrameState,
  memory: MemoryReader,
): FrameId | undefined => frameIds(symbols, state, memory).at(-1);

/**
 * How many innermost inlined functions begin at the pc: gdb shows their call first (skip_inline_frames). `entered` names the function that a user's
 * breakpoint there is for: that one and those around it are shown.
 */
export function beginningInlines(
  pc: bigint,
  instances: readonly FunctionInstance[],
  entered: (name: string) => boolean = () => false,
): number {
  let count = 0;
  for (const { inlined, name, ranges } of instances) {
    if (!inlined || !beginsAt(ranges, pc) || entered(name)) break;
    count++;
  }
  return count;
}

/** The block's entry, or code of it behind code that is not. */
const beginsAt = (ranges: FunctionInstance["ranges"], pc: bigint): boolean =>
  ranges[0]?.low === pc || !ranges.some(({ low, high }) => low < pc && pc <= high);
