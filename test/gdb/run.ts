// Stock gdb against `clockpath boot --gdb`: starts both, gives gdb's side of the dialogue with unstable parts blanked.

import { spawn, spawnSync } from "node:child_process";
import path from "node:path";

export const root = path.resolve(__dirname, "../..");
const program = path.join(root, "dist/clockpath.js");

/** "13.1", or undefined where there is no gdb. */
export const gdbVersion = /GNU gdb.* (\d+\.\d+)/.exec(
  spawnSync("gdb", ["--version"], { encoding: "utf8" }).stdout ?? "",
)?.[1];

export interface Served {
  port: number;
  /** Resolves with the exit status, and all that was printed. */
  ended: Promise<{ status: number | null; output: string }>;
  /** Resolves when this has been printed. */
  printed(text: string): Promise<void>;
  interrupt(): void;
}

/** `clockpath boot ... --gdb 0`, when it listens. */
export function serve(...args: string[]): Promise<Served> {
  const child = spawn(process.execPath, [program, "boot", ...args, "--gdb", "0"], {
    cwd: root,
    env: { ...process.env, NO_COLOR: "1" },
  });
  let output = "";
  const ended = new Promise<{ status: number | null; output: string }>((resolve) =>
    child.on("close", (status) => resolve({ status, output })),
  );
  const waiting: { text: string; done(): void }[] = [];
  const look = () => {
    for (const { text, done } of waiting) if (output.includes(text)) done();
  };
  const printed = (text: string) =>
    new Promise<void>((done) => {
      waiting.push({ text, done });
      look();
    });
  return new Promise((resolve, reject) => {
    const receive = (data: Buffer) => {
      output += data;
      look();
      const port = /target remote 127\.0\.0\.1:(\d+)/.exec(output)?.[1];
      if (port) resolve({ port: Number(port), ended, printed, interrupt: () => void child.kill("SIGINT") });
    };
    child.stdout.on("data", receive);
    child.stderr.on("data", receive);
    void ended.then(() => reject(new Error(`clockpath ended: ${output}`)));
  });
}

/** What gdb prints for these commands on a kernel; each command is shown before its answer. */
export async function dialogue(
  kernel: string,
  commands: string[],
  ...args: string[]
): Promise<{ text: string; served: Served }> {
  const served = await serve(...args);
  const before = [
    "set pagination off",
    "set confirm off",
    "set width 0",
    "set osabi none",
    "set architecture i386:x86-64",
    `file ${kernel}`,
    `set substitute-path /clockpath/guest ${path.join(root, "emulator/guest")}`,
    `set substitute-path /clockpath/smp ${path.join(root, "test/machine/smp")}`,
    `target remote 127.0.0.1:${served.port}`,
  ];
  const shown = commands.flatMap((command) => [`echo (gdb) ${command}\\n`, command]);
  const flags = [...before, ...shown].flatMap((command) => ["-ex", command]);
  const { text } = await output("gdb", ["-nx", "-batch", ...flags]);
  return { text: blanked(text.slice(text.indexOf("(gdb) "))), served };
}

/** Both streams of a process, in the order in which they come. */
function output(command: string, args: string[]): Promise<{ text: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], timeout: 60_000, cwd: root });
    let text = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (data: Buffer) => {
        text += data;
      });
    child.on("close", () => resolve({ text }));
  });
}

const blanked = (text: string): string => text.replace(/0x[0-9a-f]{6,16}/g, "0x…").replaceAll(root, "<root>");
