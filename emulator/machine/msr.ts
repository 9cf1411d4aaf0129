// The model-specific registers that the board answers: APIC base, time-stamp counter, memory types, machine check, AMD's own.
// The core keeps EFER, STAR and the like itself. SDM volume 4; AMD APM volume 2, appendix A. An MSR not in the table is #GP.

import type { ApicMode } from "../devices/apic-message.ts";
import { X2APIC_MSR_FIRST, X2APIC_MSR_LAST } from "../devices/x2apic.ts";

export interface MsrHost {
  /** IA32_APIC_BASE tells it. */
  readonly bootProcessor: boolean;
  readonly tsc: {
    read(): bigint;
    write(value: bigint): void;
    readonly adjust: bigint;
    setAdjust(value: bigint): void;
  };
  /** IA32_TSC_DEADLINE; absent when the local APIC timer has no such mode. */
  readonly tscDeadline?: { read(): bigint; write(value: bigint): void };
  /** The local APIC's registers as MSRs in x2APIC mode; absent when the processor has no such mode. */
  readonly x2apic?: { read(index: number): bigint | undefined; write(index: number, value: bigint): boolean };
  /** Registers of devices that are not always there. */
  readonly others?: ReadonlyMap<number, { read(): bigint; write(value: bigint): void }>;
  /** The local APIC was moved or switched: physical base of its page, or undefined where it has none (disabled, x2APIC mode). */
  lapicMoved(base: number | undefined, mode: ApicMode): void;
}

export const MSR = {
  TSC: 0x10,
  APIC_BASE: 0x1b,
  TSC_ADJUST: 0x3b,
  BIOS_SIGN_ID: 0x8b,
  MTRRCAP: 0xfe,
  MCG_CAP: 0x179,
  MCG_STATUS: 0x17a,
  MISC_ENABLE: 0x1a0,
  MTRR_PHYSBASE0: 0x200,
  MTRR_PHYSMASK7: 0x20f,
  MTRR_FIX64K_00000: 0x250,
  MTRR_FIX16K_80000: 0x258,
  MTRR_FIX16K_A0000: 0x259,
  MTRR_FIX4K_C0000: 0x268,
  MTRR_FIX4K_F8000: 0x26f,
  PAT: 0x277,
  MTRR_DEF_TYPE: 0x2ff,
  TSC_DEADLINE: 0x6e0,
  AMD_EVNTSEL0: 0xc0010000,
  AMD_PERFCTR3: 0xc0010007,
  AMD_HWCR: 0xc0010015,
  AMD_NB_CFG: 0xc001001f,
  /** Interrupt pending and CMP-halt (C1E): kernels look at it before they idle, on families 0xf to 0x12. */
  AMD_INT_PENDING: 0xc0010055,
  AMD_VM_CR: 0xc0010114,
} as const;

const APIC_BASE_BSP = 0x100n;
const APIC_BASE_X2APIC = 0x400n;
const APIC_BASE_ENABLE = 0x800n;
const PHYSICAL_ADDRESS = (1n << 40n) - 1n;
const APIC_ADDRESS = PHYSICAL_ADDRESS & ~0xfffn;

/** 8 variable ranges, fixed ranges, write-combining. */
const MTRRCAP_VALUE = 0x508n;
/** Write-back, write-through, uncached-, uncached: the PAT at reset. */
const PAT_RESET = 0x0007040600070406n;

/** Memory types by encoding (SDM volume 3, "Memory Types and Caching"); PAT knows 7 (UC-) too. */
const MEMORY_TYPES = [0n, 1n, 4n, 5n, 6n];
const PAT_TYPES = [...MEMORY_TYPES, 7n];

interface Register {
  read(): bigint;
  /** False raises #GP(0). */
  write(value: bigint): boolean;
}

/** Values by MSR number, hexadecimal. */
export type MsrState = Record<string, string>;

export class MsrFile {
  readonly #registers = new Map<number, Register>();
  readonly #stored = new Map<number, bigint>();
  readonly #host: MsrHost;

  constructor(host: MsrHost) {
    this.#host = host;
    this.#defineTime();
    this.#defineMemoryTypes();
    this.#defineApicBase();
    this.#constant(MSR.MCG_CAP, 0n); // no machine-check banks
    this.#store(MSR.MCG_STATUS, 0n, (value) => value === 0n);
    this.#store(MSR.BIOS_SIGN_ID, 0n);
    this.#store(MSR.MISC_ENABLE, 1n); // fast strings
    // AMD's four event counters: every processor of family 6 and up has them. These hold what is written, and count nothing.
    for (let index: number = MSR.AMD_EVNTSEL0; index <= MSR.AMD_PERFCTR3; index++) this.#store(index, 0n);
    for (const [index, { read, write }] of host.others ?? []) this.#define(index, read, write);
    this.#store(MSR.AMD_HWCR, 0n);
    this.#store(MSR.AMD_INT_PENDING, 0n);
    this.#store(MSR.AMD_NB_CFG, 0n);
    this.#store(MSR.AMD_VM_CR, 0n);
  }

  /** Undefined for an MSR that does not exist. */
  read(index: number): bigint | undefined {
    if (isX2apic(index)) return this.apicMode === "x2apic" ? this.#host.x2apic?.read(index) : undefined;
    return this.#registers.get(index)?.read();
  }

  /** Numbers of those that exist; the local APIC's are its own. */
  known(): number[] {
    return [...this.#registers.keys()];
  }

  /** False for an MSR that does not exist or does not take the value. */
  write(index: number, value: bigint): boolean {
    if (isX2apic(index))
      return this.apicMode === "x2apic" && (this.#host.x2apic?.write(index, value) ?? false);
    return this.#registers.get(index)?.write(value) ?? false;
  }

  has(index: number): boolean {
    if (isX2apic(index)) return this.apicMode === "x2apic";
    return this.#registers.has(index);
  }

  get apicEnabled(): boolean {
    return this.apicMode !== "disabled";
  }

  get apicMode(): ApicMode {
    return apicModeOf(this.#stored.get(MSR.APIC_BASE)!);
  }

  save(): MsrState {
    return Object.fromEntries(
      [...this.#stored].map(([index, value]) => [index.toString(16), value.toString(16)]),
    );
  }

  load(state: MsrState): void {
    for (const index of this.#stored.keys()) {
      const value = state[index.toString(16)];
      if (value !== undefined) this.#stored.set(index, BigInt(`0x${value}`));
    }
    this.#reportApic(this.#stored.get(MSR.APIC_BASE)!);
  }

  #defineTime(): void {
    const { tsc, tscDeadline } = this.#host;
    this.#define(
      MSR.TSC,
      () => tsc.read(),
      (value) => tsc.write(value),
    );
    this.#define(
      MSR.TSC_ADJUST,
      () => tsc.adjust,
      (value) => tsc.setAdjust(value),
    );
    if (tscDeadline)
      this.#define(
        MSR.TSC_DEADLINE,
        () => tscDeadline.read(),
        (value) => tscDeadline.write(value),
      );
  }

  /** MTRRs and PAT have no effect here (memory is coherent), but what is written is read back, and checked as hardware does. */
  #defineMemoryTypes(): void {
    this.#constant(MSR.MTRRCAP, MTRRCAP_VALUE);
    for (let index: number = MSR.MTRR_PHYSBASE0; index <= MSR.MTRR_PHYSMASK7; index++) {
      this.#store(index, 0n, (value) => value <= PHYSICAL_ADDRESS);
    }
    const fixed: number[] = [MSR.MTRR_FIX64K_00000, MSR.MTRR_FIX16K_80000, MSR.MTRR_FIX16K_A0000];
    for (let index: number = MSR.MTRR_FIX4K_C0000; index <= MSR.MTRR_FIX4K_F8000; index++) fixed.push(index);
    for (const index of fixed) this.#store(index, 0n, (value) => everyByte(value, MEMORY_TYPES));
    this.#store(
      MSR.MTRR_DEF_TYPE,
      0n,
      (value) => (value & ~0xcffn) === 0n && MEMORY_TYPES.includes(value & 0xffn),
    );
    this.#store(MSR.PAT, PAT_RESET, (value) => everyByte(value, PAT_TYPES));
  }

  #define(index: number, read: () => bigint, write: (value: bigint) => void): void {
    this.#registers.set(index, {
      read,
      write: (value) => {
        write(value);
        return true;
      },
    });
  }

  #constant(index: number, value: bigint): void {
    this.#registers.set(index, { read: () => value, write: () => false });
  }

  #store(index: number, reset: bigint, accepts: (value: bigint) => boolean = () => true): void {
    this.#stored.set(index, reset);
    this.#registers.set(index, {
      read: () => this.#stored.get(index)!,
      write: (value) => {
        if (!accepts(value)) return false;
        this.#stored.set(index, value);
        return true;
      },
    });
  }

  /** BSP is read-only. Without x2APIC mode its bit is reserved; with it only some changes of mode are allowed. */
  #defineApicBase(): void {
    const bsp = this.#host.bootProcessor ? APIC_BASE_BSP : 0n;
    this.#stored.set(MSR.APIC_BASE, 0xfee00000n | APIC_BASE_ENABLE | bsp);
    this.#registers.set(MSR.APIC_BASE, {
      read: () => this.#stored.get(MSR.APIC_BASE)!,
      write: (value) => {
        const known = APIC_ADDRESS | APIC_BASE_BSP | APIC_BASE_ENABLE;
        if ((value & ~(this.#host.x2apic ? known | APIC_BASE_X2APIC : known)) !== 0n) return false;
        if (!apicModeMayBecome(this.apicMode, value)) return false;
        this.#stored.set(MSR.APIC_BASE, (value & ~APIC_BASE_BSP) | bsp);
        this.#reportApic(value);
        return true;
      },
    });
  }

  /** Where the local APIC's page is; undefined while it is globally disabled. */
  get apicBase(): number | undefined {
    const value = this.#stored.get(MSR.APIC_BASE)!;
    return (value & APIC_BASE_ENABLE) !== 0n ? Number(value & APIC_ADDRESS) : undefined;
  }

  #reportApic(value: bigint): void {
    const mode = apicModeOf(value);
    this.#host.lapicMoved(mode === "xapic" ? Number(value & APIC_ADDRESS) : undefined, mode);
  }
}

function isX2apic(index: number): boolean {
  return index >= X2APIC_MSR_FIRST && index <= X2APIC_MSR_LAST;
}

function apicModeOf(base: bigint): ApicMode {
  if ((base & APIC_BASE_ENABLE) === 0n) return "disabled";
  return (base & APIC_BASE_X2APIC) !== 0n ? "x2apic" : "xapic";
}

/** Legal changes (SDM volume 3, figure "Local x2APIC State Transitions"): x2APIC mode is entered from xAPIC only, left to disabled only. */
function apicModeMayBecome(from: ApicMode, base: bigint): boolean {
  const bits = base & (APIC_BASE_ENABLE | APIC_BASE_X2APIC);
  if (bits === APIC_BASE_X2APIC) return false;
  const to = apicModeOf(base);
  return !(from === "x2apic" && to === "xapic") && !(from === "disabled" && to === "x2apic");
}

function everyByte(value: bigint, allowed: readonly bigint[]): boolean {
  for (let shift = 0n; shift < 64n; shift += 8n) {
    if (!allowed.includes((value >> shift) & 0xffn)) return false;
  }
  return true;
}
