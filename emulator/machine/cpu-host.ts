// What the board answers when a processor asks: buses, CPUID, MSRs, time, interrupts. The selected processor asks.
// Accesses that nothing answers are noticed, and caught where a debugger wants it. Must not know when processors run.

import type { CpuHost } from "../cpu/host.ts";
import type { Board } from "./board.ts";
import type { Bus } from "./bus.ts";
import type { Catching } from "./catching.ts";
import type { Chipset } from "./chipset.ts";
import { cpuid } from "./cpuid.ts";
import type { Notices } from "./notices.ts";

export interface CpuHostParts {
  board: Board;
  bus: Bus;
  notices: Notices;
  catching: Catching;
  /** Made after the processors, whose memory it needs. */
  chipset(): Chipset;
  selected(): number;
}

export function cpuHost(parts: CpuHostParts): CpuHost {
  const { board, bus, notices } = parts;
  const local = () => parts.chipset().local;
  return {
    mmioRead: (address, size) => bus.mmioRead(address, size),
    mmioWrite: (address, size, value) => bus.mmioWrite(address, size, value),
    portIn: (port, size) => bus.portIn(port, size),
    portOut: (port, size, value) => bus.portOut(port, size, value),
    cpuid(leaf, subleaf) {
      const { msr, tsc } = local();
      return cpuid(leaf, subleaf, board, {
        apicId: parts.selected(),
        apicEnabled: msr.apicEnabled,
        tscHz: tsc.hz,
      });
    },
    readMsr: (index) => readMsr(parts, index >>> 0),
    writeMsr: (index, value) => writeMsr(parts, index >>> 0, value),
    timestamp: () => local().tsc.read(),
    undefinedOpcode: (opcode) =>
      notices.add(() => `opcode ${hexBytes(opcode)}, which this processor does not have: #UD`),
    acknowledgeInterrupt: () => parts.chipset().acknowledge(),
    readCr8: () => local().lapic.taskPriority >> 4,
    writeCr8: (value) => local().lapic.setTaskPriority((value & 15) << 4),
  };
}

function readMsr({ chipset, notices, catching }: CpuHostParts, index: number): bigint | undefined {
  const value = chipset().local.msr.read(index);
  if (value !== undefined) return value;
  const message = `read of MSR 0x${index.toString(16)}, which does not exist: #GP`;
  notices.add(message);
  catching.unknownMsr(index, message);
  return undefined;
}

function writeMsr({ chipset, notices, catching }: CpuHostParts, index: number, value: bigint): boolean {
  const { msr } = chipset().local;
  const taken = msr.write(index, value);
  if (!taken) {
    const why = msr.has(index) ? `does not take 0x${value.toString(16)}` : "does not exist";
    const message = `write to MSR 0x${index.toString(16)}, which ${why}: #GP`;
    notices.add(message);
    catching.unknownMsr(index, message);
  }
  return taken;
}

function hexBytes(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
