// x87 and SSE registers by gdb's names, as bytes: where they are in the state layout. Must not know: the core's code.

import * as L from "./layout.ts";

/** Where a register that is plain bytes lies, and how many. */
function placeOf(view: DataView, name: string): { address: number; bytes: number } | undefined {
  const [, kind, digits] = /^(st|xmm)(\d+)$/.exec(name) ?? [];
  const index = Number(digits);
  if (kind === "xmm" && index < 16) return { address: L.XMM + index * 16, bytes: 16 };
  // ST(i) is the physical register TOP + i (SDM 1, 8.1.2).
  const top = (view.getUint16(L.FSW, true) >> 11) & 7;
  if (kind === "st" && index < 8) return { address: L.FPR + ((top + index) & 7) * 16, bytes: 10 };
  return SLOTS[name];
}

const SLOTS: Readonly<Record<string, { address: number; bytes: number }>> = {
  mxcsr: { address: L.MXCSR, bytes: 4 },
  fctrl: { address: L.FCW, bytes: 2 },
  fstat: { address: L.FSW, bytes: 2 },
  fiseg: { address: L.FCS, bytes: 2 },
  fioff: { address: L.FIP, bytes: 4 },
  foseg: { address: L.FDS, bytes: 2 },
  fooff: { address: L.FDP, bytes: 4 },
  fop: { address: L.FOP, bytes: 2 },
};

/** The register's bytes, least significant first: 10 of st0-st7, 16 of xmm0-xmm15, 2 or 4 of the others. Undefined for a name that is none. */
export function readVectorRegister(view: DataView, name: string): Uint8Array | undefined {
  if (name === "ftag") return tagWord(view);
  const place = placeOf(view, name);
  return place && new Uint8Array(view.buffer.slice(place.address, place.address + place.bytes));
}

/** Writes as many bytes as the register has; missing ones are zero. False for a name that is none. */
export function writeVectorRegister(view: DataView, name: string, bytes: Uint8Array): boolean {
  if (name === "ftag") {
    const tags = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8);
    let used = 0;
    for (let i = 0; i < 8; i++) if (((tags >> (i * 2)) & 3) !== 3) used |= 1 << i;
    view.setUint8(L.FTW, used);
    return true;
  }
  const place = placeOf(view, name);
  if (!place) return false;
  for (let i = 0; i < place.bytes; i++) view.setUint8(place.address + i, bytes[i] ?? 0);
  return true;
}

/** The full tag word from the abridged one: 0 valid, 1 zero, 2 special, 3 empty (SDM 1, 8.1.7; SDM 1, 10.5.1.1). */
function tagWord(view: DataView): Uint8Array {
  const used = view.getUint8(L.FTW);
  let tags = 0;
  for (let i = 0; i < 8; i++) tags |= (used & (1 << i) ? tagOf(view, L.FPR + i * 16) : 3) << (i * 2);
  return Uint8Array.of(tags & 0xff, tags >> 8);
}

function tagOf(view: DataView, at: number): number {
  const significand = view.getBigUint64(at, true);
  const exponent = view.getUint16(at + 8, true) & 0x7fff;
  if (exponent === 0 && significand === 0n) return 1;
  return exponent === 0 || exponent === 0x7fff || significand >> 63n === 0n ? 2 : 0;
}
