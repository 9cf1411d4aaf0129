// What a boot tells its user, as data: the one description that the text and the JSON reporter both print.

import type { Debugger } from "../debugger/debugger.ts";
import { type Frame, frameArguments } from "../debugger/frames.ts";
import { hex } from "../debugger/numbers.ts";
import type { ClockDevice } from "../devices/inspect.ts";

export interface FrameReport {
  function: string;
  file: string | null;
  line: number | null;
  /** The frame's pc: "0xffffffff80365f20". */
  address: string;
  inlined: boolean;
  args: { name: string; value: string }[];
}

/** What the machine's counters say. */
export interface Moment {
  instructions: number;
  timeNs: number;
  tsc: bigint;
  /** Computed when asked for: text needs none. */
  stateHash(): string;
}

export interface StopReport {
  /** "breakpoint", "halted", "shutdown", "unsupported". */
  reason: string;
  message: string;
  /** The processor that stopped, where there are several: "CPU 1". */
  processor: string | undefined;
  /** Absent where the machine does not count. */
  moment: Moment | undefined;
  devices: ClockDevice[];
  frames: Frame[];
}

export interface ExitReport {
  /** "stops", "console", "limit", "halted", "shutdown", "unsupported", "interrupted", "gdb". */
  reason: string;
  message: string;
  moment: Moment | undefined;
  stops: number;
}

/** What a boot says, in the order in which it happens. */
export interface Reporter {
  start(lines: string[]): void;
  console(text: string): void;
  notice(text: string): void;
  stopped(number: number, report: StopReport): void;
  exited(report: ExitReport): void;
}

/** Frames as plain data. */
export function frameReports(frames: readonly Frame[], session: Debugger): FrameReport[] {
  return frames.map((frame) => ({
    function: frame.function ?? "??",
    file: frame.file ?? null,
    line: frame.line ?? null,
    address: hex(frame.pc),
    inlined: frame.inlined,
    args: frameArguments(frame, session.symbols, session.around),
  }));
}
