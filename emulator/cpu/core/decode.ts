// One instruction -> one record. Reads bytes through fetch functions that note when they would run past the page
// (overrun), so that the caller decides what an instruction in two pages means.

import {
  CR0, EA, EFLAGS, FEATURES, FPR, MODE_16, MODE_64, R_BASE, R_DISP, R_DST, R_EXT, R_IMM, R_INDEX, R_LEN, R_OP, R_SCALE, R_SRC, REGS, SEGS, SEG_SIZE,
  XMM, ZERO,
} from "../layout";
import {
  FORM_ACC_DST, FORM_ACC_SRC, FORM_D64, FORM_E_SHIFT, FORM_E_SRC, FORM_END, FORM_F64, FORM_FORCE_REG, FORM_G_SHIFT, FORM_G_SRC, FORM_IMM_SHIFT,
  FORM_LOCK, FORM_MODRM, FORM_NEXT, FORM_NOSEG, FORM_RDI, FORM_SIZE_SHIFT, FORM_STRING, FORM_VVVV, FORM_X87, FORM_XLAT, FORM_Z_SHIFT, KIND_DIGIT, KIND_MOD, KIND_MODE, KIND_PREFIX,
  KIND_RM, LEAVES, NODES, OP_LEGACY_EA, OP_UD, OP_UNDEFINED_OPCODE, ROOTS, VEX_MAPS,
} from "./generated/tables";
import { VM } from "./flags";
import { RAX } from "./record";

const NO_SEG = 7;
const NO_REG = 31;

// ---- bytes ----

let at: usize = 0; // next byte
let first: usize = 0;
let available: u32 = 0;
/** A byte outside [first, first + available) was wanted: the record is worthless. */
export let overrun: bool = false;
/** The record is the last of its block. */
export let endsBlock: bool = false;

function have(n: u32): bool {
  if ((at - first) as u32 + n <= available) return true;
  overrun = true;
  return false;
}
function byte(): u32 {
  if (!have(1)) return 0;
  return load<u8>(at++);
}
function signed(n: u32): i64 {
  if (!have(n)) return 0;
  const p = at;
  at += n;
  if (n == 1) return load<i8>(p);
  if (n == 2) return load<i16>(p);
  if (n == 4) return load<i32>(p);
  return load<i64>(p);
}
function unsigned(n: u32): u64 {
  if (!have(n)) return 0;
  const p = at;
  at += n;
  if (n == 1) return load<u8>(p);
  if (n == 2) return load<u16>(p);
  if (n == 4) return load<u32>(p);
  return load<u64>(p);
}

// ---- prefixes and ModRM of the instruction at hand ----

let mode: u32 = 0;
let rex: u32 = 0;
let hasRex: bool = false;
let operand16: bool = false; // 66
let address67: bool = false;
let repeat: u32 = 0; // 1 F3, 2 F2
let lock: bool = false;
let segment: u32 = NO_SEG;
let modrm: u32 = 0;
let addressBits: u32 = 0; // 0 16, 1 32, 2 64
let vex: bool = false;
let vvvv: u32 = 0;

function prefixes(): u32 {
  rex = 0;
  hasRex = false;
  operand16 = false;
  address67 = false;
  repeat = 0;
  lock = false;
  segment = NO_SEG;
  for (;;) {
    const b = byte();
    switch (b) {
      case 0x66: operand16 = true; break;
      case 0x67: address67 = true; break;
      case 0xf3: repeat = 1; break;
      case 0xf2: repeat = 2; break;
      case 0xf0: lock = true; break;
      case 0x26: if (mode != MODE_64) segment = 0; break;
      case 0x2e: if (mode != MODE_64) segment = 1; break;
      case 0x36: if (mode != MODE_64) segment = 2; break;
      case 0x3e: if (mode != MODE_64) segment = 3; break;
      case 0x64: segment = 4; break;
      case 0x65: segment = 5; break;
      default:
        if (mode == MODE_64 && (b & 0xf0) == 0x40) {
          const next = byte();
          // REX counts only directly before the opcode; any other prefix behind it makes it void.
          if (isPrefix(next)) {
            at--;
            break;
          }
          rex = b;
          hasRex = true;
          return next;
        }
        return b;
    }
    if (overrun) break;
  }
  return 0;
}
function isPrefix(b: u32): bool {
  return (
    b == 0x66 || b == 0x67 || b == 0xf3 || b == 0xf2 || b == 0xf0 || b == 0x26 || b == 0x2e || b == 0x36 || b == 0x3e || b == 0x64 || b == 0x65 ||
    (b & 0xf0) == 0x40
  );
}

/** C4 and C5 are LES and LDS where ModRM would name memory, and outside protected mode (SDM 2 2.3.5, 2.3.6). */
function isVex(opcode: u32): bool {
  if (opcode != 0xc4 && opcode != 0xc5) return false;
  if (mode == MODE_64) return true;
  return peek() >> 6 == 3 && (load<u32>(CR0) & 1) != 0 && !(load<u32>(EFLAGS) & VM);
}

/**
 * The rest of a VEX prefix: its fields take the place of REX and the mandatory prefix (SDM 2 2.3.5). Returns the opcode map, 0 for one without
 * instructions: L = 1, another map, or other prefixes before VEX.
 */
function vexPrefix(opcode: u32): u32 {
  const bad = operand16 || repeat != 0 || lock || hasRex;
  let fields = byte();
  let map: u32 = 1;
  rex = (~fields >> 5) & 4;
  if (opcode == 0xc4) {
    map = fields & 31;
    rex = (~fields >> 5) & 7;
    fields = byte();
    rex |= (fields >> 4) & 8;
  }
  if (mode != MODE_64) rex = 0;
  vvvv = (~fields >> 3) & (mode == MODE_64 ? 15 : 7);
  const prefix = fields & 3;
  operand16 = prefix == 1;
  repeat = prefix == 2 ? 1 : prefix == 3 ? 2 : 0;
  return bad || (fields & 4) != 0 || map < 2 || map > 3 ? 0 : map + VEX_MAPS;
}

/** Walks the decode tree; peeks at ModRM where the tree asks for it. */
function leafOf(map: u32, opcode: u32): u32 {
  let ref: u32 = load<u16>(ROOTS + ((map * 256 + opcode) << 1));
  while (ref != 0 && !(ref & 0x8000)) {
    const node: usize = NODES + (ref << 1);
    const kind: u32 = load<u16>(node);
    let child: u32;
    if (kind == KIND_MODE) child = mode == MODE_64 ? 1 : 0;
    else if (kind == KIND_PREFIX) child = repeat == 1 ? 2 : repeat == 2 ? 3 : operand16 ? 1 : 0;
    else if (kind == KIND_DIGIT) child = (peek() >> 3) & 7;
    else if (kind == KIND_MOD) child = peek() >> 6 == 3 ? 1 : 0;
    else if (kind == KIND_RM) child = peek() & 7;
    else child = (rex >> 3) & 1;
    ref = load<u16>(node + 2 + (child << 1));
  }
  return ref;
}
function offered(ref: u32): bool {
  const feature: u32 = load<u16>(LEAVES + ((ref & 0x7fff) << 4) + 12);
  return feature == 0 || ((load<u32>(FEATURES) >> (feature - 1)) & 1) != 0;
}
function peek(): u32 { return have(1) ? load<u8>(at) : 0; }

// ---- operands ----

function registerAddress(file: u32, n: u32): u32 {
  switch (file) {
    case 2: return !hasRex && n >= 4 && n < 8 ? REGS + (n - 4) * 8 + 1 : REGS + n * 8;
    case 3: return XMM + n * 16;
    case 4: return FPR + (n & 7) * 16;
    case 5: return n;
    case 6: return n & 7;
    default: return REGS + n * 8;
  }
}
function putSlot(r: usize, source: bool, address: u32): void { store<u16>(r + (source ? R_SRC : R_DST), address as u16); }

let baseReg: u32 = 0;
let indexReg: u32 = 0;
let scale: u32 = 0;
let displacement: i64 = 0;
let ripRelative: bool = false;

function noAddress(): void {
  baseReg = NO_REG;
  indexReg = NO_REG;
  scale = 0;
  displacement = 0;
  ripRelative = false;
}

function address16(): void {
  const mod = modrm >> 6, rm = modrm & 7;
  if (mod == 0 && rm == 6) displacement = signed(2);
  else {
    baseReg = rm == 0 || rm == 1 || rm == 7 ? 3 : rm == 2 || rm == 3 || rm == 6 ? 5 : rm == 4 ? 6 : 7;
    if (rm < 4) indexReg = rm & 1 ? 7 : 6;
    if (mod == 1) displacement = signed(1);
    else if (mod == 2) displacement = signed(2);
  }
}
function address32(): void {
  const mod = modrm >> 6;
  let rm = modrm & 7;
  if (rm == 4) {
    const sib = byte();
    scale = sib >> 6;
    const index = ((sib >> 3) & 7) | ((rex & 2) << 2);
    if (index != 4) indexReg = index;
    rm = sib & 7;
    if (rm == 5 && mod == 0) {
      displacement = signed(4);
      return;
    }
    baseReg = rm | ((rex & 1) << 3);
  } else if (rm == 5 && mod == 0) {
    displacement = signed(4);
    ripRelative = mode == MODE_64;
    return;
  } else baseReg = rm | ((rex & 1) << 3);
  if (mod == 1) displacement = signed(1);
  else if (mod == 2) displacement = signed(4);
}

/** Base and index as registers of the state where one addition gives the linear address; otherwise an address record goes first. */
function putAddress(r: usize, form: u32, nextRip: u64): void {
  if (ripRelative) displacement += nextRip as i64;
  let seg = segment;
  if (form & FORM_NOSEG) seg = NO_SEG;
  else if (mode == MODE_64) {
    if (seg != 4 && seg != 5) seg = NO_SEG;
  } else if (seg == NO_SEG) seg = baseReg == 4 || baseReg == 5 ? 2 : 3;
  store<i64>(r, displacement, R_DISP);
  store<u16>(r, (baseReg == NO_REG ? ZERO : REGS + baseReg * 8) as u16, R_BASE);
  if (mode == MODE_64 && addressBits == 2 && (seg == NO_SEG || indexReg == NO_REG)) {
    const index: u32 = seg != NO_SEG ? SEGS + seg * SEG_SIZE : indexReg == NO_REG ? ZERO : REGS + indexReg * 8;
    store<u16>(r, index as u16, R_INDEX);
    store<u8>(r, seg != NO_SEG || indexReg == NO_REG ? 0 : (scale as u8), R_SCALE);
    return;
  }
  const op: u32 = load<u16>(r, R_OP);
  store<u16>(r, EA, R_BASE);
  store<u16>(r, ZERO, R_INDEX);
  store<u8>(r, scale as u8, R_SCALE);
  store<u32>(r, op | (seg << 13) | (baseReg << 16) | (addressBits << 24) | (indexReg << 26), R_EXT);
  store<u16>(r, OP_LEGACY_EA, R_OP);
}

/** For x87 state: the opcode (low bits of its first byte, ModRM), the segment of the operand or 7, the next instruction (SDM 1 8.1.8, 8.1.9). */
function putX87(r: usize, opcode: u32, memory: bool, next: u64): void {
  let seg: u32 = NO_SEG;
  if (memory) {
    seg = mode == MODE_64 && segment < 4 ? NO_SEG : segment;
    if (seg == NO_SEG) seg = baseReg == 4 || baseReg == 5 ? 2 : 3;
  }
  store<u16>(r, (((opcode & 7) << 8) | modrm | (seg << 11)) as u16, R_SRC);
  store<u64>(r, next, R_IMM);
}

/** Operand size index: 1 word, 2 doubleword, 3 quadword. */
function operandSize(form: u32): u32 {
  if (mode == MODE_64) {
    if (form & FORM_F64) return 3;
    if (rex & 8) return 3;
    if (form & FORM_D64) return operand16 ? 1 : 3;
    return operand16 ? 1 : 2;
  }
  return operand16 != (mode == MODE_16) ? 1 : 2;
}

function immediate(r: usize, kind: u32, size: u32): void {
  switch (kind) {
    case 1: store<i64>(r, signed(1), R_IMM); break;
    case 2: store<u64>(r, unsigned(1), R_IMM); break;
    case 3: store<u64>(r, unsigned(2), R_IMM); break;
    case 4: store<i64>(r, size == 1 ? signed(2) : signed(4), R_IMM); break;
    case 5: store<i64>(r, size == 1 ? signed(2) : size == 3 ? signed(8) : signed(4), R_IMM); break;
    case 6: store<i64>(r, signed(1), R_DISP); break;
    case 7: store<i64>(r, size == 1 ? signed(2) : signed(4), R_DISP); break;
    case 8: displacement = (addressBits == 2 ? unsigned(8) : addressBits == 1 ? unsigned(4) : unsigned(2)) as i64; break;
    case 9: {
      const frame = unsigned(2);
      store<u64>(r, frame | (unsigned(1) << 16), R_IMM);
      break;
    }
    case 10: {
      store<u64>(r, size == 1 ? unsigned(2) : unsigned(4), R_DISP);
      store<u64>(r, unsigned(2), R_IMM);
      break;
    }
  }
}

/** An instruction pointer in the width of the operand size (SDM 1 7.3.1.1). */
function wrapIp(value: u64, size: u32): u64 { return size == 3 ? value : size == 2 ? value & 0xffff_ffff : value & 0xffff; }

/** A record without operands that ends the block. Its immediate holds the first bytes of the instruction, for messages. */
function special(r: usize, op: u32): u32 {
  store<u16>(r, op as u16, R_OP);
  const length = at - first;
  memory.copy(r + R_IMM, first, length < 8 ? length : 8);
  endsBlock = true;
  return length as u32;
}

/**
 * Decodes the instruction at host address `from` (linear offset `rip`) into the record at `r`; returns its length.
 * At most `limit` bytes may be read; when that is not enough, `overrun` is set.
 */
export function decode(r: usize, from: usize, limit: u32, rip: u64, codeMode: u32): u32 {
  at = from;
  first = from;
  available = limit;
  overrun = false;
  endsBlock = false;
  mode = codeMode & 3;
  store<u64>(r, 0);
  store<u64>(r, 0, 8);
  store<u64>(r, 0, 16);
  store<u64>(r, 0, 24);
  store<u16>(r, ZERO, R_BASE);
  store<u16>(r, ZERO, R_INDEX);
  let opcode = prefixes();
  let map: u32 = 0;
  if (opcode == 0x0f) {
    opcode = byte();
    map = 1;
    if (opcode == 0x38) {
      map = 2;
      opcode = byte();
    } else if (opcode == 0x3a) {
      map = 3;
      opcode = byte();
    }
  }
  vex = map == 0 && isVex(opcode);
  if (vex) {
    map = vexPrefix(opcode);
    opcode = byte();
    if (map == 0 && !overrun) return special(r, OP_UNDEFINED_OPCODE);
  }
  if (overrun) return 0;
  addressBits = mode == MODE_64 ? (address67 ? 1 : 2) : address67 != (mode == MODE_16) ? 0 : 1;
  let ref = leafOf(map, opcode);
  if (overrun) return 0;
  if (ref != 0 && !offered(ref)) {
    if (!load<u16>(LEAVES + ((ref & 0x7fff) << 4) + 14)) return special(r, OP_UD);
    repeat = 0; // the prefix means nothing then: TZCNT is BSF (SDM 2, TZCNT)
    ref = leafOf(map, opcode);
  }
  if (ref == 0) return special(r, OP_UNDEFINED_OPCODE);
  const leaf: usize = LEAVES + ((ref & 0x7fff) << 4);
  const form = load<u32>(leaf);
  if (vex) {
    operand16 = false; // it chose the instruction, not the size
    if (vvvv != 0 && !(form & FORM_VVVV)) return special(r, OP_UD);
  }
  const length = operands(r, leaf, form, opcode, rip);
  if (form & FORM_END) endsBlock = true;
  return length;
}

function operands(r: usize, leaf: usize, form: u32, opcode: u32, rip: u64): u32 {
  const sizeClass = (form >> FORM_SIZE_SHIFT) & 3;
  let size = operandSize(form);
  if (sizeClass == 3 && size == 1) size = 2;
  store<u16>(r, load<u16>(leaf + 4 + ((sizeClass >= 2 ? size : 0) << 1)), R_OP);
  noAddress();
  let memory = false;
  if (form & FORM_MODRM) {
    modrm = byte();
    const eFile = (form >> FORM_E_SHIFT) & 7;
    const gFile = (form >> FORM_G_SHIFT) & 7;
    if (gFile) putSlot(r, (form & FORM_G_SRC) != 0, registerAddress(gFile, ((modrm >> 3) & 7) | ((rex & 4) << 1)));
    if (modrm >> 6 == 3 || form & FORM_FORCE_REG) {
      if (eFile) putSlot(r, (form & FORM_E_SRC) != 0, registerAddress(eFile, (modrm & 7) | ((rex & 1) << 3)));
    } else {
      memory = true;
      if (addressBits == 0) address16();
      else address32();
    }
  }
  if (lock && (!memory || !(form & FORM_LOCK))) return special(r, OP_UD);
  const z = (form >> FORM_Z_SHIFT) & 3;
  if (z) putSlot(r, false, registerAddress(z, (opcode & 7) | ((rex & 1) << 3)));
  if (form & FORM_ACC_DST) putSlot(r, false, RAX);
  if (form & FORM_ACC_SRC) putSlot(r, true, RAX);
  const kind = (form >> FORM_IMM_SHIFT) & 15;
  if (kind) {
    immediate(r, kind, mode == MODE_64 && form & FORM_F64 ? 3 : size);
    if (kind == 8) memory = true;
  }
  if (form & FORM_VVVV) store<u64>(r, registerAddress(1, vvvv), R_IMM);
  if (overrun) return 0;
  const length = (at - first) as u32;
  const next = wrapIp(rip + length, mode == MODE_64 ? 3 : 2);
  store<u8>(r, length as u8, R_LEN);
  if (form & FORM_XLAT) {
    memory = true;
    baseReg = 3;
  }
  if (form & FORM_RDI) {
    memory = true;
    baseReg = 7;
  }
  if (memory) putAddress(r, form, next);
  else store<u32>(r, addressBits << 24, R_EXT);
  if (kind == 6 || kind == 7) store<u64>(r, wrapIp(next + load<u64>(r, R_DISP), mode == MODE_64 ? 3 : size), R_DISP);
  if (form & FORM_NEXT) store<u64>(r, next, R_IMM);
  if (form & FORM_X87) putX87(r, opcode, memory, next);
  if (form & FORM_STRING) {
    store<u8>(r, repeat as u8, R_SCALE);
    const seg: u32 = segment == NO_SEG ? 3 : segment;
    store<u16>(r, (mode == MODE_64 && seg != 4 && seg != 5 ? ZERO : SEGS + seg * SEG_SIZE) as u16, R_DST);
  }
  return length;
}
