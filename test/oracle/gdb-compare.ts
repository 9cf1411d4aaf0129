// The debugger against gdb on the same machine states: at N places spread over a real kernel's boot, `bt`, and in every frame
// `info args`, `info locals` and `*ptr` for every struct pointer in scope. gdb drives our stub; our debugger runs the same
// machine again (runs are equal). Usage: node test/run-ts.mjs test/oracle/gdb-compare.ts KERNEL [--stops 200] [--stacks] [--cmdline S] [--show 20]

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { newConsole, runCommand } from "../../emulator/debugger/commands.ts";
import { serveGdb } from "../../emulator/gdb/server.ts";
import { openSession, type Session } from "../../emulator/launch.ts";
import { explanations } from "./gdb-explained.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stops: { type: "string", default: "200" },
    cmdline: { type: "string", default: "console=com -a" },
    until: { type: "string", default: "root device:" },
    show: { type: "string", default: "20" },
    /** Stacks only: thousands of stops take as long as hundreds with all variables. */
    stacks: { type: "boolean", default: false },
  },
});
const kernel = positionals[0] ?? process.env.CLOCKPATH_NETBSD_KERNEL;
if (!kernel) throw new Error("usage: gdb-compare.ts KERNEL [--stops N] [--cmdline S] [--until CONSOLE TEXT]");
const folder = mkdtempSync(path.join(os.tmpdir(), "clockpath-gdb-"));
const open = (): Session => openSession({ kernel, cmdline: values.cmdline });

/** Instruction counts spread evenly over the boot; the place is the next function entered from there, so that both can stop on it. */
async function findPlaces(count: number): Promise<bigint[]> {
  const session = open();
  session.target.limits = { untilConsole: values.until };
  await session.target.resume({ kind: "continue" });
  const total = session.target.counters.instructions();
  const again = open();
  const { target, symbols } = again;
  const places: bigint[] = [];
  for (let n = 1; n <= count; n++) {
    target.limits = { maxInstructions: Math.floor((total * n) / (count + 1)) };
    if (target.counters.instructions() < target.limits.maxInstructions!)
      await target.resume({ kind: "continue" });
    target.limits = {};
    // The first instructions of the boot have no kernel around them yet.
    for (let steps = 0; steps < 1 || symbols.functionsAt(target.readRegister("rip")).length === 0; steps++) {
      await target.resume({ kind: "step" });
      if (steps > 100_000) break;
    }
    places.push(target.readRegister("rip"));
  }
  return places;
}

/** gdb's answers, through our stub. */
async function askGdb(places: bigint[]): Promise<string> {
  const list = path.join(folder, "places");
  writeFileSync(list, places.map((place) => `0x${place.toString(16)}\n`).join(""));
  const events = { connected() {}, left() {}, ended() {} };
  const server = await serveGdb(open().target, { host: "127.0.0.1", port: 0 }, events);
  const out = path.join(folder, "gdb.txt");
  const env = {
    ...process.env,
    LC_ALL: "C",
    KERNEL: kernel,
    STUB: `127.0.0.1:${server.address.port}`,
    PLACES: list,
    STACKS: values.stacks ? "1" : "",
    OUT: out,
  };
  const script = path.join(process.cwd(), "test/oracle/gdb-compare.py");
  const child = spawn("gdb", ["-nx", "-batch", "-x", script], { env, stdio: ["ignore", "ignore", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (data: Buffer) => {
    complaints += data;
  });
  await new Promise((resolve) => child.on("close", resolve));
  await server.close();
  writeFileSync(path.join(folder, "gdb.log"), complaints);
  return readFileSync(out, "utf8");
}

/** Our answers to the commands that gdb was asked, in its order. */
async function askOurs(places: bigint[], questions: Question[]): Promise<string[]> {
  const session = open();
  const engine = session.debugger;
  const answers: string[] = [];
  for (let stop = 0; stop < places.length; stop++) {
    const breakpoint = engine.addBreakpoint({ kind: "address", address: places[stop]! });
    await engine.continue();
    engine.removeBreakpoints((each) => each === breakpoint);
    for (const { frame, command } of questions.filter((each) => each.stop === stop)) {
      try {
        const outcome = await runCommand(command, engine, engine.frames()[frame], newConsole());
        answers.push("text" in outcome ? outcome.text.trimEnd() : outcome.kind);
      } catch (error) {
        answers.push(`error: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
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
  const places = await findPlaces(Number(values.stops));
  const text = await askGdb(places);
  const questions = questionsOf(text);
  const complaints = complaintsOf(text);
  const answers = await askOurs(places, questions);
  const unequal = questions
    .map((question, i) => ({ ...question, ours: answers[i] ?? "" }))
    .filter(({ answer, ours }) => plain(answer) !== plain(ours));
  const known = explanations(readFileSync(kernel!)).map((each) => ({ ...each, count: 0 }));
  const different = unequal.filter(({ stop, answer, ours }) => {
    const answers = { gdb: plain(answer), ours: plain(ours), complaints: complaints[stop] ?? [] };
    const explanation = known.find((each) => each.holds(answers));
    if (explanation) explanation.count++;
    return !explanation;
  });
  for (const { stop, frame, command, answer, ours } of different.slice(0, Number(values.show)))
    console.log(
      `stop ${stop} (0x${places[stop]!.toString(16)}) frame ${frame}: ${command}\n${diff(answer, ours)}`,
    );
  for (const { reason, count } of known) if (count > 0) console.log(`${count} answers: ${reason}.`);
  const lines = questions.reduce((sum, { answer }) => sum + answer.split("\n").length, 0);
  const stops = new Set(questions.map(({ stop }) => stop)).size;
  console.log(
    `${stops} stops, ${questions.length} questions, ${lines} lines of gdb: ${unequal.length - different.length} differ for the reasons above, ${different.length} answers differ (${((Date.now() - started) / 1000).toFixed(0)} s; ${folder})`,
  );
  process.exit(different.length === 0 ? 0 : 1);
}

/** gdb prints paths as the compiler recorded them ("./machine/cpu.h", "sys/../common"), we print where the file is: names compare. */
function plain(text: string): string {
  return text
    .replace(/ at \S*?([^/\s]+:\d+)$/gm, " at $1")
    .replace(/ \([^\s()]*?([^/\s()]+:\d+)\); saved/g, " ($1); saved");
}

/** The lines that differ, each from shortly before the first difference; for equal lines in another order, both orders. */
function diff(gdb: string, ours: string): string {
  const [left, right] = [gdb.split("\n"), ours.split("\n")];
  const onlyLeft = left.filter((line) => !right.includes(line));
  const onlyRight = right.filter((line) => !left.includes(line));
  if (onlyLeft.length + onlyRight.length === 0)
    return `  gdb:  ${left.join(" | ")}\n  ours: ${right.join(" | ")}`;
  const rows = Array.from({ length: Math.max(onlyLeft.length, onlyRight.length) }, (_, i) =>
    excerpts(onlyLeft[i], onlyRight[i]),
  );
  return rows.join("\n");
}

function excerpts(gdb: string | undefined, ours: string | undefined): string {
  let same = 0;
  while (gdb !== undefined && ours !== undefined && same < gdb.length && gdb[same] === ours[same]) same++;
  const start = Math.max(0, same - 60);
  const cut = (text: string) => `${start > 0 ? "..." : ""}${text.slice(start, start + 160)}`;
  return [
    ...(gdb === undefined ? [] : [`  gdb:  ${cut(gdb)}`]),
    ...(ours === undefined ? [] : [`  ours: ${cut(ours)}`]),
  ].join("\n");
}

void main();
