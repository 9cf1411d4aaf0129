// Random expressions by gdb and by our console on the same states of a real kernel's boot: print in every format, whatis, ptype, sizeof, x. Usage:
// node test/run-ts.mjs test/oracle/gdb-expressions.ts KERNEL [--stops 40] [--expressions 50] [--seed 1] [--show 20]. Exits 1 when any differs.

import { parseArgs } from "node:util";
import type { Frame } from "../../emulator/debugger/frames.ts";
import { type Random, random } from "../random.ts";
import { Generator } from "./expression-generator.ts";
import { expressionExplanations } from "./gdb-explained.ts";
import {
  answerOf,
  answersOf,
  askGdb,
  bootOf,
  difference,
  hexOf,
  OPTIONS,
  plain,
  runTo,
  runToAddress,
} from "./gdb-side.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...OPTIONS,
    stops: { type: "string", default: "40" },
    /** At each stop. */
    expressions: { type: "string", default: "50" },
    /** Show too where both refuse in different words. */
    words: { type: "boolean", default: false },
  },
});
const boot = bootOf(positionals[0], values);

interface Question {
  stop: number;
  address: bigint;
  level: number;
  command: string;
  ours: string;
}

/** Makes the questions at places spread over the boot, and answers them in the same pass. */
async function askOurs(): Promise<Question[]> {
  const finder = boot.open();
  const session = boot.open();
  const { debugger: engine } = session;
  const pick = random(Number(values.seed));
  const generator = new Generator(engine, pick);
  const questions: Question[] = [];
  for (const [stop, moment] of (await boot.moments(Number(values.stops))).entries()) {
    await runTo(finder, moment);
    while (!finder.symbols.functionsAt(finder.target.readRegister("rip")).length)
      await finder.target.resume({ kind: "step" });
    const address = finder.target.readRegister("rip");
    await runToAddress(engine, address);
    for (let n = 0; n < Number(values.expressions); n++) {
      const frame = pickFrame(engine.frames(), pick);
      const { level } = frame;
      const command = generator.command(frame);
      questions.push({ stop, address, level, command, ours: await answerOf(engine, frame, command) });
    }
  }
  return questions;
}

/** One of the innermost in C: in assembly gdb speaks another language, without bool and with types without "struct". */
function pickFrame(frames: readonly Frame[], pick: Random): Frame {
  const inC = frames.slice(0, 8).filter(({ file }) => file && !/\.[sS]$/.test(file));
  return inC[pick(inC.length)] ?? frames[0]!;
}

/** INPUT of gdb-expressions.py. */
function linesOf(questions: readonly Question[]): string[] {
  return questions.flatMap(({ stop, address, level, command }, i) => [
    ...(questions[i - 1]?.stop === stop ? [] : [hexOf(address)]),
    `${level} ${command}`,
  ]);
}

async function main(): Promise<void> {
  const questions = await askOurs();
  const answers = answersOf(await askGdb(boot, "gdb-expressions.py", linesOf(questions)));
  const known = expressionExplanations.map((each) => ({ ...each, count: 0 }));
  let [differ, explained, shown, errors, words] = [0, 0, 0, 0, 0];
  for (const [i, { address, level, command, ours }] of questions.entries()) {
    const gdb = answers[i] ?? "nothing";
    if (gdb.startsWith("error: ")) errors++;
    if (plain(gdb) === plain(ours)) continue;
    if (gdb.startsWith("error: ") && ours.startsWith("error: ")) {
      words++;
      if (values.words) console.log(`${command}\n  ${gdb}\n  ${ours}`);
      continue;
    }
    const reason = known.find((each) => each.holds({ command, gdb, ours }));
    if (reason) {
      reason.count++;
      explained++;
      continue;
    }
    differ++;
    if (shown++ < Number(values.show))
      console.log(`${hexOf(address)} frame ${level}: ${command}\n${difference(gdb, ours)}`);
  }
  for (const { reason, count } of known) if (count > 0) console.log(`${count} answers: ${reason}.`);
  console.log(
    `${questions.length} questions (seed ${values.seed}; ${errors} of them errors in gdb, ${words} in other words than ours): ${explained} differ for the reasons above, ${differ} answers differ (${boot.folder})`,
  );
  process.exit(differ === 0 ? 0 : 1);
}

void main();
