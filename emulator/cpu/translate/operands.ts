// Operands of integer instructions: parts of general registers, immediates, guest memory by the TLB's hit path. What is not a hit is the
// interpreter's (Emitter.giveUp). Must not know: which operation uses them.

import * as L from "../layout.ts";
import type { Address } from "./blocks.ts";
import type { Emitter } from "./emitter.ts";
import { extendCode, type Size } from "./flag-state.ts";
import { ADDRESS, HOST_ADDRESS, TLB_ENTRY } from "./locals.ts";
import { MEM, OP } from "./wasm.ts";

/** Offsets in a TLB entry (core/mmu.ts). */
const T_READ = 0;
const T_WRITE = 8;
const T_ADDEND = 24;

const LOW_32 = 0xffff_ffffn;
const STACK_SEGMENT = 2;

/** A state address of a general register or a part of one: number, and whether it is bits 15:8. */
function partOf(slot: number): { n: number; high: boolean } {
  return { n: (slot - L.REGS) >> 3, high: ((slot - L.REGS) & 7) === 1 };
}

export function isGeneral(slot: number): boolean {
  return slot >= L.REGS && slot < L.REGS + 128;
}

/** Pushes a register operand; bits above its size are anything. */
export function pushRegister(e: Emitter, slot: number): void {
  const { n, high } = partOf(slot);
  e.code.get(e.need(n));
  if (high) e.code.i64Const(8n).op(OP.i64ShrU);
}

/** Sign extension of the value on the stack from `size` bits (SDM's operand sizes; 64 is as it is). */
export function extend(e: Emitter, size: Size): void {
  extendCode(e.code, size);
}
/** Clears the bits above `size`. */
export function zeroExtend(e: Emitter, size: Size): void {
  if (size < 64) e.code.i64Const((1n << BigInt(size)) - 1n).op(OP.i64And);
}

/** Sets a register operand from the stack; a 32-bit write clears the upper half, smaller ones keep the rest (SDM 1 3.4.1.1). */
export function setRegister(e: Emitter, slot: number, size: Size): void {
  const { n, high } = partOf(slot);
  zeroExtend(e, size);
  if (size < 32) keepRest(e, n, size, high);
  e.assign(n);
}

/** Puts the low bits on the stack in their place among those of register n. */
function keepRest(e: Emitter, n: number, size: Size, high: boolean): void {
  const mask = ((1n << BigInt(size)) - 1n) << (high ? 8n : 0n);
  if (high) e.code.i64Const(8n).op(OP.i64Shl);
  e.code.get(e.need(n)).i64Const(~mask).op(OP.i64And, OP.i64Or);
}

/** An immediate in the operand's size, sign-extended. */
export function immediateOf(e: Emitter, size: Size): bigint {
  return BigInt.asIntN(size, e.record!.immediate);
}

/** False when only the interpreter knows the address (code segment, 16-bit addresses, other bases than general registers). */
export function hasAddress(e: Emitter): boolean {
  const { base, index, segment, bits } = e.record!.address;
  const general = (slot: number | undefined) => slot === undefined || isGeneral(slot);
  const is64 = (e.block!.mode & 3) === L.MODE_64;
  return general(base) && general(index) && bits !== 16 && (is64 || segment !== 1);
}

/** Pushes base + index * scale + displacement, wrapped at the address size, without the segment's base. */
export function pushOffset(e: Emitter, { base, index, scale, displacement, bits }: Address): void {
  const { code } = e;
  const value = BigInt.asIntN(64, displacement);
  if (base === undefined && index === undefined) {
    code.i64Const(bits === 32 ? value & LOW_32 : value);
    return;
  }
  if (base !== undefined) pushRegister(e, base);
  if (index !== undefined) {
    pushRegister(e, index);
    if (scale > 0) code.i64Const(BigInt(scale)).op(OP.i64Shl);
    if (base !== undefined) code.op(OP.i64Add);
  }
  if (value !== 0n) code.i64Const(value).op(OP.i64Add);
  if (bits === 32) code.i64Const(LOW_32).op(OP.i64And);
}

/** Leaves the linear address of the record's memory operand in ADDRESS. */
export function setAddress(e: Emitter): void {
  const { address } = e.record!;
  pushOffset(e, address);
  if (address.segment !== undefined) {
    if ((e.block!.mode & 3) === L.MODE_64) {
      e.code.load(MEM.i64Load, L.SEGS + address.segment * L.SEG_SIZE).op(OP.i64Add);
    } else e.segments |= 1 << address.segment;
  }
  e.code.set(ADDRESS);
}

/** Leaves rSP + offset, in the stack's segment, in ADDRESS. Only 64- and 32-bit code is translated. */
export function setStackAddress(e: Emitter, offset: number): void {
  e.code.get(e.need(4));
  if (offset !== 0) e.code.i64Const(BigInt(offset)).op(OP.i64Add);
  if ((e.block!.mode & 3) !== L.MODE_64) {
    e.code.i64Const(LOW_32).op(OP.i64And);
    e.segments |= 1 << STACK_SEGMENT;
  }
  e.code.set(ADDRESS);
}

/**
 * Pushes the host address of [ADDRESS, ADDRESS + bytes) when the TLB has it for this access; otherwise gives up. To refill the TLB and go on
 * was tried: values that outlive the call cost hot loops 10 to 30 %.
 */
function pushHost(e: Emitter, bytes: number, tag: number): void {
  const { code } = e;
  code
    .load(MEM.i32Load, L.TLB)
    .get(ADDRESS)
    .op(OP.wrap)
    .i32Const(7)
    .op(OP.i32ShrU)
    .i32Const((L.TLB_SIZE - 1) * L.TLB_ENTRY)
    .op(OP.i32And, OP.i32Add)
    .tee(TLB_ENTRY)
    .memory(MEM.i64Load, tag)
    .get(ADDRESS);
  if (bytes > 1) code.i64Const(BigInt(bytes - 1)).op(OP.i64Add);
  code.i64Const(-4096n).op(OP.i64And, OP.i64Ne);
  e.giveUpIf();
  code.get(TLB_ENTRY).memory(MEM.i32Load, T_ADDEND).get(ADDRESS).op(OP.wrap, OP.i32Add);
}

export function pushHostForRead(e: Emitter, bytes: number): void {
  pushHost(e, bytes, T_READ);
}
export function pushHostForWrite(e: Emitter, bytes: number): void {
  pushHost(e, bytes, T_WRITE);
}

const LOADS = { 8: MEM.i64Load8S, 16: MEM.i64Load16S, 32: MEM.i64Load32S, 64: MEM.i64Load } as const;
const ZERO_LOADS = { 8: MEM.i64Load8U, 16: MEM.i64Load16U, 32: MEM.i64Load32U, 64: MEM.i64Load } as const;
const STORES = { 8: MEM.i64Store8, 16: MEM.i64Store16, 32: MEM.i64Store32, 64: MEM.i64Store } as const;

/** Pushes the memory at ADDRESS, sign- or zero-extended. */
export function pushMemory(e: Emitter, size: Size, signed = true): void {
  pushHostForRead(e, size / 8);
  e.code.memory((signed ? LOADS : ZERO_LOADS)[size], 0);
}
/** Pushes what HOST_ADDRESS points to, sign-extended. */
export function pushHostValue(e: Emitter, size: Size): void {
  e.code.get(HOST_ADDRESS).memory(LOADS[size], 0);
}
/** For a read-modify-write or a store: HOST_ADDRESS for `size` at ADDRESS. */
export function openForWrite(e: Emitter, size: Size): void {
  pushHostForWrite(e, size / 8);
  e.code.set(HOST_ADDRESS);
}
/** Stores what `push` pushes at HOST_ADDRESS. */
export function storeHost(e: Emitter, size: Size, push: () => void): void {
  e.code.get(HOST_ADDRESS);
  push();
  e.code.memory(STORES[size], 0);
}

export type { Size };
