// Debug registers: breakpoints on instructions, data and ports, general detect, and what #DB does to DR6 and DR7 (SDM 3B 17.2, 17.3).
// Data breakpoints cost nothing while there are none: a page with one has the WATCHED tag in the TLB, so its accesses take the slow way.

import { ATTN, ATTN_DEBUG, BLOCK, CR4, DEBUG_PENDING, DR, PROCESSORS, RESUME } from "../layout";
import { dropAllBlocks } from "./block";
import { PAGE_MASK } from "./mmu";
import { flushTlb } from "./paging";
import { stateOf } from "./processors";
import { DB, endBlock, raise } from "./raise";

const DR6 = DR + 48, DR7 = DR + 56;
const DR6_FIXED: u64 = 0xffff_0ff0, DR7_FIXED: u64 = 0x400;
const DR6_BD: u32 = 0x2000;
export const DR6_BS: u32 = 0x4000, DR6_BT: u32 = 0x8000;
const DR7_GD: u64 = 0x2000;
/** R/W field of DR7. */
const ON_EXECUTION = 0, ON_WRITE = 1, ON_PORT = 2;
const CR4_DE = 8;

/** Some of DR0-DR3 watches data. Follows DR7: nothing architectural is kept here. */
export let anyDataBreakpoint: bool = false;

/** Local or global enable of breakpoint n. */
function enabledIn(control: u32, n: u32): bool { return ((control >> (2 * n)) & 3) != 0; }
function kindIn(control: u32, n: u32): u32 { return (control >> (16 + 4 * n)) & 3; }
function enabled(n: u32): bool { return enabledIn(load<u32>(DR7), n); }
function kindOf(n: u32): u32 { return kindIn(load<u32>(DR7), n); }
/** Bytes watched: LEN 0 to 3 are 1, 2, 8, 4. */
function lengthOf(n: u32): u32 {
  const code = (load<u32>(DR7) >> (18 + 4 * n)) & 3;
  return code == 0 ? 1 : code == 1 ? 2 : code == 2 ? 8 : 4;
}
/** The address is aligned to the length, whatever its low bits say (SDM 3B 17.2.5). */
function firstOf(n: u32): u64 { return load<u64>(DR + 8 * n) & ~((lengthOf(n) - 1) as u64); }
function watchesData(n: u32): bool { return enabled(n) && (kindOf(n) & 1) != 0; }

/** Must follow every change of the debug registers from outside (reset, load of a snapshot). */
export function followDebugRegisters(): void {
  anyDataBreakpoint = watchesData(0) || watchesData(1) || watchesData(2) || watchesData(3);
}

function active(): bool { return (load<u32>(DR7) & 0xff) != 0; }

export function writeDebugRegister(n: u32, value: u64): void {
  const before = active();
  store<u64>(DR + n * 8, n == 6 ? (value & ~0x1000) | DR6_FIXED : n == 7 ? (value & 0xffff_23ff) | DR7_FIXED : value);
  if (n == 6) return;
  followDebugRegisters();
  if (!before && !active()) return;
  flushTlb();
  dropAllBlocks();
}

/** DR7.GD: every MOV to or from a debug register faults (SDM 3B 17.2.4). */
export function checkGeneralDetect(): void {
  if (load<u64>(DR7) & DR7_GD) fault(DR6_BD);
}
function fault(cause: u32): void {
  store<u32>(DEBUG_PENDING, load<u32>(DEBUG_PENDING) | cause);
  raise(DB);
}

/** #DB is being delivered: bits 3:0 of DR6 tell its causes alone, the others stay until software clears them; general detect goes off. */
export function enterDebugException(): void {
  store<u64>(DR6, (load<u64>(DR6) & ~15) | (load<u32>(DEBUG_PENDING) as u64));
  store<u32>(DEBUG_PENDING, 0);
  store<u64>(DR7, load<u64>(DR7) & ~DR7_GD);
}

// ---- instructions ----

/** Bits of DR6 for breakpoints on the instruction at a linear address, by the debug registers at `dr`. */
function codeBreakpointsIn(dr: usize, linear: u64): u32 {
  const control = load<u32>(dr, 56);
  if (!(control & 0xff)) return 0;
  let hit: u32 = 0;
  for (let n: u32 = 0; n < 4; n++) {
    if (enabledIn(control, n) && kindIn(control, n) == ON_EXECUTION && load<u64>(dr + 8 * n) == linear) hit |= 1 << n;
  }
  return hit;
}
/** Whether some processor has a breakpoint on the instruction at a linear address. */
export function anyCodeBreakpoint(linear: u64): bool {
  const count = load<u8>(PROCESSORS);
  for (let p: u32 = 0; p < count; p++) if (codeBreakpointsIn(stateOf(p, DR), linear)) return true;
  return false;
}
/** A fault before the instruction, unless it was resumed with RF (SDM 3B 17.3.1.1). */
export function raiseCodeBreakpoint(linear: u64): void {
  const hit = codeBreakpointsIn(DR, linear);
  if (hit && !load<u32>(RESUME)) fault(hit);
}

// ---- data and ports: traps after the instruction ----

/** A data breakpoint lies in the page. */
export function watched(page: u64): bool {
  if (!anyDataBreakpoint) return false;
  for (let n: u32 = 0; n < 4; n++) if (watchesData(n) && (firstOf(n) & PAGE_MASK) == page) return true;
  return false;
}

function note(hit: u32): void {
  if (!hit) return;
  store<u32>(DEBUG_PENDING, load<u32>(DEBUG_PENDING) | hit);
  store<u32>(ATTN, load<u32>(ATTN) | ATTN_DEBUG);
  if (load<u32>(BLOCK)) endBlock();
}

export function checkDataBreakpoints(a: u64, size: u32, write: bool): void {
  let hit: u32 = 0;
  for (let n: u32 = 0; n < 4; n++) {
    if (!watchesData(n) || (kindOf(n) == ON_WRITE && !write)) continue;
    const first = firstOf(n);
    if (a < first + lengthOf(n) && first < a + size) hit |= 1 << n;
  }
  note(hit);
}

/** Port breakpoints exist only with CR4.DE (SDM 3B 17.2.4). */
export function checkPortBreakpoints(port: u32, size: u32): void {
  if (!(load<u32>(DR7) & 0xff) || !(load<u32>(CR4) & CR4_DE)) return;
  let hit: u32 = 0;
  for (let n: u32 = 0; n < 4; n++) {
    if (!enabled(n) || kindOf(n) != ON_PORT) continue;
    const first = firstOf(n) as u32;
    if (port < first + lengthOf(n) && first < port + size) hit |= 1 << n;
  }
  note(hit);
}
