// What a breakpoint costs whose condition is false: time for each hit at the NetBSD kernel's prompt, where it polls its console, beside gdb on
// QEMU. CLOCKPATH_NETBSD_KERNEL=… npm run bench:conditions [-- --hits 1000000 --gdb-hits 20000]
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { parseLocation } from "../../emulator/debugger/locations.ts";
import { openSession } from "../../emulator/launch.ts";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((each) => each !== "--" && !each.endsWith(".ts")),
  options: { hits: { type: "string", default: "1000000" }, "gdb-hits": { type: "string", default: "20000" } },
});
const kernel = process.env.CLOCKPATH_NETBSD_KERNEL;
const PROMPT = "root device:";
const CMDLINE = "console=com -a";

/** Each counts in its last part, so that the N-th hit stops. */
const CASES = [
  { where: "docritpollhooks", condition: (last: number) => `$n++ == ${last}` },
  { where: "com_common_getc", condition: (last: number) => `dev == 77 || $n++ == ${last}` },
  {
    where: "com_common_getc",
    condition: (last: number) => `timecounter->tc_quality > 5000 || $n++ == ${last}`,
  },
];

/** Microseconds a hit. */
async function ours(where: string, condition: string, hits: number): Promise<number> {
  const { target, debugger: engine } = openSession({ kernel, cmdline: CMDLINE });
  target.limits = { untilConsole: PROMPT };
  await engine.continue();
  target.limits = {};
  const breakpoint = engine.addBreakpoint(parseLocation(where), { condition: "($n = 0) || 1" });
  await engine.continue();
  engine.changeBreakpoint(breakpoint, { condition });
  const before = performance.now();
  const { hit, messages } = await engine.continue();
  const took = performance.now() - before;
  if (hit[0] !== breakpoint || messages.length > 0) throw new Error(`stopped elsewhere: ${messages}`);
  return (took * 1000) / hits;
}

const QEMU = [
  "-M", "microvm,x-option-roms=off,rtc=on,acpi=off,pic=off,accel=tcg", "-m", "256", "-smp", "1", "-nodefaults", "-no-user-config", "-display", "none",
  "-monitor", "none", "-S",
]; // biome-ignore format: a list

async function theirs(where: string, condition: string, hits: number, folder: string): Promise<number> {
  const [socket, log, script] = ["gdb.sock", "console.txt", "script.gdb"].map((name) =>
    path.join(folder, name),
  );
  const stub = ["-chardev", `socket,path=${socket},server=on,wait=off,id=gdb`, "-gdb", "chardev:gdb"];
  const qemu = spawn("qemu-system-x86_64", [
    ...QEMU,
    "-serial",
    `file:${log}`,
    ...stub,
    "-kernel",
    kernel!,
    "-append",
    CMDLINE,
  ]);
  try {
    writeFileSync(
      script!,
      `set osabi none\nset architecture i386:x86-64\nset pagination off\nfile ${kernel}\ntarget remote ${socket}\nhbreak docritpollhooks\ncontinue\ndelete\n` +
        `set $n = 0\nbreak ${where} if ${condition}\npython import time\npython start = time.time()\ncontinue\npython print("TOOK", time.time() - start)\nkill\n`,
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
    const gdb = spawnSync("gdb", ["-nx", "-batch", "-x", script!], { encoding: "utf8", timeout: 300_000 });
    const took = /TOOK ([\d.]+)/.exec(gdb.stdout)?.[1];
    if (!took) throw new Error(`gdb: ${gdb.stdout}${gdb.stderr}`);
    return (Number(took) * 1e6) / hits;
  } finally {
    qemu.kill("SIGKILL");
  }
}

async function main(): Promise<void> {
  const [hits, gdbHits] = [Number(values.hits), Number(values["gdb-hits"])];
  const folder = mkdtempSync(path.join(os.tmpdir(), "clockpath-conditions-"));
  for (const { where, condition } of CASES) {
    const own = await ours(where, condition(hits - 1), hits);
    const line = `break ${where} if ${condition(hits - 1)}: ${((own * hits) / 1e6).toFixed(2)} s for ${hits} hits, ${own.toFixed(2)} µs each`;
    const gdb = gdbHits > 0 ? await theirs(where, condition(gdbHits - 1), gdbHits, folder) : undefined;
    console.log(
      gdb === undefined
        ? line
        : `${line}; gdb on QEMU ${gdb.toFixed(1)} µs each (${gdbHits} hits): ${(own / gdb).toFixed(3)}`,
    );
  }
  rmSync(folder, { recursive: true });
}

if (!kernel) console.log("bench:conditions needs CLOCKPATH_NETBSD_KERNEL: an ELF kernel with debug info.");
else void main().then(() => process.exit());
