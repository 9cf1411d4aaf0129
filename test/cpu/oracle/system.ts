// States for rows about segments, and for what the system half of the table shows to user code: selectors that mean the same to the host's
// kernel and to core.ts's tables, XSAVE areas.
import { type Draft, little, putMemory, RAX, RDX, RSP } from "./draft.ts";
import { WINDOW, WINDOW_AT } from "./state.ts";

/**
 * Null, user code of 64 and 32 bits and data as Linux has them, supervisor segments, one past the table, one of a local table that does not
 * exist. Linux's entry 15 (selector 78H) is left out: its limit tells the processor's number.
 */
const SELECTORS = [0, 1, 2, 3, 0x23, 0x2b, 0x33, 0x28, 0x20, 0x2a, 8, 0x10, 0x13, 0x88, 0xfff8, 0x0c, 0x2f];

/** ES, CS, SS, DS and two that there are not, for MOV from a segment register; to one: ES, DS, and what is #UD. */
export function segmentNumber({ row, random }: Draft): number {
  return random.pick(row.opcode === 0x8c ? [0, 1, 2, 3, 6, 7] : [0, 1, 3, 6, 7]);
}

/** A selector where the instruction looks for one: on the stack, in memory (behind an offset for LES and LDS) or in the source register. */
export function arrangeSelector(draft: Draft): void {
  const { row, random, state, tail } = draft;
  const selector = BigInt(random.pick(SELECTORS)) | (random.bits64() << 16n);
  if (row.mnemonic.startsWith("pop")) putMemory(state, state.gpr[RSP]!, little(selector, 8));
  else if (draft.memory !== undefined) {
    const behind = /^l[de]s$/.test(row.mnemonic) ? (draft.legacy.includes(0x66) ? 2n : 4n) : 0n;
    putMemory(state, draft.memory + behind, little(selector, 8));
  } else if (tail.length > 0) {
    const register = (tail[0]! & 7) | (draft.rex & 1 ? 8 : 0);
    if (row.mnemonic !== "arpl") draft.set(register, selector);
  }
}

export function arrangeSystem(draft: Draft): void {
  if (draft.row.file === "xsave") arrangeArea(draft);
}

/** x87 and SSE state, which every host has; an area at a multiple of 64 most of the time, with a sane header. */
function arrangeArea(draft: Draft): void {
  const { random, state } = draft;
  draft.set(RAX, BigInt(random.below(4)));
  draft.set(RDX, 0n);
  if (draft.memory === undefined) return;
  const header = Number(draft.memory - WINDOW_AT) + 512;
  if (header < 0 || header + 64 > WINDOW) return;
  state.window.fill(0, header, header + 64);
  state.window[header] = random.below(4);
  if (!random.chance(20)) return;
  // What must be 0, but for the bit that asks for the compacted format: a host with XSAVEC takes it, this machine offers none.
  const at = random.below(16);
  state.window[header + 8 + at] = 1 << random.below(at === 7 ? 7 : 8);
}
