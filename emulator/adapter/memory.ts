// Requests about raw memory: readMemory, writeMemory, disassemble.

import type { DebugProtocol } from "@vscode/debugprotocol";
import { addressBefore, disassemble, hexBytes, type Instruction } from "../debugger/disassembly.ts";
import { hex, hex64 } from "../debugger/numbers.ts";
import { MemoryError } from "../symbols/memory.ts";
import { RequestError } from "./request-error.ts";
import type { AdapterState, Handlers } from "./state.ts";

/** Nobody looks at more at once; larger requests are cut. */
const MAX_READ = 1 << 20;
const MAX_INSTRUCTIONS = 5000;

export const memory: Handlers = {
  readMemory(state, args: DebugProtocol.ReadMemoryArguments) {
    const address = addressOf(args.memoryReference, args.offset);
    const wanted = Math.min(Math.max(0, args.count), MAX_READ);
    const bytes = readable(state, address, wanted);
    return {
      address: hex(address),
      data: Buffer.from(bytes).toString("base64"),
      ...(bytes.length < wanted ? { unreadableBytes: wanted - bytes.length } : {}),
    };
  },

  writeMemory(state, args: DebugProtocol.WriteMemoryArguments) {
    const { target, debugger: engine } = state.stopped;
    const bytes = new Uint8Array(Buffer.from(args.data, "base64"));
    target.writeMemory(addressOf(args.memoryReference, args.offset), bytes);
    engine.invalidate();
    state.send("invalidated", { areas: ["variables"] });
    return { bytesWritten: bytes.length };
  },

  async disassemble(state, args: DebugProtocol.DisassembleArguments) {
    const address = addressOf(args.memoryReference, args.offset);
    const count = Math.min(Math.max(0, args.instructionCount), MAX_INSTRUCTIONS);
    return { instructions: await instructionWindow(state, address, args.instructionOffset ?? 0, count) };
  },
};

function addressOf(reference: string, offset = 0): bigint {
  if (!/^(0x[0-9a-f]+|\d+)$/i.test(reference)) throw new RequestError(`"${reference}" is no address.`);
  return BigInt.asUintN(64, BigInt(reference) + BigInt(offset));
}

/** As many bytes as are mapped, from the address on. */
function readable(state: AdapterState, address: bigint, length: number): Uint8Array {
  const { target } = state.session;
  try {
    return target.readMemory(address, length);
  } catch (error) {
    if (!(error instanceof MemoryError) || error.address <= address) return new Uint8Array(0);
    return target.readMemory(address, Number(error.address - address));
  }
}

/** Exactly `count` instructions, `offset` of them before or after the address; what cannot be read is marked. */
async function instructionWindow(
  state: AdapterState,
  address: bigint,
  offset: number,
  count: number,
): Promise<DebugProtocol.DisassembledInstruction[]> {
  const { debugger: engine, symbols } = state.session;
  const { memory: read, symbolic } = engine.around;
  const found = symbols.symbolAt(address);
  const before = Math.min(Math.max(0, -offset), MAX_INSTRUCTIONS);
  const skip = Math.min(Math.max(0, offset), MAX_INSTRUCTIONS);
  const earlier =
    before > 0 ? await addressBefore(address, before, read, floorOf(address, before, found)) : [];
  const missing = before - earlier.length;
  const later = await later_(Math.max(0, count - before) + skip);
  const rows = [
    ...Array.from({ length: missing }, (_, index) => invalid(address - BigInt(missing - index))),
    ...earlier.map((each) => describe(state, each)),
    ...later.slice(skip).map((each) => describe(state, each)),
  ].slice(0, count);
  const last = later.at(-1);
  const end = last ? last.address + BigInt(last.bytes.length) : address;
  while (rows.length < count) rows.push(invalid(end + BigInt(rows.length)));
  return rows;

  async function later_(wanted: number): Promise<Instruction[]> {
    try {
      return await disassemble(address, wanted, read, symbolic);
    } catch (error) {
      if (error instanceof MemoryError) return [];
      throw error;
    }
  }
}

/** The function's start, when it is near enough to begin decoding there. */
function floorOf(
  address: bigint,
  before: number,
  found: { symbol: { address: bigint } } | undefined,
): bigint | undefined {
  const start = found?.symbol.address;
  return start !== undefined && address - start > 0n && address - start < BigInt(before) * 64n
    ? start
    : undefined;
}

const invalid = (address: bigint): DebugProtocol.DisassembledInstruction => ({
  address: hex64(BigInt.asUintN(64, address)),
  instruction: "??",
  presentationHint: "invalid",
});

function describe(
  state: AdapterState,
  { address, bytes, text }: Instruction,
): DebugProtocol.DisassembledInstruction {
  const { symbols, sources } = state.session;
  const found = symbols.symbolAt(address);
  const row = symbols.lineAt(address);
  return {
    address: hex64(address),
    instructionBytes: hexBytes(bytes),
    instruction: text,
    ...(found?.offset === 0 ? { symbol: found.symbol.name } : {}),
    ...(row ? { location: sources.source(row.file, () => {}), line: row.line } : {}),
  };
}
