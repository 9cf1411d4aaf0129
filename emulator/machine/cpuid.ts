// CPUID of the board's processor: an AMD-family model like QEMU's qemu64, so that kernels take the same paths, that reports
// only what the core implements. AMD APM volume 3, appendix E; SDM volume 2, "CPUID". Must not know the core.

import type { Board } from "./board.ts";

export type CpuidLeaf = readonly [eax: number, ebx: number, ecx: number, edx: number];

const VENDOR = "AuthenticAMD";
const BRAND = "Clockpath virtual CPU";
/** Family 15 (0xf), model 107 (0x6b), stepping 1. */
export const CPU_SIGNATURE = 0x00060fb1;

/** Leaf 1 EDX, bit numbers. */
const FEATURES_EDX = {
  fpu: 0, de: 2, pse: 3, tsc: 4, msr: 5, pae: 6, mce: 7, cx8: 8, apic: 9, sep: 11, mtrr: 12, pge: 13, mca: 14, cmov: 15, pat: 16,
  pse36: 17, clfsh: 19, mmx: 23, fxsr: 24, sse: 25, sse2: 26,
} as const; // biome-ignore format: a table

/** Leaf 1 ECX. */
const FEATURES_ECX = { cx16: 13, tscDeadline: 24, hypervisor: 31 } as const;

/** Leaf 0x80000001 EDX beyond the bits that repeat leaf 1, and ECX. */
const EXTENDED_EDX = { syscall: 11, nx: 20, lm: 29 } as const;
const EXTENDED_ECX = { lahf: 0 } as const;
/** AMD repeats these bits of leaf 1 EDX in leaf 0x80000001. */
const REPEATED_EDX = 0x0183f3ff;

const HIGHEST_BASIC = 7;
const HIGHEST_EXTENDED = 0x80000008;
const INVARIANT_TSC = 1 << 8;
/** Physical address width 40, linear 48. */
const ADDRESS_SIZES = 0x3028;
const NOTHING: CpuidLeaf = [0, 0, 0, 0];

export const CPU_FEATURES_EDX = bits(Object.values(FEATURES_EDX));

/** What the board can change at run time: the local APIC's global enable is mirrored in leaf 1. */
export interface CpuidState {
  apicEnabled: boolean;
}

export function cpuid(leaf: number, board: Board, state: CpuidState): CpuidLeaf {
  if (leaf >>> 0 >= 0x80000000) return extended(leaf >>> 0, board);
  if (leaf >= 0x40000000) return hypervisor(leaf, board);
  switch (leaf) {
    case 0: {
      const [b, d, c] = words(VENDOR, 3);
      return [HIGHEST_BASIC, b!, c!, d!];
    }
    case 1:
      return features(board, state);
    default:
      return NOTHING;
  }
}

function features(board: Board, state: CpuidState): CpuidLeaf {
  const clflushUnits = 8; // of 8 bytes
  const ecx = [
    FEATURES_ECX.cx16,
    ...(board.tscDeadline ? [FEATURES_ECX.tscDeadline] : []),
    ...(board.hypervisor ? [FEATURES_ECX.hypervisor] : []),
  ];
  const apic = 1 << FEATURES_EDX.apic;
  const edx = state.apicEnabled ? CPU_FEATURES_EDX : CPU_FEATURES_EDX & ~apic;
  return [CPU_SIGNATURE, (clflushUnits << 8) | (1 << 16), bits(ecx), edx >>> 0];
}

/** The signature is zero-padded, as KVM's own is. No leaf above it: timing leaves are a separate switch. */
function hypervisor(leaf: number, board: Board): CpuidLeaf {
  if (board.hypervisor === "" || leaf !== 0x40000000) return NOTHING;
  const [b, c, d] = words(board.hypervisor, 3);
  return [0x40000000, b!, c!, d!];
}

function extended(leaf: number, board: Board): CpuidLeaf {
  switch (leaf) {
    case 0x80000000: {
      const [b, d, c] = words(VENDOR, 3);
      return [HIGHEST_EXTENDED, b!, c!, d!];
    }
    case 0x80000001: {
      const edx = (CPU_FEATURES_EDX & REPEATED_EDX) | bits(Object.values(EXTENDED_EDX));
      return [CPU_SIGNATURE, 0, bits(Object.values(EXTENDED_ECX)), edx >>> 0];
    }
    case 0x80000002:
    case 0x80000003:
    case 0x80000004: {
      const [a, b, c, d] = words(BRAND.slice((leaf - 0x80000002) * 16), 4);
      return [a!, b!, c!, d!];
    }
    case 0x80000007:
      return [0, 0, 0, board.tscInvariant ? INVARIANT_TSC : 0];
    case 0x80000008:
      return [ADDRESS_SIZES, 0, 0, 0];
    default:
      return NOTHING;
  }
}

/** Text as little-endian 32-bit words, zero-padded. */
function words(text: string, count: number): number[] {
  return Array.from({ length: count }, (_, word) => {
    let value = 0;
    for (let i = 3; i >= 0; i--) value = value * 256 + (text.charCodeAt(word * 4 + i) || 0);
    return value;
  });
}

function bits(numbers: readonly number[]): number {
  return numbers.reduce((mask, bit) => mask | (1 << bit), 0) >>> 0;
}
