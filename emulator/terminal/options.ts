// The arguments of `clockpath boot`. Must not know the machine or the debugger.

import { parseArgs } from "node:util";
import { UserError } from "../errors.ts";
import { count } from "../settings-text.ts";

export interface BootOptions {
  kernel: string | undefined;
  symbols: string | undefined;
  bootProtocol: string | undefined;
  cmdline: string;
  initrd: string | undefined;
  modules: string[];
  disks: string[];
  memory: string | undefined;
  breaks: string[];
  watches: string[];
  catches: string[];
  stops: number | undefined;
  untilConsole: string | undefined;
  /** "WHEN=TEXT" */
  inputs: string[];
  /** What is typed here goes to the guest. */
  interactive: boolean;
  maxInstructions: number | undefined;
  nsPerInstruction: number | undefined;
  cpus: number | undefined;
  machine: string;
  /** Serve gdb here: a port or HOST:PORT. */
  gdb: string | undefined;
  noSymbolCache: boolean;
  json: boolean;
  help: boolean;
}

export const BOOT_HELP = `usage: clockpath boot [KERNEL] [options]

Boots an x86-64 kernel on the embedded microVM, stops at breakpoints and shows the stack and the clock hardware: ELF with a
PVH entry (NetBSD, Linux), FreeBSD by its native entry, Linux bzImage or vmlinux, Multiboot 1. Without KERNEL, the bundled guest boots. Time is virtual: the same run twice is the same to the bit.

  --break WHERE            stop at a function, FILE:LINE or *ADDRESS; may be given several times
  --watch PLACE            stop after an instruction that changes PLACE: a variable or C lvalue, lapic.timer_initial_count,
                           LAPIC_ICR_TIMER, "msr 0x1b", "port 0x40", "phys 0xfee00380,4"; may be given several times
  --catch NAME             stop at page-fault, general-protection, exception, unknown-msr, unknown-port, interrupt;
                           "interrupt=0x60,0xc0-0xcf" and "page-fault=$_address < 4096" choose among them
  --stops N                end with success after N stops
  --until-console TEXT     end with success when the console has printed TEXT, at that very instruction
  --input "WHEN=TEXT"      when the console has printed WHEN, type TEXT and Enter: "root device:=ld0a"; may be given several
                           times, and goes in order. Typed at that very instruction: two runs are equal
  --interactive, -i        what is typed here goes to the guest's console; Ctrl-] ends
  --max-instructions N     give up after N guest instructions (1000000, 50M); 5G where nothing else ends the run
  --cmdline S              kernel command line; for FreeBSD loader variables and boot flags: "-v kern.hz=1000"
  --initrd FILE            initial RAM disk
  --module FILE            boot module; may be given several times; "FILE TEXT" tells the kernel TEXT instead of the file's name
  --disk FILE              raw disk image as a virtio disk; may be given several times; "ro:FILE": the guest may not write.
                           The file is never changed: what the guest writes is kept in memory
  --boot-protocol NAME     pvh, freebsd, linux or multiboot, where the kernel's file does not tell
  --symbols FILE           ELF file with the symbols, for a kernel file without (bzImage, ELF32)
  --no-symbol-cache        neither use nor keep an index of the kernel's debug information on disk
  --memory SIZE            guest RAM: 256M (default), 1G
  --ns-per-instruction N   guest time that an instruction takes; default 100
  --cpus N                 processors, 1 to 8; default 1
  --machine SWITCHES       preset=firecracker,pit=off,pic=on,rtc=off,tsc-khz=2500000,hypervisor=KVMKVMKVM,pvclock=on, ...
  --gdb [HOST:]PORT        serve gdb instead: wait for "target remote :PORT", then do what it says. Port 0: a free one.
                           Only this machine can connect unless HOST says otherwise
  --json                   one JSON object a line, for scripts

Exit status: 0 when the run ended as asked, 1 on an error or when it did not get there. A guest that writes N to port 0xf4
(--machine debug-exit=on) ends the run with N * 2 + 1, as on QEMU.
`;

/** Reads the arguments. Throws UserError with one line for what is wrong. */
export function parseBootOptions(args: string[]): BootOptions {
  const { values, positionals } = parse(args);
  if (positionals.length > 1)
    throw new UserError(`boot takes one kernel, not ${positionals.length}: ${positionals.join(" ")}`);
  return {
    kernel: positionals[0],
    symbols: values.symbols,
    bootProtocol: values["boot-protocol"],
    cmdline: values.cmdline ?? "",
    initrd: values.initrd,
    modules: values.module ?? [],
    disks: values.disk ?? [],
    memory: values.memory,
    breaks: values.break ?? [],
    watches: values.watch ?? [],
    catches: values.catch ?? [],
    stops: count("--stops", values.stops),
    untilConsole: values["until-console"] || undefined,
    inputs: values.input ?? [],
    interactive: values.interactive ?? false,
    maxInstructions: count("--max-instructions", values["max-instructions"]),
    nsPerInstruction: decimal("--ns-per-instruction", values["ns-per-instruction"]),
    cpus: count("--cpus", values.cpus),
    machine: (values.machine ?? []).join(","),
    gdb: values.gdb,
    noSymbolCache: values["no-symbol-cache"] ?? false,
    json: values.json ?? false,
    help: values.help ?? false,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args: joinTexts(args),
      allowPositionals: true,
      options: {
        break: { type: "string", multiple: true, short: "b" },
        watch: { type: "string", multiple: true, short: "w" },
        catch: { type: "string", multiple: true },
        stops: { type: "string" },
        "until-console": { type: "string" },
        input: { type: "string", multiple: true },
        interactive: { type: "boolean", short: "i" },
        "max-instructions": { type: "string" },
        symbols: { type: "string" },
        "no-symbol-cache": { type: "boolean" },
        "boot-protocol": { type: "string" },
        cmdline: { type: "string" },
        initrd: { type: "string" },
        module: { type: "string", multiple: true },
        disk: { type: "string", multiple: true },
        memory: { type: "string" },
        "ns-per-instruction": { type: "string" },
        cpus: { type: "string" },
        machine: { type: "string", multiple: true },
        gdb: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    // The first sentence says what is wrong; the rest of Node's message explains its own conventions.
    const message = (error as Error).message.split(/[.\n] /)[0]!;
    throw new UserError(`${message.replace(/\.$/, "")}. See clockpath boot --help.`);
  }
}

/** A kernel's command line may begin with a dash: what follows `--cmdline` is its text, whatever it looks like. */
function joinTexts(args: readonly string[]): string[] {
  return args.flatMap((arg, i) => {
    if (arg === "--cmdline" && args[i + 1] !== undefined) return [`--cmdline=${args[i + 1]}`];
    return args[i - 1] === "--cmdline" ? [] : [arg];
  });
}

function decimal(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number > 0) return number;
  throw new UserError(`${option} takes a number above 0, not "${text}".`);
}
