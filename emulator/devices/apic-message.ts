// Interrupt messages between APICs: what they say, how the interrupt command register says it, and whom they address
// (SDM volume 3, "Issuing Interprocessor Interrupts", "Determining IPI Destination"). Must not know what a receiver does with one.

/** Delivery modes, bits 10:8 of ICR, LVT and redirection entries. */
export const DELIVERY = {
  fixed: 0,
  lowestPriority: 1,
  smi: 2,
  nmi: 4,
  init: 5,
  startUp: 6,
  external: 7,
} as const;

export interface ApicMessage {
  vector: number;
  /** DELIVERY. */
  delivery: number;
  level: boolean;
  destination: number;
  logical: boolean;
  /** The destination has 32 bits: sent by an APIC in x2APIC mode. */
  wide?: boolean;
}

/** Bits 19:18 of ICR, where the message does not go by its destination. */
export type Shorthand = "self" | "all" | "others";

/** IA32_APIC_BASE bits 11:10 (SDM volume 3, "x2APIC States"). */
export type ApicMode = "disabled" | "xapic" | "x2apic";

/** What destinations are compared with. */
export interface ApicIdentity {
  mode: ApicMode;
  id: number;
  ldr: number;
  dfr: number;
}

const BROADCAST = 0xff;
const X2APIC_BROADCAST = 0xffffffff;
const LOGICAL = 0x800;
const ASSERT = 0x4000;
const LEVEL = 0x8000;
const SHORTHANDS = [undefined, "self", "all", "others"] as const;

/** What a write to ICR sends; undefined for INIT level de-assert, which processors since the Pentium 4 ignore. */
export function interProcessorMessage(
  low: number,
  high: number,
  mode: ApicMode,
): { message: ApicMessage; shorthand: Shorthand | undefined } | undefined {
  const delivery = (low >> 8) & 7;
  if (delivery === DELIVERY.init && (low & LEVEL) !== 0 && (low & ASSERT) === 0) return undefined;
  const wide = mode === "x2apic";
  const destination = wide ? high >>> 0 : high >>> 24;
  const message = {
    vector: low & 0xff,
    delivery,
    level: false,
    destination,
    logical: (low & LOGICAL) !== 0,
    wide,
  };
  return { message, shorthand: SHORTHANDS[(low >> 18) & 3] };
}

export function isAddressed(message: ApicMessage, own: ApicIdentity): boolean {
  const { destination } = message;
  if (destination === (message.wide ? X2APIC_BROADCAST : BROADCAST)) return true;
  if (!message.logical) return destination === own.id;
  if (own.mode === "x2apic") {
    const ldr = logicalDestination(own);
    return destination >>> 16 === ldr >>> 16 && (destination & ldr & 0xffff) !== 0;
  }
  if (destination > 0xff) return false;
  const bits = own.ldr >>> 24;
  if (own.dfr >>> 28 === 0xf) return (bits & destination) !== 0; // flat model
  const cluster = destination >> 4;
  return (cluster === 0xf || cluster === bits >> 4) && (bits & destination & 0xf) !== 0;
}

/** LDR. In x2APIC mode it follows from the ID: cluster in bits 31:16, one bit of 15:0. */
export function logicalDestination({ mode, id, ldr }: ApicIdentity): number {
  return (mode === "x2apic" ? ((id >> 4) << 16) | (1 << (id & 15)) : ldr) >>> 0;
}
