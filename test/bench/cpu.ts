// `npm run bench:cpu`: guest MIPS of our machine beside QEMU TCG's, on the same code in one run: loops of integer, memory and SSE2
// instructions (below, our own), and a real kernel's boot when CLOCKPATH_NETBSD_KERNEL names one. Needs qemu-system-x86_64.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import path from "node:path";
import { loadCpuModule } from "../../emulator/assets.ts";
import { createMachine } from "../../emulator/machine/machine.ts";
import { pvhElf } from "../boot/pvh-elf.ts";

const RUNS = 3;
const ROUNDS = 40_000_000;
const PROMPT = "root device";
const dword = (value: number) => [0, 8, 16, 24].map((shift) => (value >>> shift) & 255);

/** Bodies of 32-bit loops over ECX; ESI walks a megabyte of memory, EDI stands behind it. */
const LOOPS: Record<string, number[]> = {
  integer: [
    ...[0x01, 0xc8], // add eax, ecx
    ...[0x31, 0xc2], // xor edx, eax
    ...[0xc1, 0xc0, 0x05], // rol eax, 5
    ...[0x8d, 0x1c, 0x42], // lea ebx, [edx+eax*2]
    ...[0x39, 0xd3], // cmp ebx, edx
    ...[0x72, 0x02], // jb +2
    ...[0x29, 0xd8], // sub eax, ebx
  ],
  memory: [
    ...[0x8b, 0x06], // mov eax, [esi]
    ...[0x01, 0xc8], // add eax, ecx
    ...[0x89, 0x07], // mov [edi], eax
    ...[0x83, 0xc6, 0x04], // add esi, 4
    ...[0x01, 0x56, 0x40], // add [esi+0x40], edx
    ...[0x81, 0xe6, ...dword(0x002ffffc)], // and esi, 0x2ffffc
    ...[0x81, 0xce, ...dword(0x00200000)], // or esi, 0x200000
  ],
  sse2: [
    ...[0x66, 0x0f, 0x6f, 0x06], // movdqa xmm0, [esi]
    ...[0x66, 0x0f, 0xfe, 0xc8], // paddd xmm1, xmm0
    ...[0x66, 0x0f, 0xef, 0xd1], // pxor xmm2, xmm1
    ...[0x66, 0x0f, 0x70, 0xda, 0x1b], // pshufd xmm3, xmm2, 0x1b
    ...[0x66, 0x0f, 0x7f, 0x1f], // movdqa [edi], xmm3
  ],
};

/** Instructions of a body on its longest path, with DEC and JNZ. */
const LENGTH: Record<string, number> = { integer: 9, memory: 9, sse2: 7 };

function guest(body: number[], rounds: number): Uint8Array {
  const loop = [...body, 0x49]; // dec ecx
  const back = -(loop.length + 6);
  return pvhElf({
    code: [
      ...[0xb8, ...dword(0x600), 0x0f, 0x22, 0xe0], // mov cr4, OSFXSR | OSXMMEXCPT
      ...[
        0xb9,
        ...dword(rounds),
        0xbe,
        ...dword(0x200000),
        0xbf,
        ...dword(0x400000),
        0x31,
        0xc0,
        0x31,
        0xd2,
        0x31,
        0xdb,
      ],
      ...loop,
      ...[0x0f, 0x85, ...dword(back)], // jnz loop
      ...[0xb0, 0x00, 0xe6, 0xf4, 0xf4], // out 0xf4, al; hlt
    ],
  });
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const elapsed = (from: bigint) => Number(process.hrtime.bigint() - from) / 1e6;

interface Timed {
  ms: number;
  instructions: number;
}

function oursLoop(kernel: Uint8Array): Timed {
  const machine = createMachine(loadCpuModule(), { kernel, memory: 16 << 20, board: { debugExit: true } });
  const start = process.hrtime.bigint();
  let stop = machine.run(1_000_000);
  while (stop.kind === "limit") stop = machine.run(1_000_000);
  if (stop.kind !== "shutdown") throw new Error(`the loop ended by ${stop.kind}`);
  return { ms: elapsed(start), instructions: machine.instructions };
}

const MACHINE = ["-M", "microvm,x-option-roms=off,rtc=on,acpi=off,pic=off,accel=tcg", "-m", "256", "-smp", "1", "-nodefaults", "-no-user-config", "-display", "none"]; // biome-ignore format: a command line

function qemuLoop(file: string): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(
    "qemu-system-x86_64",
    [...MACHINE, "-device", "isa-debug-exit,iobase=0xf4,iosize=1", "-kernel", file],
    { encoding: "utf8", timeout: 120_000 },
  );
  if (status !== 1) throw new Error(`QEMU ended with status ${status}: ${stderr}`);
  return elapsed(start);
}

function loops(folder: string): void {
  for (const [name, body] of Object.entries(LOOPS)) {
    const whole = path.join(folder, `${name}.elf`);
    const empty = path.join(folder, `${name}-1.elf`);
    writeFileSync(whole, guest(body, ROUNDS));
    writeFileSync(empty, guest(body, 1));
    const ours: Timed[] = [];
    const theirs: number[] = [];
    for (let i = 0; i < RUNS; i++) {
      ours.push(oursLoop(readFileSync(whole)));
      theirs.push(qemuLoop(whole) - qemuLoop(empty));
    }
    report(`${name} (${LENGTH[name]} instructions a round)`, ours, theirs);
  }
}

function oursBoot(kernel: string): Timed {
  const machine = createMachine(loadCpuModule(), { kernel: readFileSync(kernel), cmdline: "console=com -a" });
  const decoder = new TextDecoder("latin1");
  let console = "";
  let start = process.hrtime.bigint();
  while (!console.includes(PROMPT)) {
    const stop = machine.run(100_000);
    if (stop.kind !== "limit") throw new Error(`the kernel ended by ${stop.kind}`);
    const text = decoder.decode(machine.takeConsoleOutput());
    if (console === "" && text !== "") start = process.hrtime.bigint();
    console += text;
  }
  return { ms: elapsed(start), instructions: machine.instructions };
}

function qemuBoot(kernel: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn("qemu-system-x86_64", [
      ...MACHINE,
      "-serial",
      "stdio",
      "-kernel",
      kernel,
      "-append",
      "console=com -a",
    ]);
    let console = "";
    let start = process.hrtime.bigint();
    child.on("error", reject);
    child.stdout.on("data", (bytes: Buffer) => {
      if (console === "") start = process.hrtime.bigint();
      console += bytes.toString("latin1");
      if (!console.includes(PROMPT)) return;
      resolve(elapsed(start));
      child.kill("SIGKILL");
    });
  });
}

/** Both MIPS by our count of instructions: QEMU's is a few per cent off where its guest waits for real time. */
function report(name: string, ours: Timed[], theirs: number[]): void {
  const { instructions } = ours[0]!;
  const mips = (ms: number) => (instructions / ms / 1000).toFixed(0).padStart(5);
  const [a, b] = [median(ours.map(({ ms }) => ms)), median(theirs)];
  console.log(
    `${name.padEnd(36)} ${(instructions / 1e6).toFixed(0).padStart(4)} M  clockpath ${mips(a)} MIPS  qemu ${mips(b)} MIPS  time ratio ${(a / b).toFixed(2)}`,
  );
}

async function main(): Promise<void> {
  console.log(`load of the host before: ${loadavg()[0]!.toFixed(2)}; medians of ${RUNS}`);
  const folder = mkdtempSync(path.join(tmpdir(), "clockpath-bench-"));
  try {
    loops(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const kernel = process.env.CLOCKPATH_NETBSD_KERNEL;
  if (!kernel) {
    console.log("kernel boot: CLOCKPATH_NETBSD_KERNEL is not set");
    return;
  }
  const ours: Timed[] = [];
  const theirs: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    ours.push(oursBoot(kernel));
    theirs.push(await qemuBoot(kernel));
  }
  report("NetBSD, first console byte to prompt", ours, theirs);
}

void main();
