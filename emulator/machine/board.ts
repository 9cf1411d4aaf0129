// The switches of the board: which clock hardware there is and what it says. Defaults are those of
// QEMU `-M microvm,rtc=on,acpi=off,pic=off`. Must not know the devices; the text form serves command lines and launch settings.

import { MAX_TICK_HZ } from "../devices/timebase.ts";
import { OPEN_PORTS, type OpenPorts } from "./bus.ts";

export interface Board {
  /** Processors, 1 to 8. */
  cpus: number;
  /** How many instructions a processor runs before the next one's turn, where there are several. */
  quantum: number;
  /** What each processor's time-stamp counter shows at reset, in ticks; where none is given 0. */
  tscOffsets: readonly number[];
  /** The pair of i8259 interrupt controllers. */
  pic: boolean;
  /** The i8254 interval timer. */
  pit: boolean;
  /** The MC146818 real-time clock. */
  rtc: boolean;
  /** The MP table: without it a kernel finds neither I/O APIC nor local APIC. */
  mpTable: boolean;
  /** ACPI tables with the processors, the I/O APIC and COM1, of the hardware-reduced kind: kernels then use no i8254 interrupt. */
  acpi: boolean;
  /** The MP table tells how many entries it has. QEMU's firmware forgets to: only kernels with a quirk for it read such a table. */
  mpTableCount: boolean;
  /** Local APIC timer clock before its divider, 1 to 10^9 Hz. */
  lapicHz: number;
  /** CPUID 0x80000007 EDX bit 8. The counter is constant either way; this is what the kernel is told. */
  tscInvariant: boolean;
  /** TSC-deadline mode of the local APIC timer and its CPUID bit. */
  tscDeadline: boolean;
  /** x2APIC mode of the local APIC and its CPUID bit. */
  x2apic: boolean;
  /** How much of the processor CPUID offers: "qemu64" what NetBSD and FreeBSD know from QEMU's default, "max" all there is. */
  cpu: CpuModel;
  /** Twelve characters of CPUID leaf 0. */
  vendor: string;
  /** Twelve characters of CPUID leaf 0x40000000; "" = no hypervisor leaf and no hypervisor bit. */
  hypervisor: string;
  /** isa-debug-exit at port 0xf4: a write ends the run. */
  debugExit: boolean;
  /** The device of kvm-unit-tests: ports 0xe0, 0xe4, 0x2000 to 0x2017, memory at 0xff000000. */
  testDevice: boolean;
  /** QEMU's firmware configuration device at ports 0x510 and 0x511. */
  fwCfg: boolean;
  /** CPUID tells frequencies: leaves 0x15 and 0x16, and the hypervisor's 0x40000010. */
  cpuidTiming: boolean;
  /** KVM's paravirtual clock: its MSRs, and CPUID leaf 0x40000001. */
  pvclock: boolean;
  /** Where virtio devices are: QEMU's microvm 0xfeb00e00 (interrupt 12) and down, Firecracker 0xd0000000 (5) and up. */
  virtioPlaces: "microvm" | "firecracker";
  /** What a port without device reads as. "last" is Firecracker's way: it leaves KVM's buffer as the access before filled it. */
  openPorts: OpenPorts;
  /** Virtio 1 registers (version 2); else the legacy ones (version 1). */
  virtioModern: boolean;
  /** A virtio network card with nothing behind it. */
  virtioNetwork: boolean;
  /** A virtio entropy source; its bytes come from entropySeed. */
  virtioEntropy: boolean;
  /** A virtio console beside COM1; what it prints goes to the same place. */
  virtioConsole: boolean;
  /** 32 bits. */
  entropySeed: number;
  /** What the RTC shows at reset, in seconds since 1970-01-01 UTC. */
  rtcStart: number;
}

export const CPU_MODELS = ["qemu64", "max"] as const;
export type CpuModel = (typeof CPU_MODELS)[number];

export const MAX_CPUS = 8;
export const DEFAULT_QUANTUM = 1000;
export const MAX_QUANTUM = 1_000_000;

export const DEFAULT_BOARD: Board = {
  cpus: 1,
  quantum: DEFAULT_QUANTUM,
  tscOffsets: [],
  pic: false,
  pit: true,
  rtc: true,
  mpTable: true,
  acpi: false,
  mpTableCount: true,
  lapicHz: 1_000_000_000,
  tscInvariant: false,
  tscDeadline: false,
  x2apic: false,
  cpu: "qemu64",
  vendor: "AuthenticAMD",
  hypervisor: "TCGTCGTCGTCG",
  debugExit: false,
  testDevice: false,
  fwCfg: true,
  cpuidTiming: false,
  pvclock: false,
  virtioPlaces: "microvm",
  openPorts: "ones",
  virtioModern: true,
  virtioNetwork: false,
  virtioEntropy: false,
  virtioConsole: false,
  entropySeed: 1,
  rtcStart: 1_736_553_600, // 2025-01-11 00:00:00
};

/** What a board of that name differs in from the default. */
const PRESETS: Readonly<Record<string, Partial<Board>>> = {
  "qemu-microvm": {},
  firecracker: {
    pic: true,
    rtc: false,
    fwCfg: false,
    x2apic: true,
    hypervisor: "KVMKVMKVM",
    pvclock: true,
    virtioPlaces: "firecracker",
    openPorts: "last",
  },
};

export const DEFAULT_TSC_HZ = 1_000_000_000;
export const MAX_TSC_HZ = 100_000_000_000;

/** So many executions before a block of code is translated are as good as never. */
export const MAX_TRANSLATE_AFTER = 1_000_000_000;

export interface MachineSwitches {
  tscHz?: number;
  translateAfter?: number;
  board: Partial<Board>;
}

interface Switch {
  /** For messages: "on or off". */
  takes: string;
  /** False when the value is not what the switch takes. */
  apply(switches: MachineSwitches, value: string): boolean;
}

type BooleanKey = { [K in keyof Board]: Board[K] extends boolean ? K : never }[keyof Board];

function onOff(key: BooleanKey): Switch {
  return {
    takes: "on or off",
    apply(switches, value) {
      if (value !== "on" && value !== "off") return false;
      switches.board[key] = value === "on";
      return true;
    },
  };
}

function wholeNumber(low: number, high: number, set: (switches: MachineSwitches, n: number) => void): Switch {
  return {
    takes: `a whole number from ${low} to ${high}`,
    apply(switches, value) {
      const n = /^\d+$/.test(value) ? Number(value) : Number.NaN;
      if (!(n >= low && n <= high)) return false;
      set(switches, n);
      return true;
    },
  };
}

/** By the names that users write, QEMU's where it has one. */
const SWITCHES: Readonly<Record<string, Switch>> = {
  preset: {
    takes: Object.keys(PRESETS).join(" or "),
    apply(switches, value) {
      if (!Object.hasOwn(PRESETS, value)) return false;
      Object.assign(switches.board, PRESETS[value]);
      return true;
    },
  },
  cpus: wholeNumber(1, MAX_CPUS, (s, n) => {
    s.board.cpus = n;
  }),
  quantum: wholeNumber(1, MAX_QUANTUM, (s, n) => {
    s.board.quantum = n;
  }),
  "tsc-offset": {
    takes: "a processor and ticks, as in 1:-5000; once for each processor",
    apply({ board }, value) {
      const match = /^([0-7]):(-?\d{1,15})$/.exec(value);
      if (!match) return false;
      const offsets = [...(board.tscOffsets ?? [])];
      for (let n = offsets.length; n < Number(match[1]); n++) offsets.push(0);
      offsets[Number(match[1])] = Number(match[2]);
      board.tscOffsets = offsets;
      return true;
    },
  },
  pic: onOff("pic"),
  pit: onOff("pit"),
  rtc: onOff("rtc"),
  acpi: onOff("acpi"),
  mptable: {
    takes: "on, off or no-count",
    apply(switches, value) {
      if (!["on", "off", "no-count"].includes(value)) return false;
      switches.board.mpTable = value !== "off";
      switches.board.mpTableCount = value !== "no-count";
      return true;
    },
  },
  "open-ports": {
    takes: OPEN_PORTS.join(" or "),
    apply(switches, value) {
      const open = OPEN_PORTS.find((name) => name === value);
      if (open) switches.board.openPorts = open;
      return open !== undefined;
    },
  },
  "fw-cfg": onOff("fwCfg"),
  "cpuid-timing": onOff("cpuidTiming"),
  pvclock: {
    takes: "on or off",
    apply(switches, value) {
      if (value !== "on" && value !== "off") return false;
      switches.board.pvclock = value === "on";
      // Kernels look for the clock under KVM's signature only.
      if (value === "on") switches.board.hypervisor = "KVMKVMKVM";
      return true;
    },
  },
  "virtio-modern": onOff("virtioModern"),
  "virtio-net": onOff("virtioNetwork"),
  "virtio-rng": onOff("virtioEntropy"),
  "virtio-console": onOff("virtioConsole"),
  "rng-seed": wholeNumber(0, 0xffffffff, (s, n) => {
    s.board.entropySeed = n;
  }),
  invtsc: onOff("tscInvariant"),
  "tsc-deadline": onOff("tscDeadline"),
  "debug-exit": onOff("debugExit"),
  testdev: onOff("testDevice"),
  x2apic: onOff("x2apic"),
  cpu: {
    takes: CPU_MODELS.join(" or "),
    apply(switches, value) {
      const model = CPU_MODELS.find((name) => name === value);
      if (model) switches.board.cpu = model;
      return model !== undefined;
    },
  },
  vendor: {
    takes: "twelve ASCII characters",
    apply(switches, value) {
      if (!/^[!-~]{12}$/.test(value)) return false;
      switches.board.vendor = value;
      return true;
    },
  },
  "tsc-khz": wholeNumber(1, MAX_TSC_HZ / 1000, (s, n) => {
    s.tscHz = n * 1000;
  }),
  "lapic-khz": wholeNumber(1, MAX_TICK_HZ / 1000, (s, n) => {
    s.board.lapicHz = n * 1000;
  }),
  "rtc-start": wholeNumber(0, 7_258_118_400, (s, n) => {
    s.board.rtcStart = n;
  }),
  translate: {
    takes: `on, off, or a number of executions up to ${MAX_TRANSLATE_AFTER}`,
    apply(switches, value) {
      if (value === "on") return true;
      const executions = value === "off" ? 0 : /^\d{1,10}$/.test(value) ? Number(value) : Number.NaN;
      if (!(executions <= MAX_TRANSLATE_AFTER)) return false;
      switches.translateAfter = executions;
      return true;
    },
  },
  hypervisor: {
    takes: "off, or a signature of at most 12 ASCII characters",
    apply(switches, value) {
      if (!/^[ -~]{1,12}$/.test(value)) return false;
      switches.board.hypervisor = value === "off" ? "" : value;
      return true;
    },
  },
};

/**
 * Reads "pit=off,tsc-khz=2500000,hypervisor=KVMKVMKVM"; a preset comes first, wherever it stands.
 * Throws RangeError that names the word and what it should be.
 * The result can be spread into MachineOptions.
 */
export function parseMachineSwitches(text: string): MachineSwitches {
  const switches: MachineSwitches = { board: {} };
  const words = text.split(",").filter((word) => word !== "");
  const isPreset = (word: string) => word.startsWith("preset=");
  for (const word of [...words.filter(isPreset), ...words.filter((word) => !isPreset(word))]) {
    const equals = word.indexOf("=");
    const name = equals < 0 ? word : word.slice(0, equals);
    const known = Object.hasOwn(SWITCHES, name) ? SWITCHES[name] : undefined;
    if (!known) {
      throw new RangeError(`Unknown machine switch "${name}". Known: ${Object.keys(SWITCHES).join(", ")}.`);
    }
    if (equals < 0 || !known.apply(switches, word.slice(equals + 1))) {
      throw new RangeError(`Machine switch "${word}": ${name} takes ${known.takes}.`);
    }
  }
  return switches;
}
