// ADD OR ADC SBB AND SUB XOR CMP TEST INC DEC NEG NOT. Suffixes of handlers: r register, m memory, i immediate;
// first the destination. T is the operand's unsigned type.

import {
  F_ADC, F_ADD, F_DEC, F_INC, F_SBB, F_SUB, cf, setFlags, setLogicFlags,
} from "./flags";
import { dstOf, ea, getReg, immOf, setReg, srcOf, sx } from "./record";
import { rd, rmw, rmwEnd } from "./mmu";

const ADD = 0, OR = 1, ADC = 2, SBB = 3, AND = 4, SUB = 5, XOR = 6, CMP = 7;

function adcFlags(a: i64, b: i64, r: i64, carryIn: bool): void { setFlags(carryIn ? F_ADC : F_ADD, a, b, r); }
function sbbFlags(a: i64, b: i64, r: i64, carryIn: bool): void { setFlags(carryIn ? F_SBB : F_SUB, a, b, r); }

/** Computes and sets the flags. */
// @ts-ignore: decorator
@inline function alu<T>(op: i32, a: T, b: T): T {
  let r: T;
  if (op == ADD) {
    r = (a + b) as T;
    setFlags(F_ADD, sx<T>(a), sx<T>(b), sx<T>(r));
  } else if (op == SUB || op == CMP) {
    r = (a - b) as T;
    setFlags(F_SUB, sx<T>(a), sx<T>(b), sx<T>(r));
  } else if (op == ADC) {
    const c = cf();
    r = (a + b + (c as T)) as T;
    adcFlags(sx<T>(a), sx<T>(b), sx<T>(r), c);
  } else if (op == SBB) {
    const c = cf();
    r = (a - b - (c as T)) as T;
    sbbFlags(sx<T>(a), sx<T>(b), sx<T>(r), c);
  } else {
    if (op == AND) r = a & b;
    else if (op == OR) r = a | b;
    else r = a ^ b;
    setLogicFlags(sx<T>(r));
  }
  return r;
}

// @ts-ignore: decorator
@inline function rr<T>(op: i32, r: usize): void {
  const d = dstOf(r);
  setReg<T>(d, alu<T>(op, getReg<T>(d), getReg<T>(srcOf(r))));
}
// @ts-ignore: decorator
@inline function ri<T>(op: i32, r: usize): void {
  const d = dstOf(r);
  setReg<T>(d, alu<T>(op, getReg<T>(d), immOf<T>(r)));
}
// @ts-ignore: decorator
@inline function rm<T>(op: i32, r: usize): void {
  const b = rd<T>(ea(r));
  const d = dstOf(r);
  setReg<T>(d, alu<T>(op, getReg<T>(d), b));
}
// @ts-ignore: decorator
@inline function mr<T>(op: i32, r: usize): void {
  const p = rmw<T>(ea(r));
  store<T>(p, alu<T>(op, load<T>(p), getReg<T>(srcOf(r))));
  rmwEnd(p);
}
// @ts-ignore: decorator
@inline function mi<T>(op: i32, r: usize): void {
  const p = rmw<T>(ea(r));
  store<T>(p, alu<T>(op, load<T>(p), immOf<T>(r)));
  rmwEnd(p);
}

// @ts-ignore: decorator
@inline export function add_rr<T>(r: usize): void { rr<T>(ADD, r); }
// @ts-ignore: decorator
@inline export function add_ri<T>(r: usize): void { ri<T>(ADD, r); }
// @ts-ignore: decorator
@inline export function add_rm<T>(r: usize): void { rm<T>(ADD, r); }
// @ts-ignore: decorator
@inline export function add_mr<T>(r: usize): void { mr<T>(ADD, r); }
// @ts-ignore: decorator
@inline export function add_mi<T>(r: usize): void { mi<T>(ADD, r); }
// @ts-ignore: decorator
@inline export function or_rr<T>(r: usize): void { rr<T>(OR, r); }
// @ts-ignore: decorator
@inline export function or_ri<T>(r: usize): void { ri<T>(OR, r); }
// @ts-ignore: decorator
@inline export function or_rm<T>(r: usize): void { rm<T>(OR, r); }
// @ts-ignore: decorator
@inline export function or_mr<T>(r: usize): void { mr<T>(OR, r); }
// @ts-ignore: decorator
@inline export function or_mi<T>(r: usize): void { mi<T>(OR, r); }
// @ts-ignore: decorator
@inline export function adc_rr<T>(r: usize): void { rr<T>(ADC, r); }
// @ts-ignore: decorator
@inline export function adc_ri<T>(r: usize): void { ri<T>(ADC, r); }
// @ts-ignore: decorator
@inline export function adc_rm<T>(r: usize): void { rm<T>(ADC, r); }
// @ts-ignore: decorator
@inline export function adc_mr<T>(r: usize): void { mr<T>(ADC, r); }
// @ts-ignore: decorator
@inline export function adc_mi<T>(r: usize): void { mi<T>(ADC, r); }
// @ts-ignore: decorator
@inline export function sbb_rr<T>(r: usize): void { rr<T>(SBB, r); }
// @ts-ignore: decorator
@inline export function sbb_ri<T>(r: usize): void { ri<T>(SBB, r); }
// @ts-ignore: decorator
@inline export function sbb_rm<T>(r: usize): void { rm<T>(SBB, r); }
// @ts-ignore: decorator
@inline export function sbb_mr<T>(r: usize): void { mr<T>(SBB, r); }
// @ts-ignore: decorator
@inline export function sbb_mi<T>(r: usize): void { mi<T>(SBB, r); }
// @ts-ignore: decorator
@inline export function and_rr<T>(r: usize): void { rr<T>(AND, r); }
// @ts-ignore: decorator
@inline export function and_ri<T>(r: usize): void { ri<T>(AND, r); }
// @ts-ignore: decorator
@inline export function and_rm<T>(r: usize): void { rm<T>(AND, r); }
// @ts-ignore: decorator
@inline export function and_mr<T>(r: usize): void { mr<T>(AND, r); }
// @ts-ignore: decorator
@inline export function and_mi<T>(r: usize): void { mi<T>(AND, r); }
// @ts-ignore: decorator
@inline export function sub_rr<T>(r: usize): void { rr<T>(SUB, r); }
// @ts-ignore: decorator
@inline export function sub_ri<T>(r: usize): void { ri<T>(SUB, r); }
// @ts-ignore: decorator
@inline export function sub_rm<T>(r: usize): void { rm<T>(SUB, r); }
// @ts-ignore: decorator
@inline export function sub_mr<T>(r: usize): void { mr<T>(SUB, r); }
// @ts-ignore: decorator
@inline export function sub_mi<T>(r: usize): void { mi<T>(SUB, r); }
// @ts-ignore: decorator
@inline export function xor_rr<T>(r: usize): void { rr<T>(XOR, r); }
// @ts-ignore: decorator
@inline export function xor_ri<T>(r: usize): void { ri<T>(XOR, r); }
// @ts-ignore: decorator
@inline export function xor_rm<T>(r: usize): void { rm<T>(XOR, r); }
// @ts-ignore: decorator
@inline export function xor_mr<T>(r: usize): void { mr<T>(XOR, r); }
// @ts-ignore: decorator
@inline export function xor_mi<T>(r: usize): void { mi<T>(XOR, r); }

// @ts-ignore: decorator
@inline export function cmp_rr<T>(r: usize): void { alu<T>(CMP, getReg<T>(dstOf(r)), getReg<T>(srcOf(r))); }
// @ts-ignore: decorator
@inline export function cmp_ri<T>(r: usize): void { alu<T>(CMP, getReg<T>(dstOf(r)), immOf<T>(r)); }
// @ts-ignore: decorator
@inline export function cmp_rm<T>(r: usize): void { alu<T>(CMP, getReg<T>(dstOf(r)), rd<T>(ea(r))); }
// @ts-ignore: decorator
@inline export function cmp_mr<T>(r: usize): void { alu<T>(CMP, rd<T>(ea(r)), getReg<T>(srcOf(r))); }
// @ts-ignore: decorator
@inline export function cmp_mi<T>(r: usize): void { alu<T>(CMP, rd<T>(ea(r)), immOf<T>(r)); }

// @ts-ignore: decorator
@inline export function test_rr<T>(r: usize): void { alu<T>(AND, getReg<T>(dstOf(r)), getReg<T>(srcOf(r))); }
// @ts-ignore: decorator
@inline export function test_ri<T>(r: usize): void { alu<T>(AND, getReg<T>(dstOf(r)), immOf<T>(r)); }
// @ts-ignore: decorator
@inline export function test_mr<T>(r: usize): void { alu<T>(AND, rd<T>(ea(r)), getReg<T>(srcOf(r))); }
// @ts-ignore: decorator
@inline export function test_mi<T>(r: usize): void { alu<T>(AND, rd<T>(ea(r)), immOf<T>(r)); }

/** INC and DEC keep CF. */
// @ts-ignore: decorator
@inline function step<T>(op: i32, a: T): T {
  const c = cf() as i64;
  const r = (op == F_INC ? a + 1 : a - 1) as T;
  setFlags(op, sx<T>(a), c, sx<T>(r));
  return r;
}
// @ts-ignore: decorator
@inline export function inc_r<T>(r: usize): void { const d = dstOf(r); setReg<T>(d, step<T>(F_INC, getReg<T>(d))); }
// @ts-ignore: decorator
@inline export function dec_r<T>(r: usize): void { const d = dstOf(r); setReg<T>(d, step<T>(F_DEC, getReg<T>(d))); }
// @ts-ignore: decorator
@inline export function inc_m<T>(r: usize): void { const p = rmw<T>(ea(r)); store<T>(p, step<T>(F_INC, load<T>(p))); rmwEnd(p); }
// @ts-ignore: decorator
@inline export function dec_m<T>(r: usize): void { const p = rmw<T>(ea(r)); store<T>(p, step<T>(F_DEC, load<T>(p))); rmwEnd(p); }

/** NEG is 0 - operand, flags included (SDM 2 NEG: CF is set unless the operand is 0). */
// @ts-ignore: decorator
@inline export function neg_r<T>(r: usize): void { const d = dstOf(r); setReg<T>(d, alu<T>(SUB, 0 as T, getReg<T>(d))); }
// @ts-ignore: decorator
@inline export function neg_m<T>(r: usize): void { const p = rmw<T>(ea(r)); store<T>(p, alu<T>(SUB, 0 as T, load<T>(p))); rmwEnd(p); }
// @ts-ignore: decorator
@inline export function not_r<T>(r: usize): void { const d = dstOf(r); setReg<T>(d, ~getReg<T>(d) as T); }
// @ts-ignore: decorator
@inline export function not_m<T>(r: usize): void { const p = rmw<T>(ea(r)); store<T>(p, ~load<T>(p) as T); rmwEnd(p); }
