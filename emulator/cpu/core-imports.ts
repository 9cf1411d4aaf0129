// The calls between the core and its surroundings: what the wasm module imports and exports.
// 64-bit values cross in memory slots (HOST): an i64 parameter would cost a BigInt a call.

import type { CpuHost } from "./host.ts";
import { HOST } from "./layout.ts";

/** Thrown through wasm frames by a handler that must not go on (core/raise.ts). Never leaves Cpu.run(). */
export const UNWIND = { name: "unwind" };

export interface CoreExports {
  init(ramBytes: number, processors: number): void;
  selectProcessor(n: number): void;
  storeSelected(): void;
  run(): void;
  instructions(): number;
  requestExit(): void;
  setInterruptLine(processor: number, level: number): void;
  raiseNmi(processor: number): void;
  inject(vector: number, error: number): void;
  translate(low: number, high: number): number;
  flushTlb(): void;
  retagAll(): void;
  touchRam(address: number, size: number): void;
  dropCode(): void;
  passBreakpoint(): void;
  getFlags(): number;
  putFlags(value: number): void;
  updateMode(): void;
  updateAttention(): void;
  followDebugRegisters(): void;
  stateHash(to: number): void;
  /** Of all handlers, and of translated code behind them. */
  table: WebAssembly.Table;
}

/** The "host" import object over a board. */
export function coreImports(
  host: CpuHost,
  view: DataView,
  translate: (block: number) => void,
): Record<string, unknown> {
  return {
    translate,
    unwind(): never {
      throw UNWIND;
    },
    mmioRead: (address: number, size: number): number => host.mmioRead(address, size),
    mmioWrite: (address: number, size: number, value: number): void =>
      host.mmioWrite(address, size, value >>> 0),
    portIn: (port: number, size: number): number => host.portIn(port, size),
    portOut: (port: number, size: number, value: number): void => host.portOut(port, size, value >>> 0),
    cpuid(leaf: number, subleaf: number): void {
      host.cpuid(leaf >>> 0, subleaf >>> 0).forEach((value, i) => {
        view.setUint32(HOST + i * 4, value, true);
      });
    },
    readMsr(index: number): number {
      const value = host.readMsr(index >>> 0);
      if (value === undefined) return 0;
      view.setBigUint64(HOST, BigInt.asUintN(64, value), true);
      return 1;
    },
    writeMsr: (index: number): number => (host.writeMsr(index >>> 0, view.getBigUint64(HOST, true)) ? 1 : 0),
    timestamp(): void {
      view.setBigUint64(HOST, BigInt.asUintN(64, host.timestamp()), true);
    },
    undefinedOpcode(bytes: number): void {
      host.undefinedOpcode(new Uint8Array(view.buffer, HOST, bytes));
    },
    acknowledgeInterrupt: (): number => host.acknowledgeInterrupt(),
    readCr8: (): number => host.readCr8(),
    writeCr8: (value: number): void => host.writeCr8(value),
  };
}
