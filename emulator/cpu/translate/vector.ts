// SSE2 moves of whole registers and lane operations that WebAssembly has as one instruction (core/sse-move.ts, core/sse-lanes.ts). Registers
// stay in the state: nothing here is dirty. Must not know: alignment rules beyond "16 bytes that must be aligned".

import * as L from "../layout.ts";
import type { Emit } from "./arithmetic.ts";
import type { Emitter } from "./emitter.ts";
import { ADDRESS, HOST_ADDRESS } from "./locals.ts";
import { hasAddress, pushHostForRead, pushHostForWrite, setAddress } from "./operands.ts";
import { MEM, OP } from "./wasm.ts";

const V128_LOAD = 0;
const V128_STORE = 11;

/** CR0.EM, CR0.TS, CR4.OSFXSR (SDM 3A 2.5, 13.1). */
const EM_OR_TS = 12;
const OSFXSR = 0x200;

/** Gives up unless SSE may be used (core/fpu-common.ts checkSse); once in a stretch of code. */
function checkSse(e: Emitter): void {
  if (e.flow.sse) return;
  const { code } = e;
  code.load(MEM.i32Load, L.CR0).i32Const(EM_OR_TS).op(OP.i32And);
  code.load(MEM.i32Load, L.CR4).i32Const(OSFXSR).op(OP.i32And, OP.i32Eqz, 0x72);
  e.giveUpIf();
  e.flow.sse = true;
}

/** A 16-byte operand in memory that must be aligned: otherwise the handler raises what there is to raise. */
function checkAligned(e: Emitter): void {
  e.code.get(ADDRESS).op(OP.wrap).i32Const(15).op(OP.i32And);
  e.giveUpIf();
}

const isXmm = (slot: number) => slot >= L.XMM && slot < L.XMM + 256;

/** HOST_ADDRESS for the memory operand. */
function openVector(e: Emitter, aligned: boolean, write: boolean): void {
  setAddress(e);
  if (aligned) checkAligned(e);
  if (write) pushHostForWrite(e, 16);
  else pushHostForRead(e, 16);
  e.code.set(HOST_ADDRESS);
}

function pushXmm(e: Emitter, slot: number): void {
  e.code.i32Const(0).vectorMemory(V128_LOAD, slot);
}

function moveVector(aligned: boolean): Emit {
  return (e, form) => {
    const { destination, source } = e.record!;
    if (form === "xx") {
      checkSse(e);
      e.code.i32Const(0);
      pushXmm(e, source);
      e.code.vectorMemory(V128_STORE, destination);
      return true;
    }
    if (!["xm", "mx"].includes(form) || !hasAddress(e)) return false;
    checkSse(e);
    openVector(e, aligned, form === "mx");
    if (form === "mx") {
      e.code.get(HOST_ADDRESS);
      pushXmm(e, source);
      e.code.vectorMemory(V128_STORE, 0);
    } else {
      e.code.i32Const(0).get(HOST_ADDRESS).vectorMemory(V128_LOAD, 0).vectorMemory(V128_STORE, destination);
    }
    return true;
  };
}

/** destination = first op second; `swapped`: the source goes first (ANDNOT complements its second operand, PANDN its first). */
function lanes(opcode: number, swapped = false): Emit {
  return (e, form) => {
    const { destination, source } = e.record!;
    const memory = form === "xm";
    if ((!memory && form !== "xx") || (memory && !hasAddress(e)) || !isXmm(destination)) return false;
    checkSse(e);
    if (memory) openVector(e, true, false);
    const pushSource = () => {
      if (memory) e.code.get(HOST_ADDRESS).vectorMemory(V128_LOAD, 0);
      else pushXmm(e, source);
    };
    e.code.i32Const(0);
    if (swapped) pushSource();
    pushXmm(e, destination);
    if (!swapped) pushSource();
    e.code.vector(opcode).vectorMemory(V128_STORE, destination);
    return true;
  };
}

const SHUFFLE = 13;

/** PSHUFD: four doublewords chosen by pairs of bits of the immediate. */
const shuffleDoublewords: Emit = (e, form) => {
  const { destination, source, immediate } = e.record!;
  if (form !== "xxi") return false;
  checkSse(e);
  const order = Number(immediate & 0xffn);
  const bytes = [0, 1, 2, 3].flatMap((lane) =>
    [0, 1, 2, 3].map((byte) => ((order >> (2 * lane)) & 3) * 4 + byte),
  );
  e.code.i32Const(0);
  pushXmm(e, source);
  pushXmm(e, source);
  e.code.vector(SHUFFLE, ...bytes).vectorMemory(V128_STORE, destination);
  return true;
};

/** Opcodes of the SIMD section of the WebAssembly specification. */
const LANES: Record<string, number> = {
  pxor: 81,
  xorps: 81,
  xorpd: 81,
  por: 80,
  orps: 80,
  orpd: 80,
  pand: 78,
  andps: 78,
  andpd: 78,
  paddb: 110,
  psubb: 113,
  paddw: 142,
  psubw: 145,
  pmullw: 149,
  paddd: 174,
  psubd: 177,
  paddq: 206,
  psubq: 209,
  pcmpeqb: 35,
  pcmpeqw: 45,
  pcmpeqd: 55,
  pcmpgtb: 39,
  pcmpgtw: 49,
  pcmpgtd: 59,
  pminub: 119,
  pmaxub: 121,
  pminsw: 150,
  pmaxsw: 152,
};

export const VECTORS: Record<string, Emit> = {
  movaps: moveVector(true),
  movups: moveVector(false),
  pshufd: shuffleDoublewords,
  ...Object.fromEntries(Object.entries(LANES).map(([stem, opcode]) => [stem, lanes(opcode)])),
  pandn: lanes(79, true),
  andnps: lanes(79, true),
  andnpd: lanes(79, true),
};
