// RDRAND, RDSEED and RDPID. The random numbers follow from a seed, which is part of the processor's state: runs stay repeatable.

import { RANDOM, TSC_AUX } from "../layout";
import { CF, putArithmetic } from "./flags";
import { dstOf, setReg } from "./record";

/** SplitMix64. */
function next(): u64 {
  const state = load<u64>(RANDOM) + 0x9e37_79b9_7f4a_7c15;
  store<u64>(RANDOM, state);
  let z = (state ^ (state >> 30)) * 0xbf58_476d_1ce4_e5b9;
  z = (z ^ (z >> 27)) * 0x94d0_49bb_1331_11eb;
  return z ^ (z >> 31);
}

/** Always a number: CF = 1, the other arithmetic flags 0 (SDM 2 RDRAND). */
function random<T>(r: usize): void {
  setReg<T>(dstOf(r), next() as T);
  putArithmetic(CF);
}
export function rdrand_r<T>(r: usize): void { random<T>(r); }
export function rdseed_r<T>(r: usize): void { random<T>(r); }

/** IA32_TSC_AUX, without RDTSCP's counter; the operand has the mode's width. */
export function rdpid_r(r: usize): void { setReg<u64>(dstOf(r), load<u32>(TSC_AUX) as u64); }
