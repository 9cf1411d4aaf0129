// QEMU's microvm for tests of `attach`: before its first instruction, with its gdb stub, QMP and human monitor on Unix sockets.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

export const hasQemu = spawnSync("qemu-system-x86_64", ["--version"]).status === 0;

export interface Qemu {
  /** Paths of the sockets. */
  gdb: string;
  qmp: string;
  monitor: string;
  child: ChildProcess;
}

export async function startQemu(kernel: string, { cpus = 1 } = {}): Promise<Qemu> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "clockpath-qemu-"));
  const [gdb, qmp, monitor] = ["gdb", "qmp", "monitor"].map((name) => path.join(folder, name)) as [string, string, string]; // biome-ignore format: one line
  const listening = (socket: string) => `unix:${socket},server=on,wait=off`;
  const machine = ["-M", "microvm,x-option-roms=off,rtc=on,acpi=off,pic=off,accel=tcg", "-m", "256", "-smp", String(cpus), "-nodefaults", "-no-user-config", "-no-reboot"]; // biome-ignore format: one line
  const io = ["-display", "none", "-serial", "null", "-S", "-qmp", listening(qmp), "-monitor", listening(monitor), "-chardev", `socket,path=${gdb},server=on,wait=off,id=gdb`, "-gdb", "chardev:gdb"]; // biome-ignore format: one line
  const child = spawn("qemu-system-x86_64", [...machine, ...io, "-kernel", kernel, "-append", "console=com -a"], { stdio: "ignore" }); // biome-ignore format: one line
  // Without connecting: each socket takes one client only.
  for (let tries = 0; tries < 200 && ![gdb, qmp, monitor].every((each) => existsSync(each)); tries++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return { gdb, qmp, monitor, child };
}

/** What the human monitor says to a command that is typed there. */
export function typed(monitor: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = net.connect(monitor, () => socket.write(`${command}\n`));
    socket.on("error", reject);
    socket.on("data", (data) => {
      text += data.toString("utf8");
      // The prompt comes before the command and after its text.
      if (text.split("(qemu) ").length < 3) return;
      socket.destroy();
      resolve(text);
    });
  });
}
