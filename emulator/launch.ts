// From a kernel's path and settings to a debugger over a fresh machine: what the command line and the adapter share.
// An edge: reads files. Every failure is a UserError that says what, where and what to do.

import { registerOfConstant } from "../knowledge/constants.ts";
import { bundledGuestPath, loadCpuModule } from "./assets.ts";
import { changedFiles, type Fingerprints, fingerprints } from "./changed-files.ts";
import { Debugger } from "./debugger/debugger.ts";
import { makeInteger } from "./debugger/expressions/convert.ts";
import { MachineTarget } from "./debugger/machine-target.ts";
import { BUILTIN } from "./debugger/types.ts";
import { inUserWords, UserError } from "./errors.ts";
import { kernelBytes, openSource } from "./file-source.ts";
import { bootProtocol, diskFile, moduleFile, readDisk, readInput, readModule } from "./input-files.ts";
import { openKernelSymbols, openNamedSymbols } from "./kernel-symbols.ts";
import type { Machine } from "./machine/api.ts";
import { parseMachineSwitches } from "./machine/board.ts";
import { createMachine } from "./machine/machine.ts";
import type { SymbolFile } from "./symbols/api.ts";
import type { SymbolFiles } from "./symbols/several.ts";

export interface KernelSettings {
  /** Path of the kernel's file; undefined or "": the bundled guest. */
  kernel?: string | undefined;
  /** Path of an ELF file with the kernel's symbols, where the kernel's own file has none (bzImage, ELF32). */
  symbols?: string | undefined;
  /** "pvh", "freebsd", "linux", "multiboot"; undefined, "" or "auto": what the kernel's file shows. */
  bootProtocol?: string | undefined;
  cmdline?: string | undefined;
  /** Path of the initial RAM disk. */
  initrd?: string | undefined;
  /** Each "FILE" or "FILE TEXT FOR THE KERNEL". */
  modules?: readonly string[] | undefined;
  /** Paths of raw images, each a virtio disk; "ro:FILE" for one that the guest may not write. The files are never changed. */
  disks?: readonly string[] | undefined;
  /** "256M", "1G", or bytes. */
  memory?: string | number | undefined;
  nsPerInstruction?: number | undefined;
  /** Processors; overrides `machine`. */
  cpus?: number | undefined;
  /** "pit=off,tsc-khz=2500000". */
  machine?: string | undefined;
}

export interface Session {
  kernelPath: string;
  bundled: boolean;
  symbols: SymbolFiles;
  target: MachineTarget;
  debugger: Debugger;
  /** RAM in bytes and guest time per instruction in ps, as they came out. */
  memory: number;
  psPerInstruction: number;
  /** Gets a restart ready: reads again what was written since. Throws UserError, and nothing has changed then. */
  prepareRestart(): PreparedRestart;
}

export interface PreparedRestart {
  /** Files that were read anew. */
  changed: readonly string[];
  /** The machine stands at its reset then, with the symbols and breakpoints of the files as they are now. */
  begin(): void;
}

const DEFAULT_MEMORY = 256 * 1024 * 1024;
const DEFAULT_PS_PER_INSTRUCTION = 100_000;

/** Reads the kernel and its symbols and builds the machine. Throws UserError. */
export function openSession(settings: KernelSettings): Session {
  const kernelPath = settings.kernel || inUserWords(() => bundledGuestPath());
  let loaded = load(settings, kernelPath);
  const target = inUserWords(() => new MachineTarget(loaded.make), kernelPath);
  const engine = new Debugger(target, loaded.symbols, clockConstant);
  engine.readFile = readInput;
  return {
    kernelPath,
    bundled: !settings.kernel,
    symbols: engine.symbols,
    target,
    debugger: engine,
    memory: loaded.memory,
    psPerInstruction: loaded.psPerInstruction,
    prepareRestart() {
      const changed = changedFiles(loaded.files);
      const next = changed.length > 0 ? load(settings, kernelPath) : loaded;
      // A kernel that cannot be booted is refused while the old one still stands.
      if (next !== loaded) inUserWords(() => next.make(), kernelPath);
      const begin = () => {
        target.restart(next.make);
        engine.restarted();
        if (next === loaded) return;
        loaded = next;
        engine.symbols.replaceMain(next.symbols);
        engine.symbolsChanged();
      };
      return { changed, begin };
    },
  };
}

interface Loaded {
  make(): Machine;
  symbols: SymbolFile;
  files: Fingerprints;
  memory: number;
  psPerInstruction: number;
}

/** Everything that the session's files hold. Throws UserError. */
function load(settings: KernelSettings, kernelPath: string): Loaded {
  const known = fingerprints(filesOf(settings, kernelPath));
  const source = openSource(kernelPath);
  const memory = parseMemory(settings.memory);
  const psPerInstruction = picoseconds(settings.nsPerInstruction);
  const switches = inUserWords(() => parseMachineSwitches(settings.machine ?? ""));
  if (settings.cpus !== undefined) switches.board.cpus = settings.cpus;
  const symbols = settings.symbols
    ? openNamedSymbols(settings.symbols, { path: kernelPath, source })
    : openKernelSymbols({ path: kernelPath, source });
  const module = inUserWords(() => loadCpuModule());
  const options = {
    kernel: kernelBytes(source),
    bootProtocol: bootProtocol(settings.bootProtocol),
    cmdline: settings.cmdline ?? "",
    initrd: settings.initrd ? readInput(settings.initrd) : undefined,
    modules: settings.modules?.map(readModule),
    disks: settings.disks?.map(readDisk),
    memory,
    psPerInstruction,
    ...switches,
  };
  const { debugFile } = symbols.info;
  const files = new Map([...known, ...fingerprints(debugFile ? [debugFile] : [])]);
  return { make: () => createMachine(module, options), symbols, files, memory, psPerInstruction };
}

function filesOf(
  { symbols, initrd, modules = [], disks = [] }: KernelSettings,
  kernelPath: string,
): string[] {
  const others = [symbols, initrd, ...modules.map(moduleFile), ...disks.map(diskFile)];
  return [kernelPath, ...others.filter((file): file is string => file !== undefined && file !== "")];
}

/** A clock register's constant as its number, for expressions: LAPIC_ICR_TIMER is 0x380. */
export function clockConstant(name: string) {
  const known = registerOfConstant(name);
  if (!known) return undefined;
  const { knowledge, field, value } = known;
  const place = knowledge.xapicOffset ?? knowledge.port ?? knowledge.msr;
  const number = field ? fieldNumber(field, value) : place;
  return number === undefined ? undefined : makeInteger(BUILTIN.int, BigInt(number));
}

/** A field's mask, or one of its values, in place. */
const fieldNumber = ({ high, low }: { high: number; low: number }, value: number | undefined): number =>
  (value ?? 2 ** (high - low + 1) - 1) * 2 ** low;

const UNITS: Record<string, number> = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** "256M" -> bytes. */
export function parseMemory(memory: string | number | undefined): number {
  if (memory === undefined || memory === "") return DEFAULT_MEMORY;
  const match = /^(\d+)\s*([kmg]?)(?:i?b)?$/i.exec(String(memory).trim());
  if (!match) throw new UserError(`Memory "${memory}" is not a size: write 256M, 1G, or bytes.`);
  return Number(match[1]) * UNITS[match[2]!.toLowerCase()]!;
}

function picoseconds(nanoseconds: number | undefined): number {
  if (nanoseconds === undefined) return DEFAULT_PS_PER_INSTRUCTION;
  const ps = Math.round(nanoseconds * 1000);
  if (Number.isFinite(ps) && ps >= 1) return ps;
  throw new UserError(`${nanoseconds} ns per instruction: must be 0.001 or more.`);
}
