// Code that no kernel would run: random bytes, random instructions over every opcode map, and pieces that load tables, registers
// and device rings with values that point anywhere.

import type { Random } from "../../cpu/oracle/random.ts";
import { address, CODE, CODE_SIZE, dword } from "./image.ts";

export const FLAVOURS = ["bytes", "instructions", "system", "devices"] as const;
export type Flavour = (typeof FLAVOURS)[number];

/** CODE_SIZE bytes. */
export function hostileCode(flavour: Flavour, random: Random): Uint8Array {
  const bytes = new Uint8Array(CODE_SIZE);
  let at = 0;
  while (at < CODE_SIZE) {
    const piece = piecesOf(flavour, random);
    bytes.set(piece.slice(0, CODE_SIZE - at), at);
    at += piece.length;
  }
  // HLT ends a run when interrupts are off: it is made rare too.
  return bytes.map((byte) => (byte === HLT && !random.chance(16) ? NOP : byte));
}

const HLT = 0xf4;
const NOP = 0x90;

function piecesOf(flavour: Flavour, random: Random): number[] {
  switch (flavour) {
    case "bytes":
      return dword(random.next());
    case "instructions":
      return random.chance(20) ? system(random) : instruction(random);
    case "system":
      return random.chance(3) ? system(random) : instruction(random);
    case "devices":
      return random.chance(3) ? instruction(random) : device(random);
  }
}

const PREFIXES = [0x66, 0x67, 0xf2, 0xf3, 0xf0, 0x2e, 0x36, 0x64, 0x65, 0x40, 0x48, 0x4c, 0x41, 0x4f];
/** Jumps out of the code end a run for nothing: they are made rare. */
const isJump = (opcode: number) =>
  opcode === 0xe8 || opcode === 0xe9 || opcode === 0xc3 || opcode === 0xc2 || opcode === 0xf4;

function instruction(random: Random): number[] {
  const bytes: number[] = [];
  while (random.chance(3)) bytes.push(random.pick(PREFIXES));
  switch (random.below(8)) {
    case 0:
    case 1:
      bytes.push(0x0f, random.below(256));
      break;
    case 2:
      bytes.push(0x0f, random.pick([0x38, 0x3a]), random.below(256));
      break;
    default: {
      let opcode = random.below(256);
      if (isJump(opcode) && !random.chance(8)) opcode = random.below(0x40);
      bytes.push(opcode);
    }
  }
  return [...bytes, ...operands(random)];
}

function operands(random: Random): number[] {
  const mode = random.below(8);
  const register = random.below(8) << 3;
  if (mode < 3) return [0xc0 | register | random.below(8), random.below(256)];
  if (mode < 5) return [0x40 | register | random.below(8), random.below(256), random.below(256)];
  if (mode === 5) return [register | 4, 0x25, ...dword(Number(BigInt.asUintN(32, address(random))))];
  if (mode === 6) return [0x80 | register | random.below(8), ...dword(random.next())];
  return [register | 5, ...dword(random.below(1 << 24))];
}

const MSRS = [0x10, 0x1b, 0x3b, 0x174, 0x175, 0x176, 0x1a0, 0x277, 0x6e0, 0x802, 0x808, 0x80b, 0x80f, 0x830, 0x832, 0x838, 0xc0000080, 0xc0000081, 0xc0000082, 0xc0000084, 0xc0000100, 0xc0000101, 0xc0000102]; // biome-ignore format: a row

const low = (random: Random) => Number(BigInt.asUintN(32, address(random)));

/** Loads what the machine runs by: control and debug registers, descriptor tables, MSRs, segments, task register; or leaves the mode. */
function system(random: Random): number[] {
  const value = random.chance(2) ? random.next() : low(random);
  const at = dword(CODE + random.below(CODE_SIZE));
  switch (random.below(12)) {
    case 0:
      return [0xb8, ...dword(value), 0x0f, 0x22, 0xc0 | (random.pick([0, 2, 3, 3, 4, 8]) << 3)]; // mov eax, value; mov crN, eax
    case 1:
      return [0xb8, ...dword(value), 0x0f, 0x23, 0xc0 | (random.below(8) << 3)]; // mov drN, eax
    case 2:
      return [
        0xb9,
        ...dword(random.pick(MSRS)),
        0xb8,
        ...dword(value),
        0xba,
        ...dword(random.chance(2) ? 0 : random.next()),
        0x0f,
        0x30,
      ];
    case 3: // a descriptor table register loaded from the code itself: any limit, any base
      return [0x0f, 0x01, random.pick([0x15, 0x1d]), ...at];
    case 4:
      return [
        0xb8,
        ...dword(random.below(0x60)),
        random.pick([0x8e, 0x0f]),
        random.pick([0xd8, 0xc0, 0xd0, 0xe0]),
        random.below(256),
      ];
    case 5:
      return [0xb8, ...dword(random.pick([0x28, 0x08, 0x10])), 0x0f, 0x00, random.pick([0xd0, 0xd8])]; // lldt, ltr
    case 6:
      return [0xcd, random.below(256)];
    case 7:
      return [0x9c, 0xff, 0x34, 0x24, random.pick([0xcf, 0x9d, 0xcb])]; // pushf; push [rsp]; iret, popf or retf
    case 8:
      return [0x0f, random.pick([0x05, 0x07, 0x34, 0x35, 0x08, 0x09, 0xaa])];
    case 9:
      return [0x0f, 0x01, 0x38 | random.below(8)]; // invlpg
    case 10: // a repeated string instruction from anywhere to anywhere
      return [
        0xb9,
        ...dword(value),
        0xbe,
        ...dword(low(random)),
        0xbf,
        ...dword(low(random)),
        random.pick([0xf3, 0xf2]),
        random.pick([0xa4, 0xa5, 0xa6, 0xaa, 0xab, 0xac, 0xae, 0x6c, 0x6e]),
      ];
    default:
      return [0x0f, random.pick([0xae, 0xc7]), random.pick([0x05, 0x0d, 0x15, 0x25, 0x35, 0x3d]), ...at];
  }
}

const PORTS = [0x20, 0x21, 0x40, 0x42, 0x43, 0x61, 0x70, 0x71, 0xa0, 0xa1, 0xe0, 0x2000, 0x2008, 0x3f8, 0x3f9, 0x3fb, 0x3fc, 0x4d0, 0x510, 0x511, 0x514, 0xcf8, 0xcfc]; // biome-ignore format: a row
/** Virtio registers a driver writes: selectors, features, ring addresses, status (virtio 1.2 section 4.2.2), legacy ones too. */
const VIRTIO = [
  0x14, 0x20, 0x24, 0x28, 0x30, 0x38, 0x3c, 0x40, 0x44, 0x50, 0x50, 0x50, 0x64, 0x70, 0x70, 0x80, 0x84, 0x90,
  0x94, 0xa0, 0xa4, 0x100,
];

function device(random: Random): number[] {
  switch (random.below(5)) {
    case 0:
      return [
        0x66,
        0xba,
        ...dword(random.pick(PORTS)).slice(0, 2),
        0xb8,
        ...dword(random.next()),
        random.pick([0xee, 0xef, 0xec, 0xed]),
      ];
    case 1: {
      const page = random.pick([0xfee00000, 0xfec00000]);
      return [
        0xc7,
        0x04,
        0x25,
        ...dword(page + random.below(0x40) * 16),
        ...dword(random.chance(2) ? random.below(256) : random.next()),
      ];
    }
    default:
      return virtio(random, 0xfeb00000 + 0x200 * random.below(8));
  }
}

/** Writes of one slot's registers, often in an order that a device takes for a driver's. */
function virtio(random: Random, slot: number): number[] {
  const write = (register: number, value: number) => [
    0xc7,
    0x04,
    0x25,
    ...dword(slot + register),
    ...dword(value),
  ]; // mov [slot+register], value
  if (random.chance(2)) return write(random.pick(VIRTIO), random.chance(2) ? random.below(256) : low(random));
  const rings = [0x80, 0x90, 0xa0].flatMap((register) => [
    ...write(register, low(random)),
    ...write(register + 4, random.chance(8) ? random.below(4) : 0),
  ]);
  const start = [
    ...write(0x70, 0),
    ...write(0x70, 3),
    ...write(0x24, 1),
    ...write(0x20, 1),
    ...write(0x70, 11),
  ];
  const legacy = [...write(0x28, 4096), ...write(0x3c, 4096), ...write(0x40, random.next() >>> 12)];
  return [
    ...start,
    ...write(0x30, random.below(3)),
    ...write(0x38, random.pick([1, 2, 8, 128, 256])),
    ...rings,
    ...legacy,
    ...write(0x44, 1),
    ...write(0x70, 15),
    ...write(0x50, random.below(3)),
  ];
}
