// The local APIC through MSRs 0x800-0x8ff: x2APIC mode. Which register exists, which way it goes, which bits are reserved
// (SDM volume 3, "x2APIC Register Address Space"). Must not know the registers' meaning: lapic.ts has it.

import type { Lapic } from "./lapic.ts";

export const X2APIC_MSR_FIRST = 0x800;
export const X2APIC_MSR_LAST = 0x8ff;

const ICR_LOW = 0x300;
const ICR_HIGH = 0x310;
const EOI = 0xb0;
const ESR = 0x280;
const SELF_IPI = 0x3f0;
const HIGH_HALF = 0xffffffffn;

type Access = "ro" | "rw" | "wo";

/** By xAPIC offset. No DFR, no ICR high half, no arbitration priority in this mode. */
function accessOf(offset: number): Access | undefined {
  if (offset >= 0x100 && offset < ESR) return "ro"; // ISR, TMR, IRR
  if (offset >= 0x320 && offset <= 0x380) return "rw"; // LVT, initial count
  switch (offset) {
    case 0x20: // ID
    case 0x30: // version
    case 0xa0: // PPR
    case 0xd0: // LDR
    case 0x390: // current count
      return "ro";
    case 0x80: // TPR
    case 0xf0: // SVR
    case ESR:
    case ICR_LOW:
    case 0x3e0: // divide configuration
      return "rw";
    case EOI:
    case SELF_IPI:
      return "wo";
    default:
      return undefined;
  }
}

/** Bits that RDMSR gives and WRMSR takes, by offset; default: 32. */
const WRITABLE: Readonly<Record<number, bigint>> = {
  128: 0xffn, // TPR
  [SELF_IPI]: 0xffn,
  [EOI]: 0n, // "WRMSR of a non-zero value causes #GP(0)"
  [ESR]: 0n,
};

/** Undefined: #GP(0). */
export function readX2apic(lapic: Lapic, index: number): bigint | undefined {
  const offset = (index - X2APIC_MSR_FIRST) << 4;
  const access = accessOf(offset);
  if (access === undefined || access === "wo") return undefined;
  const low = BigInt(lapic.read(offset));
  return offset === ICR_LOW ? low | (BigInt(lapic.read(ICR_HIGH)) << 32n) : low;
}

/** False: #GP(0). */
export function writeX2apic(lapic: Lapic, index: number, value: bigint): boolean {
  const offset = (index - X2APIC_MSR_FIRST) << 4;
  const access = accessOf(offset);
  if (access === undefined || access === "ro") return false;
  if (offset === ICR_LOW) {
    lapic.write(ICR_HIGH, Number(value >> 32n));
    lapic.write(ICR_LOW, Number(value & HIGH_HALF));
    return true;
  }
  if ((value & ~(WRITABLE[offset] ?? HIGH_HALF)) !== 0n) return false;
  lapic.write(offset, Number(value));
  return true;
}
