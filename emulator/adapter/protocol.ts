// What the debug adapter says beyond the Debug Adapter Protocol, and what a launch configuration may hold. Types only: the
// extension imports this file and nothing else of the emulator.
import type { ClockDevice, ClockRegister } from "../devices/inspect.ts";

export type { ClockDevice, ClockRegister };

/** A launch configuration of type `clockpath`, as package.json describes it. */
export interface LaunchArguments {
  /** The kernel's file, absolute. Absent or empty: the bundled guest. */
  kernel?: string;
  /** ELF file with the symbols, absolute, where the kernel's own file has none. */
  symbols?: string;
  /** "auto" (default), "pvh", "freebsd", "linux" or "multiboot". */
  bootProtocol?: string;
  /** Initial RAM disk, absolute. */
  initrd?: string;
  /** Boot modules: "FILE" or "FILE TEXT", absolute. */
  modules?: string[];
  /** Raw disk images: "FILE" or "ro:FILE", absolute. */
  disks?: string[];
  /** Kernel command line, without the kernel's name. */
  cmdline?: string;
  /** Guest RAM: "256M", "1G", or a number of bytes. */
  memory?: string | number;
  /** Stop at the kernel's first instruction. */
  stopOnEntry?: boolean;
  /** Recorded folder -> folder here: {"/usr/src": "/home/me/src"}. */
  sourceMap?: Record<string, string>;
  /** Guest nanoseconds that an instruction takes; default 100. */
  nsPerInstruction?: number;
  /** Processors, 1 to 8; default what `machine` says, else 1. */
  cpus?: number;
  /** Switches of the board: "pit=off,tsc-khz=2500000". */
  machine?: string;
  /** What is typed for the user, in order: "WHEN=TEXT", "root device:=ld0a". */
  input?: string[];
  /** The guest pauses when its console has printed this. */
  untilConsole?: string;
  /** The guest pauses when so many instructions have retired: 1000000, "50M". */
  maxInstructions?: string | number;
  /** Serve gdb beside this session: a port, or "HOST:PORT". */
  gdb?: string | number;
  /** The client answers the event `clockpath.wantMacros`. */
  answersMacros?: boolean;
  /** Default true: while the guest idles in HLT, its time keeps pace with the host's clock. The guest's run is the same either way. */
  paceIdle?: boolean;
  /** Folders in which sources are looked for by the longest matching tail of their recorded path. */
  sourceFolders?: string[];
}

/** An attach configuration: to a machine that serves gdb's remote protocol. */
export interface AttachArguments {
  /** "HOST:PORT", ":PORT", "unix:PATH", or the path of a Unix socket. */
  target?: string;
  /** QEMU's QMP socket, likewise. */
  qmp?: string;
  /** ELF file of the kernel that runs there, absolute: its symbols. */
  kernel?: string;
  /** Stay where the machine stands; without it, the guest runs on when the breakpoints are set. */
  stopOnEntry?: boolean;
  sourceMap?: Record<string, string>;
  sourceFolders?: string[];
}

/** Body of the event `clockpath.clockDevices`: at each stop, and four times a second while the guest runs. */
export interface ClockDevicesEvent {
  running: boolean;
  /** Guest time since reset in ns. */
  timeNs: number;
  /** Retired instructions since reset. */
  instructions: number;
  devices: ClockDevice[];
}

/** Response body of the request `clockpath.clockDevices` (no arguments): the same, when asked. */
export type ClockDevicesResponse = ClockDevicesEvent;

/** Body of the event `clockpath.wantMacros`: names that are perhaps macros; `file`: the source that the frame stands in. */
export interface WantMacrosEvent {
  id: number;
  names: readonly string[];
  file?: string;
}

/** Arguments of the request `clockpath.macros`: the answer; null for a name that is no macro. */
export interface MacrosArguments {
  id: number;
  macros: Record<string, { parameters?: readonly string[]; body: string } | null>;
}

/** Body of the event `clockpath.console`: what the guest has printed, as it came. */
export interface ConsoleEvent {
  text: string;
}

/** Arguments of the request `clockpath.consoleInput`: keys for the guest's console, at any time. */
export interface ConsoleInputArguments {
  text: string;
}

/** Arguments of the request `clockpath.evaluateLive`: like `evaluate` without a frame, and allowed while the guest runs. */
export interface EvaluateLiveArguments {
  expression: string;
}

/** Its response body. */
export interface EvaluateLiveResponse {
  result: string;
  type?: string;
}
