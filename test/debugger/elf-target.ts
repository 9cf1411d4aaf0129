// A target made of an ELF file's segments: memory without a machine, for tests of values and expressions.

import type { RegisterName } from "../../emulator/cpu/registers.ts";
import type { Stop, Target } from "../../emulator/debugger/target.ts";
import { parseElf } from "../../emulator/elf/elf.ts";
import { MemoryError } from "../../emulator/symbols/memory.ts";

/** Memory at the segments' virtual addresses; registers are all 0 until written. */
export function elfTarget(elf: Uint8Array): Target {
  const segments = parseElf(elf)
    .segments.filter(({ type }) => type === 1)
    .map(({ virtualAddress, offset, fileSize, memorySize }) => {
      const bytes = new Uint8Array(Number(memorySize));
      bytes.set(elf.subarray(Number(offset), Number(offset) + Number(fileSize)));
      return { start: BigInt(virtualAddress), bytes };
    });
  const registers = new Map<RegisterName, bigint>();
  const slice = (address: bigint, length: number): Uint8Array => {
    const found = segments.find(
      ({ start, bytes }) => address >= start && address < start + BigInt(bytes.length),
    );
    if (!found) throw new MemoryError(address);
    const offset = Number(address - found.start);
    if (offset + length > found.bytes.length) throw new MemoryError(found.start + BigInt(found.bytes.length));
    return found.bytes.subarray(offset, offset + length);
  };
  const stop: Stop = { kind: "halted", message: "an ELF file does not run" };
  return {
    name: "ELF file",
    readRegister: (name) => registers.get(name) ?? 0n,
    writeRegister: (name, value) => void registers.set(name, value),
    readMemory: (address, length) => slice(address, length).slice(),
    writeMemory: (address, bytes) => slice(address, bytes.length).set(bytes),
    setBreakpoints() {},
    resume: async () => stop,
    interrupt() {},
    dispose() {},
  };
}
