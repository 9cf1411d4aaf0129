// Steps against gdb's over the same boot: at places spread over it, a few random steps (seeded) by gdb through our stub and by our debugger, and where
// each ends. Usage: node test/run-ts.mjs test/oracle/gdb-steps.ts KERNEL [--places 100] [--steps 4] [--seed 1]. Exits 1 when any differs.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { Debugger } from "../../emulator/debugger/debugger.ts";
import { serveGdb } from "../../emulator/gdb/server.ts";
import { openSession, type Session } from "../../emulator/launch.ts";
import { random } from "../random.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    places: { type: "string", default: "100" },
    steps: { type: "string", default: "4" },
    seed: { type: "string", default: "1" },
    cmdline: { type: "string", default: "console=com -a" },
    until: { type: "string", default: "root device:" },
  },
});
const kernel = positionals[0] ?? process.env.CLOCKPATH_NETBSD_KERNEL;
if (!kernel) throw new Error("usage: gdb-steps.ts KERNEL [--places N] [--steps N] [--seed N]");
const folder = mkdtempSync(path.join(os.tmpdir(), "clockpath-steps-"));
const open = (): Session => openSession({ kernel, cmdline: values.cmdline });

const COMMANDS: Record<string, (engine: Debugger) => Promise<unknown>> = {
  next: (engine) => engine.step("over"),
  step: (engine) => engine.step("into"),
  nexti: (engine) => engine.step("over", "instruction"),
  stepi: (engine) => engine.step("into", "instruction"),
};

interface Plan {
  address: bigint;
  commands: string[];
}

/** Places by instruction count, far enough apart that the steps of one end before the next. */
async function plan(count: number): Promise<Plan[]> {
  const whole = open();
  whole.target.limits = { untilConsole: values.until };
  await whole.target.resume({ kind: "continue" });
  const total = whole.target.counters.instructions();
  const { target, symbols } = open();
  const pick = random(Number(values.seed));
  const names = Object.keys(COMMANDS);
  const plans: Plan[] = [];
  for (let n = 1; n <= count; n++) {
    target.limits = { maxInstructions: Math.floor((total * n) / (count + 1)) };
    await target.resume({ kind: "continue" });
    target.limits = {};
    while (!symbols.lineAt(target.readRegister("rip"))) await target.resume({ kind: "step" });
    const commands = Array.from({ length: Number(values.steps) }, () => names[pick(names.length)]!);
    plans.push({ address: target.readRegister("rip"), commands });
  }
  return plans;
}

async function askGdb(plans: readonly Plan[]): Promise<string[]> {
  const [places, out] = [path.join(folder, "places"), path.join(folder, "gdb.txt")];
  writeFileSync(
    places,
    plans.map(({ address, commands }) => `0x${address.toString(16)} ${commands.join(" ")}\n`).join(""),
  );
  const server = await serveGdb(
    open().target,
    { host: "127.0.0.1", port: 0 },
    { connected() {}, left() {}, ended() {} },
  );
  const env = {
    ...process.env,
    LC_ALL: "C",
    KERNEL: kernel,
    STUB: `127.0.0.1:${server.address.port}`,
    PLACES: places,
    OUT: out,
  };
  const script = path.join(process.cwd(), "test/oracle/gdb-steps.py");
  const child = spawn("gdb", ["-nx", "-batch", "-x", script], { env, stdio: "ignore" });
  await new Promise((resolve) => child.on("close", resolve));
  await server.close();
  return readFileSync(out, "utf8").trimEnd().split("\n");
}

async function askOurs(plans: readonly Plan[]): Promise<string[]> {
  const { debugger: engine } = open();
  const place = () => {
    const [frame] = engine.frames();
    const file = frame?.file?.split("/").at(-1) ?? "?";
    return `${frame?.function ?? "?"} ${file}:${frame?.line ?? 0} 0x${(frame?.pc ?? 0n).toString(16)}`;
  };
  const answers: string[] = [];
  for (const { address, commands } of plans) {
    const breakpoint = engine.addBreakpoint({ kind: "address", address });
    await engine.continue();
    engine.removeBreakpoints((each) => each === breakpoint);
    answers.push(`=== ${place()}`);
    for (const command of commands) {
      await COMMANDS[command]!(engine);
      answers.push(`${command} ${place()}`);
    }
  }
  return answers;
}

async function main(): Promise<void> {
  const plans = await plan(Number(values.places));
  const [gdb, ours] = [await askGdb(plans), await askOurs(plans)];
  let start = "";
  let steps = 0;
  let differ = 0;
  // What follows a step that ended elsewhere at the same place is not compared.
  let lost = false;
  for (const [i, line] of gdb.entries()) {
    if (line.startsWith("=== ")) [start, lost] = [line, line !== ours[i]];
    else if (!lost) {
      steps++;
      lost = line !== ours[i];
      if (lost) console.log(`${start}\n  gdb:  ${line}\n  ours: ${ours[i]}`);
      if (lost) differ++;
    }
  }
  console.log(`${plans.length} places, ${steps} steps (seed ${values.seed}): ${differ} end elsewhere`);
  process.exit(differ === 0 ? 0 : 1);
}

void main();
