// What the comparisons with gdb have in common: the machine that both look at (runs are equal), places spread over its boot, and gdb's process.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { newConsole, runCommand } from "../../emulator/debugger/commands.ts";
import type { Debugger } from "../../emulator/debugger/debugger.ts";
import type { Frame } from "../../emulator/debugger/frames.ts";
import { serveGdb } from "../../emulator/gdb/server.ts";
import { openSession, type Session } from "../../emulator/launch.ts";
import { random } from "../random.ts";

/** The options that every comparison takes; FreeBSD's loader prompt is `--cmdline=-v --until "mountroot>"`. */
export const OPTIONS = {
  cmdline: { type: "string", default: "console=com -a" },
  until: { type: "string", default: "root device:" },
  seed: { type: "string", default: "1" },
  show: { type: "string", default: "20" },
} as const;

export interface Boot {
  kernel: string;
  /** Where gdb's answers are kept. */
  folder: string;
  /** The machine, before its first instruction. */
  open(): Session;
  /** Instruction counts spread over the boot, as many as asked for: evenly for seed 1, else anywhere in their part of it. */
  moments(count: number): Promise<number[]>;
}

export function bootOf(
  kernel: string | undefined,
  options: { cmdline: string; until: string; seed: string },
): Boot {
  const file = kernel ?? process.env.CLOCKPATH_NETBSD_KERNEL;
  if (!file) throw new Error("A kernel is wanted: KERNEL, or CLOCKPATH_NETBSD_KERNEL.");
  const open = () => openSession({ kernel: file, cmdline: options.cmdline });
  return {
    kernel: file,
    folder: mkdtempSync(path.join(os.tmpdir(), "clockpath-gdb-")),
    open,
    moments: async (count) => {
      const { target } = open();
      target.limits = { untilConsole: options.until, maxInstructions: 2e9 };
      await target.resume({ kind: "continue" });
      const total = target.counters.instructions();
      const pick = random(Number(options.seed));
      const shift = () => (options.seed === "1" ? 0 : pick(1000) / 1000);
      return Array.from({ length: count }, (_, n) => Math.floor((total * (n + 1 - shift())) / (count + 1)));
    },
  };
}

/** Runs a machine on to an instruction count. */
export async function runTo({ target }: Session, instructions: number): Promise<void> {
  target.limits = { maxInstructions: instructions };
  if (target.counters.instructions() < instructions) await target.resume({ kind: "continue" });
  target.limits = {};
}

/** A run that is not over after so many instructions is stopped, on both sides at the same one. */
const LONGEST_RUN = 1_000_000;

/** The machine with runs that end. */
export function bounded(session: Session): Session {
  const { target } = session;
  const resume = target.resume.bind(target);
  target.resume = (how) => {
    target.limits = { maxInstructions: target.counters.instructions() + LONGEST_RUN };
    return resume(how);
  };
  return session;
}

/** Runs a session on to an address, as gdb's side does with a temporary breakpoint; false where it does not come there. */
export async function runToAddress(engine: Debugger, address: bigint): Promise<boolean> {
  const breakpoint = engine.addBreakpoint({ kind: "address", address });
  let runs = 0;
  do await engine.continue();
  while (engine.target.readRegister("rip") !== address && ++runs < 300);
  engine.removeBreakpoints((each) => each === breakpoint);
  return runs < 300;
}

/** What one of the scripts beside this file writes when gdb runs it on the machine with these lines for its questions. */
export async function askGdb(
  boot: Boot,
  script: string,
  lines: readonly string[],
  more = {},
): Promise<string> {
  const [input, out] = [path.join(boot.folder, "input"), path.join(boot.folder, "gdb.txt")];
  writeFileSync(input, lines.map((line) => `${line}\n`).join(""));
  const events = { connected() {}, left() {}, ended() {} };
  const server = await serveGdb(bounded(boot.open()).target, { host: "127.0.0.1", port: 0 }, events);
  const env = {
    ...process.env,
    LC_ALL: "C",
    PYTHONPATH: path.join(process.cwd(), "test/oracle"),
    PYTHONDONTWRITEBYTECODE: "1",
    KERNEL: boot.kernel,
    STUB: `127.0.0.1:${server.address.port}`,
    INPUT: input,
    OUT: out,
    ...more,
  };
  const file = path.join(process.cwd(), "test/oracle", script);
  const child = spawn("gdb", ["-nx", "-batch", "-x", file], { env, stdio: ["ignore", "ignore", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (data: Buffer) => {
    complaints += data;
  });
  await new Promise((resolve) => child.on("close", resolve));
  await server.close();
  writeFileSync(path.join(boot.folder, "gdb.log"), complaints);
  return readFileSync(out, "utf8");
}

/** Our console's answer to a command in a frame. */
export async function answerOf(engine: Debugger, frame: Frame | undefined, command: string): Promise<string> {
  try {
    const outcome = await runCommand(command, engine, frame, newConsole());
    return "text" in outcome ? outcome.text.trimEnd() : outcome.kind;
  } catch (error) {
    return `error: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The answers in what a script wrote, each behind its command. */
export function answersOf(text: string): string[] {
  return text
    .split(/^> /m)
    .slice(1)
    .map((each) =>
      each
        .slice(each.indexOf("\n") + 1)
        .replace(/^warning: .*\n/gm, "")
        .trimEnd(),
    );
}

export const hexOf = (address: bigint): string => `0x${address.toString(16)}`;

/** gdb prints paths as the compiler recorded them ("./machine/cpu.h", "sys/../common"), we print where the file is: names compare. */
export function plain(text: string): string {
  return text
    .replace(/ at \S*?([^/\s]+:\d+)$/gm, " at $1")
    .replace(/ \([^\s()]*?([^/\s()]+:\d+)\); saved/g, " ($1); saved");
}

/** The lines that differ, each from shortly before the first difference; for equal lines in another order, both orders. */
export function difference(gdb: string, ours: string): string {
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
