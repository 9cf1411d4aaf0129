// From an address to a debugger over a machine that is not ours: QEMU, Firecracker, or Clockpath's own stub. An edge: reads the
// symbols' file, connects. Failures are UserErrors.

import { Debugger } from "./debugger/debugger.ts";
import { codeSamples } from "./elf/code-samples.ts";
import { parseElf } from "./elf/elf.ts";
import type { ByteSource } from "./elf/source.ts";
import { inUserWords, UserError } from "./errors.ts";
import { openSource } from "./file-source.ts";
import { CodeCheck } from "./gdb/client/code-check.ts";
import { Connection } from "./gdb/client/connection.ts";
import { type Beside, RemoteTarget } from "./gdb/client/remote-target.ts";
import { mayHaveSymbols } from "./input-files.ts";
import { noSymbols, openKernelSymbols } from "./kernel-symbols.ts";
import { clockConstant } from "./launch.ts";
import { parsePlace } from "./place.ts";
import { QemuMonitor } from "./qemu/machine-monitor.ts";
import type { SymbolFile } from "./symbols/api.ts";

export interface AttachSettings {
  /** "HOST:PORT", ":PORT", "unix:PATH", or the path of a Unix socket. */
  target: string;
  /** Path of the kernel's file with its symbols. */
  symbols?: string | undefined;
  /** QEMU's QMP socket, likewise; undefined or "": none. */
  qmp?: string | undefined;
}

export interface Attached {
  symbols: SymbolFile;
  target: RemoteTarget;
  debugger: Debugger;
  /** What the user is told of the machine at first. */
  greeting: string[];
}

const NO_KERNEL = "No kernel's file is named: functions have no names.";

/** Connects; the guest stands then. Throws UserError. */
export async function openAttached({ target: where, symbols: file, qmp }: AttachSettings): Promise<Attached> {
  const place = parsePlace(where, "Where to attach?");
  const source = file ? openSource(file) : undefined;
  const symbols = file && source ? openKernelSymbols({ path: file, source }) : noSymbols(NO_KERNEL);
  const monitor = qmp ? await QemuMonitor.open(qmp) : undefined;
  const beside: Beside = { monitor, code: file && source ? codeCheck(file, source) : undefined };
  let connection: Connection | undefined;
  try {
    connection = await Connection.open(place);
    const target = new RemoteTarget(connection, where, beside);
    const made = new Debugger(target, symbols, clockConstant);
    return { symbols, target, debugger: made, greeting: monitor ? greetingOf(monitor, target) : [] };
  } catch (error) {
    connection?.close();
    monitor?.close();
    if (error instanceof UserError) throw error;
    throw new UserError(`${where}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function codeCheck(file: string, source: ByteSource): CodeCheck | undefined {
  if (!mayHaveSymbols(source)) return undefined;
  return new CodeCheck(
    inUserWords(() => codeSamples(parseElf(source)), file),
    file,
  );
}

/** Two sockets may be of two machines. */
function greetingOf({ facts: { version, status, processors } }: QemuMonitor, target: RemoteTarget): string[] {
  const { count } = target.threads.processors;
  const told = `QMP: QEMU ${version}, ${processors} processor${processors === 1 ? "" : "s"}, ${status}.`;
  if (processors === count) return [told];
  return [told, `! The gdb stub tells ${count} processors, QMP ${processors}: are both of one QEMU?`];
}
