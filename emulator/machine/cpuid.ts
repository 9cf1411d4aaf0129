// CPUID of the board's processor: an AMD-family model like QEMU's qemu64, so that kernels take the same paths, that reports
// only what the core implements. AMD APM volume 3, appendix E; SDM volume 2, "CPUID". Must not know the core.

import {
  FEATURE_ADX, FEATURE_AES, FEATURE_BMI1, FEATURE_BMI2, FEATURE_CLFLUSHOPT, FEATURE_CLWB, FEATURE_FSGSBASE, FEATURE_HYPERCALL, FEATURE_INVPCID, FEATURE_LZCNT, FEATURE_MOVBE, FEATURE_PAGE1GB, FEATURE_PCID, FEATURE_PCLMUL, FEATURE_POPCNT, FEATURE_RDPID, FEATURE_RDRAND, FEATURE_RDSEED, FEATURE_RDTSCP,
  FEATURE_SEP64, FEATURE_SMAP, FEATURE_SMEP, FEATURE_SSE3, FEATURE_SSE41, FEATURE_SSE42, FEATURE_SSSE3, FEATURE_UMIP, FEATURE_XSAVE, FEATURE_XSAVEOPT,
} from "../cpu/features.ts"; // biome-ignore format: a list
import { PVCLOCK_FEATURES } from "../devices/pvclock.ts";
import type { Board } from "./board.ts";

export type CpuidLeaf = readonly [eax: number, ebx: number, ecx: number, edx: number];

const KVM_SIGNATURE = "KVMKVMKVM";
const BRAND = "Clockpath virtual CPU";
/** Family 15 (0xf), model 107 (0x6b), stepping 1. */
export const CPU_SIGNATURE = 0x00060fb1;

/** Leaf 1 EDX, bit numbers. */
const FEATURES_EDX = {
  fpu: 0, de: 2, pse: 3, tsc: 4, msr: 5, pae: 6, mce: 7, cx8: 8, apic: 9, sep: 11, mtrr: 12, pge: 13, mca: 14, cmov: 15, pat: 16,
  pse36: 17, clfsh: 19, mmx: 23, fxsr: 24, sse: 25, sse2: 26,
} as const; // biome-ignore format: a table

/** Leaf 1 EDX bit 28: the package has several logical processors, EBX 23:16 counts them. */
const HTT = 1 << 28;

/** Leaf 1 ECX. */
const FEATURES_ECX = { cx16: 13, x2apic: 21, tscDeadline: 24, hypervisor: 31 } as const;

/** Where CPUID shows what only the model "max" offers: leaf, register, bit. */
type Place = readonly [leaf: number, register: 0 | 1 | 2 | 3, bit: number];
const [EBX, ECX, EDX] = [1, 2, 3] as const;
const MAX_FEATURES: readonly (readonly [feature: number, place: Place])[] = [
  [FEATURE_SSE3, [1, ECX, 0]],
  [FEATURE_PCLMUL, [1, ECX, 1]],
  [FEATURE_SSSE3, [1, ECX, 9]],
  [FEATURE_PCID, [1, ECX, 17]],
  [FEATURE_SSE41, [1, ECX, 19]],
  [FEATURE_SSE42, [1, ECX, 20]],
  [FEATURE_MOVBE, [1, ECX, 22]],
  [FEATURE_POPCNT, [1, ECX, 23]],
  [FEATURE_AES, [1, ECX, 25]],
  [FEATURE_XSAVE, [1, ECX, 26]],
  [FEATURE_RDRAND, [1, ECX, 30]],
  [FEATURE_FSGSBASE, [7, EBX, 0]],
  [FEATURE_BMI1, [7, EBX, 3]],
  [FEATURE_SMEP, [7, EBX, 7]],
  [FEATURE_BMI2, [7, EBX, 8]],
  [FEATURE_INVPCID, [7, EBX, 10]],
  [FEATURE_RDSEED, [7, EBX, 18]],
  [FEATURE_ADX, [7, EBX, 19]],
  [FEATURE_SMAP, [7, EBX, 20]],
  [FEATURE_CLFLUSHOPT, [7, EBX, 23]],
  [FEATURE_CLWB, [7, EBX, 24]],
  [FEATURE_UMIP, [7, ECX, 2]],
  [FEATURE_RDPID, [7, ECX, 22]],
  [FEATURE_LZCNT, [0x80000001, ECX, 5]],
  [FEATURE_PAGE1GB, [0x80000001, EDX, 26]],
  [FEATURE_RDTSCP, [0x80000001, EDX, 27]],
];
/** Not in FEATURES because no instruction changes: IA32_TSC_ADJUST, and SYSENTER outside IA-32e mode. */
const MAX_ONLY: readonly Place[] = [
  [7, EBX, 1],
  [1, EDX, 11],
];

/** Leaf 0x80000001 EDX beyond the bits that repeat leaf 1, and ECX. */
const EXTENDED_EDX = { syscall: 11, nx: 20, lm: 29 } as const;
const EXTENDED_ECX = { lahf: 0 } as const;
/** Leaf 0x80000001 ECX bit 1, "core multi-processing legacy mode": the logical processors of leaf 1 are cores. */
const CMP_LEGACY = 1 << 1;
/** AMD repeats these bits of leaf 1 EDX in leaf 0x80000001. */
const REPEATED_EDX = 0x0183f3ff;

const LEAF = {
  tsc: 0x15,
  frequency: 0x16,
  hypervisor: 0x40000000,
  kvmFeatures: 0x40000001,
  hypervisorTiming: 0x40000010,
} as const;
const HIGHEST_BASIC = 7;
const TOPOLOGY_LEAF = 0xb;
const XSAVE_LEAF = 0xd;
/** XSAVE area of x87 and SSE: the legacy region and the header (SDM volume 1, "XSAVE Area"). */
const XSAVE_BYTES = 512 + 64;
const X87_AND_SSE = 3;
const HIGHEST_EXTENDED = 0x80000008;
const INVARIANT_TSC = 1 << 8;
/** Physical address width 40, linear 48. */
const ADDRESS_SIZES = 0x3028;
const NOTHING: CpuidLeaf = [0, 0, 0, 0];

export const CPU_FEATURES_EDX = bits(Object.values(FEATURES_EDX));

/** What differs between processors, and at run time: the local APIC's global enable is mirrored in leaf 1. */
export interface CpuidState {
  apicId: number;
  apicEnabled: boolean;
  tscHz: number;
}

/** The bits of the core's FEATURES word: what instructions the processor offers. */
export function cpuFeatures(board: Board): number {
  const model =
    board.cpu === "max" ? bitsOr([FEATURE_XSAVEOPT, ...MAX_FEATURES.map(([feature]) => feature)]) : 0;
  const hypercall = board.hypervisor === KVM_SIGNATURE ? FEATURE_HYPERCALL : 0;
  return model | hypercall | (board.vendor === "AuthenticAMD" ? 0 : FEATURE_SEP64);
}

export function cpuid(leaf: number, subleaf: number, board: Board, state: CpuidState): CpuidLeaf {
  const values = [...base(leaf >>> 0, subleaf, board, state)] as [number, number, number, number];
  if (board.cpu !== "max" || (leaf === 7 && subleaf !== 0)) return values;
  for (const [, place] of MAX_FEATURES) show(values, leaf, place);
  for (const place of MAX_ONLY) show(values, leaf, place);
  return values;
}

function show(values: [number, number, number, number], leaf: number, [at, register, bit]: Place): void {
  if (leaf >>> 0 === at) values[register] = (values[register] | (1 << bit)) >>> 0;
}

function base(leaf: number, subleaf: number, board: Board, state: CpuidState): CpuidLeaf {
  if (leaf >= 0x80000000) return extended(leaf, board);
  if (leaf >= 0x40000000) return hypervisor(leaf, board, state);
  switch (leaf) {
    case 0: {
      const [b, d, c] = words(board.vendor, 3);
      return [highestBasic(board), b!, c!, d!];
    }
    case 1:
      return features(board, state);
    case TOPOLOGY_LEAF:
      return board.x2apic ? topology(subleaf, board, state) : NOTHING;
    case LEAF.tsc:
      return board.cpuidTiming ? tscRatio(board.lapicHz, state.tscHz) : NOTHING;
    case LEAF.frequency:
      return board.cpuidTiming ? [Math.round(state.tscHz / 1e6) & 0xffff, 0, 0, 0] : NOTHING;
    case XSAVE_LEAF:
      return board.cpu === "max" ? xsave(subleaf) : NOTHING;
    default:
      return NOTHING;
  }
}

/** Sizes of the XSAVE area; XSAVEOPT in EAX bit 0 of subleaf 1, with FEATURE_XSAVEOPT. */
function xsave(subleaf: number): CpuidLeaf {
  if (subleaf === 0) return [X87_AND_SSE, XSAVE_BYTES, XSAVE_BYTES, 0];
  return subleaf === 1 ? [1, 0, 0, 0] : NOTHING;
}

function highestBasic(board: Board): number {
  if (board.cpuidTiming) return LEAF.frequency;
  if (board.cpu === "max") return XSAVE_LEAF;
  return board.x2apic ? TOPOLOGY_LEAF : HIGHEST_BASIC;
}

/** Bits of an APIC ID that number the cores of the one package. */
function coreBits(board: Board): number {
  return Math.ceil(Math.log2(board.cpus));
}

/** Cores of one thread in one package: level types 1 (thread) and 2 (core), x2APIC ID in EDX. */
function topology(level: number, board: Board, { apicId }: CpuidState): CpuidLeaf {
  if (level === 0) return [0, 1, 1 << 8, apicId];
  if (level === 1) return [coreBits(board), board.cpus, (2 << 8) | 1, apicId];
  return [0, 0, level, apicId];
}

function features(board: Board, state: CpuidState): CpuidLeaf {
  const clflushUnits = 8; // of 8 bytes
  const ecx = [
    FEATURES_ECX.cx16,
    ...(board.x2apic ? [FEATURES_ECX.x2apic] : []),
    ...(board.tscDeadline ? [FEATURES_ECX.tscDeadline] : []),
    ...(board.hypervisor ? [FEATURES_ECX.hypervisor] : []),
  ];
  const apic = 1 << FEATURES_EDX.apic;
  const offered = board.cpus > 1 ? CPU_FEATURES_EDX | HTT : CPU_FEATURES_EDX;
  const edx = state.apicEnabled ? offered : offered & ~apic;
  const ebx = (state.apicId << 24) | (board.cpus << 16) | (clflushUnits << 8);
  return [CPU_SIGNATURE, ebx >>> 0, bits(ecx), edx >>> 0];
}

/** TSC frequency = ECX * EBX / EAX: the crystal is the local APIC timer's clock (SDM volume 2, CPUID leaf 15H). */
function tscRatio(crystalHz: number, tscHz: number): CpuidLeaf {
  const divisor = greatestCommonDivisor(tscHz, crystalHz);
  const [numerator, denominator] = [tscHz / divisor, crystalHz / divisor];
  return numerator < 2 ** 32 ? [denominator, numerator, crystalHz, 0] : NOTHING;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The signature is zero-padded, as KVM's own is. Above it KVM's features, and VMware's timing leaf (TSC and bus clock in kHz). */
function hypervisor(leaf: number, board: Board, { tscHz }: CpuidState): CpuidLeaf {
  if (board.hypervisor === "") return NOTHING;
  const [b, c, d] = words(board.hypervisor, 3);
  const features = board.pvclock ? LEAF.kvmFeatures : LEAF.hypervisor;
  switch (leaf) {
    case LEAF.hypervisor:
      return [board.cpuidTiming ? LEAF.hypervisorTiming : features, b!, c!, d!];
    case LEAF.kvmFeatures:
      return board.pvclock ? [PVCLOCK_FEATURES, 0, 0, 0] : NOTHING;
    case LEAF.hypervisorTiming:
      return board.cpuidTiming ? [Math.floor(tscHz / 1000), Math.floor(board.lapicHz / 1000), 0, 0] : NOTHING;
    default:
      return NOTHING;
  }
}

function extended(leaf: number, board: Board): CpuidLeaf {
  switch (leaf) {
    case 0x80000000: {
      const [b, d, c] = words(board.vendor, 3);
      return [HIGHEST_EXTENDED, b!, c!, d!];
    }
    case 0x80000001: {
      const edx = (CPU_FEATURES_EDX & REPEATED_EDX) | bits(Object.values(EXTENDED_EDX));
      const ecx = bits(Object.values(EXTENDED_ECX));
      return [CPU_SIGNATURE, 0, board.cpus > 1 ? ecx | CMP_LEGACY : ecx, edx >>> 0];
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
      return [ADDRESS_SIZES, 0, coreCount(board), 0];
    default:
      return NOTHING;
  }
}

/** Leaf 0x80000008 ECX: cores less one, and the bits of an APIC ID that number them. */
function coreCount(board: Board): number {
  return (coreBits(board) << 12) | (board.cpus - 1);
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
  return bitsOr(numbers.map((bit) => 1 << bit));
}

function bitsOr(masks: readonly number[]): number {
  return masks.reduce((all, mask) => all | mask, 0) >>> 0;
}
