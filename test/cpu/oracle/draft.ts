// An instruction and the state before it, under construction: what the generators of this folder write into.
import { VEX_MAPS } from "../../../emulator/cpu/opcodes/table.ts";
import type { Random } from "./random.ts";
import type { Row } from "./rows.ts";
import { baseState, CODE_AT, type State, WINDOW, WINDOW_AT } from "./state.ts";

export const RAX = 0;
export const RCX = 1;
export const RDX = 2;
export const RBX = 3;
export const RSP = 4;
export const RBP = 5;
export const RSI = 6;
export const RDI = 7;

const ESCAPES = [[], [0x0f], [0x0f, 0x38], [0x0f, 0x3a]];
const VEX_PREFIXES = ["NP", "66", "F3", "F2"];

/** Where a memory operand is put on purpose: at or across the end of the mapped page, at an address that is not canonical, off alignment. */
export const PLACES = ["end", "noncanonical", "misaligned"] as const;
export type Place = (typeof PLACES)[number];

export class Draft {
  readonly state: State;
  readonly legacy: number[] = [];
  /** All that follows the opcode: ModRM, SIB, displacement, immediates. */
  readonly tail: number[] = [];
  rex = 0;
  /** A REX prefix without bits changes what byte registers 4-7 are. */
  rexUsed = false;
  /** Register of VEX.vvvv; VEX.L, with which all rows of the table are undefined. */
  vvvv = 0;
  vexL = 0;
  /** Where in `tail` a RIP-relative displacement stands, and what it should reach. */
  relative: { at: number; target: bigint } | undefined;
  operandBits = 32;
  /** Linear address of the memory operand, once chosen. */
  memory: bigint | undefined;

  constructor(
    readonly row: Row,
    readonly random: Random,
    readonly place?: Place,
  ) {
    this.state = baseState(row.bits);
  }

  /** Sixteen general registers, or eight outside 64-bit mode. */
  get registers(): number {
    return this.row.bits === 64 ? 16 : 8;
  }

  /** Registers that hold nothing but a random operand: any other value would do as well. */
  readonly free = new Set<number>();
  /** The memory operand likewise. */
  freeMemory = true;

  set(register: number, value: bigint): void {
    this.free.delete(register);
    this.state.gpr[register] = BigInt.asUintN(this.row.bits, value);
  }

  /** A random operand in a register. */
  fill(register: number): void {
    this.set(register, this.random.integer());
    this.free.add(register);
  }

  get isVex(): boolean {
    return this.row.map > 3;
  }

  /** REX and escape bytes, or the three-byte VEX prefix that stands for both (SDM 2 2.3.5). */
  private escape(): number[] {
    const { row, rex } = this;
    if (!this.isVex) return [...(rex !== 0 || this.rexUsed ? [0x40 | rex] : []), ...ESCAPES[row.map]!];
    const prefix = VEX_PREFIXES.indexOf(row.prefix!);
    return [
      0xc4,
      ((~rex & 7) << 5) | (row.map - VEX_MAPS),
      ((rex & 8) << 4) | ((~this.vvvv & 15) << 3) | (this.vexL << 2) | prefix,
    ];
  }

  code(): Uint8Array {
    const bytes = [...this.legacy, ...this.escape(), this.row.opcode, ...this.tail];
    if (this.relative) {
      const at = bytes.length - this.tail.length + this.relative.at;
      const displacement = Number(this.relative.target - (CODE_AT + BigInt(bytes.length)));
      for (let i = 0; i < 4; i++) bytes[at + i] = (displacement >> (8 * i)) & 0xff;
    }
    return Uint8Array.from(bytes);
  }
}

export function little(value: bigint | number, size: number): number[] {
  return Array.from({ length: size }, (_, i) => Number((BigInt(value) >> BigInt(8 * i)) & 0xffn));
}

/** Writes memory as far as it lies in the window. */
export function putMemory(state: State, address: bigint, bytes: readonly number[]): void {
  const at = Number(address - WINDOW_AT);
  bytes.forEach((byte, i) => {
    if (at + i >= 0 && at + i < WINDOW) state.window[at + i] = byte;
  });
}
