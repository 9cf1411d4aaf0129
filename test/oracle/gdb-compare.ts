// The debugger against gdb on the same machine states: at N places spread over a real kernel's boot, `bt`, and in every frame
// `info args`, `info locals` and `*ptr` for every struct pointer in scope. gdb drives our stub; our debugger runs the same
// machine again (runs are equal). Usage: node test/run-ts.mjs test/oracle/gdb-compare.ts KERNEL [--stops 200] [--stacks] [--seed 1] [--cmdline S] [--until S] [--show 20]

import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { explanations } from "./gdb-explained.ts";
import {
  answerOf,
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
    stops: { type: "string", default: "200" },
    /** Stacks only: thousands of stops take as long as hundreds with all variables. */
    stacks: { type: "boolean", default: false },
  },
});
const boot = bootOf(positionals[0], values);

/** Spread over the boot; the place is the next instruction of a function from there, so that both can stop on it. */
async function findPlaces(): Promise<bigint[]> {
  const session = boot.open();
  const { target, symbols } = session;
  const places: bigint[] = [];
  for (const moment of await boot.moments(Number(values.stops))) {
    await runTo(session, moment);
    // The first instructions of the boot have no kernel around them yet.
    for (let steps = 0; steps < 1 || symbols.functionsAt(target.readRegister("rip")).length === 0; steps++) {
      await target.resume({ kind: "step" });
      if (steps > 100_000) break;
    }
    places.push(target.readRegister("rip"));
  }
  return places;
}

/** Our answers to the commands that gdb was asked, in its order. */
async function askOurs(places: bigint[], questions: Question[]): Promise<string[]> {
  const { debugger: engine } = boot.open();
  const answers: string[] = [];
  for (const [stop, place] of places.entries()) {
    await runToAddress(engine, place);
    for (const { frame, command } of questions.filter((each) => each.stop === stop))
      answers.push(await answerOf(engine, engine.frames()[frame], command));
  }
  return answers;
}

interface Question {
  stop: number;
  frame: number;
  command: string;
  answer: string;
}

/** What gdb said when asked for values at function entry, by stop: evidence for explanations. */
function complaintsOf(text: string): string[][] {
  const complaints: string[][] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("=== ")) complaints.push([]);
    else if (line.startsWith("? ")) complaints.at(-1)!.push(line.slice(2));
  }
  return complaints;
}

function questionsOf(text: string): Question[] {
  const questions: Question[] = [];
  let [stop, frame] = [-1, 0];
  for (const line of text.split("\n")) {
    if (line.startsWith("=== ")) [stop, frame] = [Number(line.slice(4)), 0];
    else if (line.startsWith("--- frame ")) frame = Number(line.slice(10));
    else if (line.startsWith("? ")) continue;
    else if (line.startsWith("> ")) questions.push({ stop, frame, command: line.slice(2), answer: "" });
    else if (questions.length > 0) questions.at(-1)!.answer += `${line}\n`;
  }
  return questions.map((each) => ({ ...each, answer: each.answer.trimEnd() }));
}

async function main(): Promise<void> {
  const started = Date.now();
  const places = await findPlaces();
  const text = await askGdb(boot, "gdb-compare.py", places.map(hexOf), { STACKS: values.stacks ? "1" : "" });
  const questions = questionsOf(text);
  const complaints = complaintsOf(text);
  const answers = await askOurs(places, questions);
  const unequal = questions
    .map((question, i) => ({ ...question, ours: answers[i] ?? "" }))
    .filter(({ answer, ours }) => plain(answer) !== plain(ours));
  const known = explanations(readFileSync(boot.kernel)).map((each) => ({ ...each, count: 0 }));
  const different = unequal.filter(({ stop, answer, ours }) => {
    const answers = { gdb: plain(answer), ours: plain(ours), complaints: complaints[stop] ?? [] };
    const explanation = known.find((each) => each.holds(answers));
    if (explanation) explanation.count++;
    return !explanation;
  });
  for (const { stop, frame, command, answer, ours } of different.slice(0, Number(values.show)))
    console.log(
      `stop ${stop} (${hexOf(places[stop]!)}) frame ${frame}: ${command}\n${difference(answer, ours)}`,
    );
  for (const { reason, count } of known) if (count > 0) console.log(`${count} answers: ${reason}.`);
  const lines = questions.reduce((sum, { answer }) => sum + answer.split("\n").length, 0);
  const stops = new Set(questions.map(({ stop }) => stop)).size;
  console.log(
    `${stops} stops, ${questions.length} questions, ${lines} lines of gdb: ${unequal.length - different.length} differ for the reasons above, ${different.length} answers differ (${((Date.now() - started) / 1000).toFixed(0)} s; ${boot.folder})`,
  );
  process.exit(different.length === 0 ? 0 : 1);
}

void main();
