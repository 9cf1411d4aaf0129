// Made-up machine states of a fixture: random registers and a stack of plausible words. gdb reads them from core files, we read them directly;
// both describe the frames, their registers and variables in one form.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RegisterName } from "../../emulator/cpu/registers.ts";
import { type ElfFile, parseElf, SHF, SHT } from "../../emulator/elf/elf.ts";
import type { FrameState, FunctionInstance, SymbolFile, Variable } from "../../emulator/symbols/api.ts";
import { MemoryError, type MemoryReader } from "../../emulator/symbols/memory.ts";
import { typeName } from "../../emulator/symbols/type-name.ts";
import { sizeOf, stripped } from "../../emulator/symbols/types.ts";
import { random } from "../random.ts";
import { type CoreState, coreFile } from "./core-file.ts";

const STACK = 0xffffc00000000000n;
const STACK_SIZE = 8192;
const GENERAL = [
  "rax",
  "rbx",
  "rcx",
  "rdx",
  "rsi",
  "rdi",
  "rbp",
  "rsp",
  "r8",
  "r9",
  "r10",
  "r11",
  "r12",
  "r13",
  "r14",
  "r15",
] as const;
const SHOWN = ["rbx", "rbp", "rsp", "r12", "r13", "r14", "r15", "rax", "rdi"] as const;
const FRAMES = 5;

/** States whose pc lies anywhere in any function; the words on the stack are return addresses, stack addresses and small numbers. */
export function madeUpStates(symbols: SymbolFile, count: number, seed: number): CoreState[] {
  const pick = random(seed);
  const functions = symbols.symbolsWithPrefix("", 100_000).filter((s) => s.kind === "function" && s.size > 8);
  const code = (): bigint => {
    const f = functions[pick(functions.length)]!;
    return f.address + BigInt(1 + pick(f.size - 1));
  };
  const word = (): bigint => {
    const kind = pick(10);
    if (kind < 4) return code();
    return kind < 8 ? STACK + BigInt(pick(STACK_SIZE / 8) * 8) : BigInt(pick(0x7fff_ffff));
  };
  return Array.from({ length: count }, () => {
    const bytes = new Uint8Array(STACK_SIZE);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < STACK_SIZE; at += 8) view.setBigUint64(at, word(), true);
    const registers = new Map<RegisterName, bigint>(GENERAL.map((name) => [name, word()]));
    registers.set("rsp", STACK + BigInt(512 + pick(128) * 8));
    registers.set("rbp", STACK + BigInt(2048 + pick(128) * 8));
    registers.set("rip", code());
    for (const [name, value] of [
      ["eflags", 2n],
      ["cs", 0x33n],
      ["ss", 0x2bn],
    ] as const)
      registers.set(name, value);
    return { registers, stack: { address: STACK, bytes } };
  });
}

/** What gdb says of the states: one line a frame, states apart by their number. */
export function gdbFrames(path: string, states: readonly CoreState[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), "clockpath-cores-"));
  const helper = join(dirname(fileURLToPath(import.meta.url)), "frames.gdb.py");
  const script = [
    "set osabi GNU/Linux",
    "set architecture i386:x86-64",
    "set pagination off",
    "set language c",
    "set backtrace past-main on",
    "set backtrace past-entry on",
    `file ${path}`,
    `source ${helper}`,
  ];
  states.forEach((state, i) => {
    const core = join(folder, `${i}.core`);
    writeFileSync(core, coreFile(state));
    script.push(`core-file ${core}`, "set language c", `echo \\n== ${i}\\n`, `python describe(${FRAMES})`);
  });
  try {
    writeFileSync(join(folder, "run.gdb"), `${script.join("\n")}\n`);
    const text = execFileSync("gdb", ["-nx", "-q", "-batch", "-x", join(folder, "run.gdb")], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      stdio: ["ignore", "pipe", "ignore"],
    });
    // `core-file` prints a frame of its own, with a number of spaces behind it.
    return text.split("\n").filter((line) => /^== \d|^#\d 0x[0-9a-f]+ \|/.test(line));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Our description of the states, in the words of frames.gdb.py. */
export function ourFrames(bytes: Uint8Array, symbols: SymbolFile, states: readonly CoreState[]): string[] {
  const elf = parseElf(bytes);
  return states.flatMap((state, i) => {
    const memory = memoryOf(elf, state);
    const lines = [`== ${i}`];
    let frame: FrameState | undefined = {
      pc: state.registers.get("rip")!,
      isCaller: false,
      get: (register) => state.registers.get(register),
    };
    while (frame && lines.length <= FRAMES) {
      const described = describeFrame(symbols, frame, memory);
      lines.push(
        ...described.slice(0, FRAMES + 1 - lines.length).map((text, k) => `#${lines.length - 1 + k} ${text}`),
      );
      if (described.some((text) => text.split(" | ")[1] === "?")) break;
      frame = symbols.unwind(frame, memory);
    }
    return lines;
  });
}

/** One line for each function at the frame's pc, innermost inlined first. */
function describeFrame(symbols: SymbolFile, frame: FrameState, memory: MemoryReader): string[] {
  const at = frame.isCaller ? frame.pc - 1n : frame.pc;
  const registers = SHOWN.map((name) => `${name}=${hex(frame.get(name) ?? 0n)}`).join(" ");
  const instances = symbols.functionsAt(at);
  const line = symbols.lineAt(at);
  if (instances.length === 0) {
    const name = symbols.symbolAt(at)?.symbol.name ?? "?";
    return [
      [hex(frame.pc), name, line ? place(line.file, line.line) : "?", registers, "no debug info"].join(" | "),
    ];
  }
  return instances.map((instance, k) => {
    const inner = instances[k - 1];
    const where = inner ? place(inner.callFile!, inner.callLine!) : line ? place(line.file, line.line) : "?";
    return [
      hex(frame.pc),
      instance.name,
      where,
      instance.inlined ? "" : registers,
      ...variables(symbols, instance, frame, memory),
    ].join(" | ");
  });
}

function variables(
  symbols: SymbolFile,
  instance: FunctionInstance,
  frame: FrameState,
  memory: MemoryReader,
): string[] {
  const at = frame.isCaller ? frame.pc - 1n : frame.pc;
  const texts = [...instance.parameters(), ...instance.locals(at)].map(
    (variable) =>
      `${typeName(variable.type)} ${variable.name}=${valueText(symbols, variable, frame, memory)}`,
  );
  return [...new Set(texts)].sort();
}

function valueText(symbols: SymbolFile, variable: Variable, frame: FrameState, memory: MemoryReader): string {
  const location = symbols.locate(variable, frame, memory);
  const composite = ["struct", "union", "array"].includes(stripped(variable.type).kind);
  const size = sizeOf(variable.type);
  switch (location.kind) {
    case "optimized-out":
      return "<optimized out>";
    case "unavailable":
      return "<unavailable>";
    case "memory":
      return composite ? `@${hex(location.address)}` : readNumber(memory, location.address, size);
    case "value":
      // gdb calls a value optimized out as a whole as soon as a part of it is.
      if (location.missing) return "<optimized out>";
      return composite ? "{...}" : hex(number(location.bytes));
    case "register":
      return composite ? "{...}" : hex(BigInt.asUintN(8 * size, frame.get(location.register) ?? 0n));
  }
}

function readNumber(memory: MemoryReader, address: bigint, size: number): string {
  try {
    return hex(number(memory(address, size)));
  } catch (error) {
    if (error instanceof MemoryError) return "<unavailable>";
    throw error;
  }
}

/** The stack, then the file's sections, as gdb reads them with a core file. */
function memoryOf(elf: ElfFile, state: CoreState): MemoryReader {
  const { address: base, bytes: stack } = state.stack;
  return (address, length) => {
    const end = address + BigInt(length);
    if (address >= base && end <= base + BigInt(stack.length))
      return stack.subarray(Number(address - base), Number(end - base));
    const section = elf.sections.find(
      (s) => s.flags & SHF.ALLOC && s.address <= address && end <= s.address + s.size,
    );
    if (!section) throw new MemoryError(address);
    if (section.type === SHT.NOBITS) return new Uint8Array(length);
    const at = section.offset + Number(address - section.address);
    return elf.source.read(at, length);
  };
}

function place(file: string, line: number): string {
  return `${file.split("/").at(-1)}:${line}`;
}

function number(bytes: Uint8Array): bigint {
  return [...bytes].reverse().reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
