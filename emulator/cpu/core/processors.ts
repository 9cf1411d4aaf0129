// Several processors over one set of state addresses: the selected one's state is in place, the others' wait in slots. Each has its
// own TLB and its own generation of links; decoded blocks, the jump cache and the count of instructions belong to all.
// Must not know whose turn it is: that is the machine's business.

import {
  CAUGHT_COUNT, CAUGHT_RIP, COUNT, CPU_SLOT, CPU_SLOTS, EA, LINK_TAG, PROCESSORS, REPORTED, RIP, SELECTED, STATE, STATE_END, S_CAUGHT, S_LINK_TAG, S_REPORTED,
  S_STALE_LINKS, S_STALE_TAGS, S_TLB_LARGE, TLBS, TLB_BYTES, TLB_LARGE, TLB_OWN,
} from "../layout";
import { followDebugRegisters } from "./debug";
import { getFlags, putFlags } from "./flags";
import { bumpGeneration, forgetLarge } from "./paging";
import { updateMode } from "./segment";
import { retag } from "./watch";

const STATE_BYTES = STATE_END - STATE;

// @ts-ignore: decorator
@inline function slotOf(n: u32): usize { return CPU_SLOTS + n * CPU_SLOT; }

/** A word that an instruction had, or has reported at, this count holds only while the count stands: as yes or no in a slot. */
function stands(count: usize): u32 { return load<u64>(count) == load<u64>(COUNT) + 1 ? 1 : 0; }

/** Writes the selected processor's state to its slot, with explicit flags. The count is everyone's, so a slot has none. */
export function storeSelected(): void {
  const slot = slotOf(load<u8>(SELECTED));
  putFlags(getFlags());
  store<u64>(EA, 0);
  memory.copy(slot, STATE, STATE_BYTES);
  store<u64>(slot + (COUNT - STATE), 0);
}

/** Puts processor `n` in place. Not from inside a host callback. */
export function selectProcessor(n: u32): void {
  const from = slotOf(load<u8>(SELECTED)), to = slotOf(n);
  if (from == to) return;
  storeSelected();
  store<u32>(from, load<u32>(LINK_TAG), S_LINK_TAG);
  store<u32>(from, load<u32>(TLB_LARGE), S_TLB_LARGE);
  store<u32>(from, stands(REPORTED), S_REPORTED);
  store<u32>(from, load<u64>(CAUGHT_RIP) == load<u64>(RIP) ? stands(CAUGHT_COUNT) : 0, S_CAUGHT);
  const count = load<u64>(COUNT);
  memory.copy(STATE, to, STATE_BYTES);
  store<u64>(COUNT, count);
  store<u8>(SELECTED, n as u8);
  store<u32>(TLB_OWN, TLBS + n * TLB_BYTES);
  store<u32>(LINK_TAG, load<u32>(to, S_LINK_TAG));
  store<u32>(TLB_LARGE, load<u32>(to, S_TLB_LARGE));
  store<u64>(REPORTED, load<u32>(to, S_REPORTED) ? count + 1 : 0);
  store<u64>(CAUGHT_COUNT, load<u32>(to, S_CAUGHT) ? count + 1 : 0);
  store<u64>(CAUGHT_RIP, load<u64>(RIP));
  followDebugRegisters();
  updateMode();
  forgetLarge();
  if (load<u32>(to, S_STALE_LINKS)) bumpGeneration();
  if (load<u32>(to, S_STALE_TAGS)) retag();
  store<u32>(to, 0, S_STALE_LINKS);
  store<u32>(to, 0, S_STALE_TAGS);
}

function mark(word: usize): void {
  const count = load<u8>(PROCESSORS), selected = load<u8>(SELECTED);
  for (let n: u32 = 0; n < count; n++) if (n != selected) store<u32>(slotOf(n) + word, 1);
}

/** Code has changed: what the other processors linked leads to blocks that may be gone. */
export function staleLinks(): void { mark(S_STALE_LINKS); }
/** Watched ranges have changed: the other processors' TLBs do not know. */
export function staleTags(): void { mark(S_STALE_TAGS); }

/** A word of the state of processor `n`, wherever it is now. */
export function stateOf(n: u32, address: usize): usize { return n == load<u8>(SELECTED) ? address : slotOf(n) + (address - STATE); }
