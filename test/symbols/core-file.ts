// Writes a small ELF core file (one thread's registers and one stack), so that a real gdb can unwind and read variables of a kernel in a made-up
// state: the comparison needs no running machine.

import type { RegisterName } from "../../emulator/cpu/registers.ts";

export interface CoreState {
  readonly registers: ReadonlyMap<RegisterName, bigint>;
  readonly stack: { readonly address: bigint; readonly bytes: Uint8Array };
}

/** The order of elf_gregset_t on x86-64 Linux (sys/user.h); `undefined` where we have no such register. */
const GREGSET: readonly (RegisterName | undefined)[] = [
  "r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8", "rax", "rcx", "rdx", "rsi", "rdi", undefined,
  "rip", "cs", "eflags", "rsp", "ss", "fs_base", "gs_base", "ds", "es", "fs", "gs",
]; // biome-ignore format: a table

const PRSTATUS_SIZE = 336;
const PRSTATUS_REGISTERS = 112;

export function coreFile(state: CoreState): Uint8Array {
  const note = prstatusNote(state.registers);
  const noteAt = 64 + 2 * 56;
  const stackAt = 4096;
  const file = new Uint8Array(stackAt + state.stack.bytes.length);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 4, true);
  view.setUint16(18, 62, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(32, 64n, true);
  for (const [at, value] of [
    [52, 64],
    [54, 56],
    [56, 2],
  ] as const)
    view.setUint16(at, value, true);
  programHeader(view, 64, { type: 4, flags: 0, offset: noteAt, address: 0n, size: note.length });
  programHeader(view, 120, {
    type: 1,
    flags: 6,
    offset: stackAt,
    address: state.stack.address,
    size: state.stack.bytes.length,
  });
  file.set(note, noteAt);
  file.set(state.stack.bytes, stackAt);
  return file;
}

function programHeader(
  view: DataView,
  at: number,
  p: { type: number; flags: number; offset: number; address: bigint; size: number },
): void {
  view.setUint32(at, p.type, true);
  view.setUint32(at + 4, p.flags, true);
  view.setBigUint64(at + 8, BigInt(p.offset), true);
  view.setBigUint64(at + 16, p.address, true);
  view.setBigUint64(at + 32, BigInt(p.size), true);
  view.setBigUint64(at + 40, BigInt(p.size), true);
  view.setBigUint64(at + 48, 1n, true);
}

function prstatusNote(registers: ReadonlyMap<RegisterName, bigint>): Uint8Array {
  const note = new Uint8Array(12 + 8 + PRSTATUS_SIZE);
  const view = new DataView(note.buffer);
  view.setUint32(0, 5, true);
  view.setUint32(4, PRSTATUS_SIZE, true);
  view.setUint32(8, 1, true);
  note.set(Buffer.from("CORE\0"), 12);
  view.setUint32(20 + 32, 1, true);
  GREGSET.forEach((name, i) => {
    view.setBigUint64(20 + PRSTATUS_REGISTERS + 8 * i, name ? (registers.get(name) ?? 0n) : 0n, true);
  });
  return note;
}
