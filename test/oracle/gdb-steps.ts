// Run control against gdb's over the same boot: at places spread over it, a few random commands (seeded) by gdb through our stub and by our console,
// where each ends and what it says of a returned value. Usage: node test/run-ts.mjs test/oracle/gdb-steps.ts KERNEL [--places 100] [--steps 4]
// [--seed 1] [--commands finish,until]. Exits 1 when any differs.

import { parseArgs } from "node:util";
import { runOf } from "../../emulator/adapter/run-control.ts";
import { newConsole, runCommand } from "../../emulator/debugger/commands.ts";
import type { Debugger } from "../../emulator/debugger/debugger.ts";
import type { SymbolFile } from "../../emulator/symbols/api.ts";
import { random } from "../random.ts";
import { askGdb, bootOf, bounded, hexOf, OPTIONS, runTo, runToAddress } from "./gdb-side.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...OPTIONS,
    places: { type: "string", default: "100" },
    steps: { type: "string", default: "4" },
    /** Those of COMMANDS to draw from. */
    commands: { type: "string", default: "next,step,nexti,stepi" },
  },
});
const boot = bootOf(positionals[0], values);

type Pick = (below: number) => number;

/** What a random command of each name is, at a place. "up" is followed by a finish of that frame. */
const COMMANDS: Record<string, (symbols: SymbolFile, pc: bigint, pick: Pick) => string[]> = {
  next: () => ["next"],
  step: () => ["step"],
  nexti: () => ["nexti"],
  stepi: () => ["stepi"],
  finish: () => ["finish"],
  up: (_symbols, _pc, pick) => [`up ${1 + pick(2)}`, "finish"],
  until: () => ["until"],
  untilLine: (symbols, pc, pick) => [`until ${nearbyLine(symbols, pc, pick)}`],
  advance: (symbols, pc, pick) => [`advance ${nearbyLine(symbols, pc, pick)}`],
  tbreak: (symbols, pc, pick) => [`tbreak ${nearbyLine(symbols, pc, pick)}`, "continue"],
};

/** A line of the function at the pc. */
function nearbyLine(symbols: SymbolFile, pc: bigint, pick: Pick): string {
  const ranges = symbols.functionsAt(pc).at(-1)?.ranges ?? [{ low: pc, high: pc + 1n }];
  const { low, high } = ranges[0]!;
  const row = symbols.lineAt(low + BigInt(pick(Number(high - low)))) ?? symbols.lineAt(pc)!;
  return `${row.file.split("/").at(-1)}:${row.line}`;
}

interface Plan {
  address: bigint;
  commands: string[];
}

/** Places by instruction count, far enough apart that the steps of one end before the next. */
async function plan(): Promise<Plan[]> {
  const session = boot.open();
  const { target, symbols } = session;
  const pick = random(Number(values.seed));
  const names = values.commands.split(",");
  const plans: Plan[] = [];
  for (const moment of await boot.moments(Number(values.places))) {
    await runTo(session, moment);
    while (!symbols.lineAt(target.readRegister("rip"))) await target.resume({ kind: "step" });
    const address = target.readRegister("rip");
    // Near its outermost frames a boot does not come back.
    const isDeep = session.debugger.frames().length > 9;
    const commands = Array.from({ length: Number(values.steps) }, () =>
      COMMANDS[isDeep ? names[pick(names.length)]! : "next"]!(symbols, address, pick),
    );
    session.debugger.invalidate();
    plans.push({ address, commands: commands.flat() });
  }
  return plans;
}

function place(engine: Debugger): string {
  const [frame] = engine.frames();
  const file = frame?.file?.split("/").at(-1) ?? "?";
  return `${frame?.function ?? "?"} ${file}:${frame?.line ?? 0} ${hexOf(frame?.pc ?? 0n)}`;
}

async function askOurs(plans: readonly Plan[]): Promise<string[]> {
  const { debugger: engine } = bounded(boot.open());
  const answers: string[] = [];
  for (const { address, commands } of plans) {
    if (!(await runToAddress(engine, address))) break;
    answers.push(`=== ${place(engine)}`);
    const console = newConsole();
    for (const command of commands) answers.push(`${command}: ${await perform(command, engine, console)}`);
    engine.removeBreakpoints(() => true);
  }
  return answers;
}

async function perform(
  command: string,
  engine: Debugger,
  console: ReturnType<typeof newConsole>,
): Promise<string> {
  try {
    const outcome = await runCommand(command, engine, engine.frames()[0], console);
    const runs = outcome.kind === "run" || outcome.kind === "runTo";
    const messages = runs ? (await runOf(engine, outcome)).messages : [];
    const returned = messages.filter((message) => message.startsWith("Value returned"));
    return [place(engine), ...returned].join(" ");
  } catch (error) {
    return `error: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function main(): Promise<void> {
  const plans = await plan();
  const lines = plans.map(({ address, commands }) => `${hexOf(address)} ${commands.join(";")}`);
  const gdb = (await askGdb(boot, "gdb-steps.py", lines)).trimEnd().split("\n");
  const ours = await askOurs(plans);
  let start = "";
  let [steps, differ] = [0, 0];
  // What follows a step that ended elsewhere at the same place is not compared.
  let lost = false;
  for (const [i, line] of gdb.entries()) {
    if (line.startsWith("=== ")) [start, lost] = [line, line !== ours[i]];
    else if (!lost) {
      steps++;
      lost = numberless(line) !== numberless(ours[i] ?? "");
      if (lost) console.log(`${start}\n  gdb:  ${line}\n  ours: ${ours[i]}`);
      if (lost) differ++;
    }
  }
  console.log(
    `${plans.length} places, ${steps} commands (${values.commands}; seed ${values.seed}): ${differ} end elsewhere (${boot.folder})`,
  );
  process.exit(differ === 0 ? 0 : 1);
}

/** Without the number in the value history, which goes on differently after a difference. */
const numberless = (line: string): string => line.replace(/Value returned is \$\d+/, "Value returned is $");

void main();
